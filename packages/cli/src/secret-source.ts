/** Where secrets come from: never from the command line itself. */
import { CliFault } from './fault.ts'
import { type Io, readInputFile, readStdin } from './io.ts'

/**
 * The octets of a secret named as `env:NAME`, `@FILE` or `-` (standard input). One newline at the end is left out.
 *
 * @throws {CliFault} for a literal secret: arguments stand in the shell's history and in every process list
 */
export async function readSecret(source: string, io: Io, option = '--secret'): Promise<Uint8Array> {
  if (source === '-') return withoutNewline(await readStdin(io))
  if (source.startsWith('env:')) return readVariable(source.slice(4), io, option)
  if (source.startsWith('@')) return withoutNewline(await readInputFile(source.slice(1), io))
  throw new CliFault(
    'usage',
    `${option}: expected env:NAME, @FILE or - (standard input), got something else`,
    {
      hint: 'A secret on the command line can be read by everybody on this machine and stays in the history of the shell: put it in a variable or a file.',
    },
  )
}

function readVariable(name: string, io: Io, option: string): Uint8Array {
  const value = io.env[name]
  if (value === undefined || value === '') {
    throw new CliFault(
      'usage',
      `${option}: expected the variable ${name} to hold a secret, got ${value === undefined ? 'no such variable' : 'an empty one'}`,
    )
  }
  return new TextEncoder().encode(value)
}

function withoutNewline(bytes: Uint8Array): Uint8Array {
  const newline = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0
  return bytes.subarray(0, bytes.length - newline)
}
