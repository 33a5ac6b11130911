/** Colours: one each for header, claims and signature, the same as on the console's pages. */
import type { Io } from './io.ts'

/** Paints text, or gives it back as it is. */
export type Paint = (text: string) => string

export interface Style {
  readonly header: Paint
  readonly claims: Paint
  readonly signature: Paint
  readonly good: Paint
  readonly bad: Paint
  readonly warning: Paint
  readonly quiet: Paint
}

/**
 * Colours on a terminal, plain text elsewhere and wherever `NO_COLOR` is set to anything (no-color.org).
 * The sixteen basic colours are used: a terminal's theme keeps them legible.
 */
export function createStyle(io: Io): Style {
  const noColor = io.env['NO_COLOR']
  const isColored = io.isTTY && (noColor === undefined || noColor === '') && io.env['TERM'] !== 'dumb'
  const paint = (code: number): Paint =>
    isColored ? (text) => `\u001B[${code}m${text}\u001B[0m` : (text) => text
  return {
    header: paint(35),
    claims: paint(34),
    signature: paint(36),
    good: paint(32),
    bad: paint(31),
    warning: paint(33),
    quiet: paint(2),
  }
}
