/** The token argument of a command: the token itself, or `-` for standard input. */
import { type Io, readStdin, toText } from './io.ts'

/** The token, without the newline of a pipe. */
export async function readToken(argument: string, io: Io): Promise<string> {
  return argument === '-' ? toText(await readStdin(io), 'standard input') : argument.trim()
}
