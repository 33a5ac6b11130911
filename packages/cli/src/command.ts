/** What every command is given. */
import type { Command } from 'commander'
import type { Failure } from './fault.ts'
import type { Io } from './io.ts'
import { createStyle, type Style } from './style.ts'

export interface CommandContext {
  readonly io: Io
  readonly style: Style
  /** Ends with this failure after its own output; without it the command ends well. */
  fail(failure: Failure): void
}

/** Puts one command into the program. */
export type AddCommand = (program: Command, context: CommandContext) => void

export function createContext(io: Io, fail: (failure: Failure) => void): CommandContext {
  return { io, style: createStyle(io), fail }
}
