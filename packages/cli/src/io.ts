/** What the command touches of the world, so that tests can stand in for it. */
import { readFile, stat } from 'node:fs/promises'
import { CliFault } from './fault.ts'

/** A stream that text is written to. */
export interface TextOutput {
  write(text: string): unknown
}

export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether `stdout` is a terminal. Colours are for terminals only. */
  readonly isTTY: boolean
  /** The present, in seconds. */
  readonly now: () => number
  /** Standard input and files are read to this many octets at most. */
  readonly maximumInputBytes: number
  /** Ends a command that runs until it is told to stop, beside SIGINT and SIGTERM. */
  readonly signal?: AbortSignal
}

/** A reader that has seen enough (`tessera decode … | head -1`) is no fault. */
export function ignoreClosedPipe(error: Error): void {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
}

/** The world of the running process. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignoreClosedPipe)) stream.on('error', ignoreClosedPipe)
  }
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTTY: process.stdout.isTTY === true,
    now: () => Date.now() / 1000,
    maximumInputBytes: 1_048_576,
  }
}

/** All of standard input. @throws {CliFault} when it holds more than the limit, or nothing */
export async function readStdin(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
    size += bytes.length
    if (size > io.maximumInputBytes) throw tooLarge('standard input', io)
    chunks.push(bytes)
  }
  if (size === 0) throw new CliFault('usage', 'expected something on standard input, got nothing')
  return Buffer.concat(chunks)
}

/** All of a file. @throws {CliFault} `unreachable` when it cannot be read, `usage` when it holds more than the limit */
export async function readInputFile(path: string, io: Io): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > io.maximumInputBytes) throw tooLarge(path, io)
    return await readFile(path)
  } catch (error) {
    if (error instanceof CliFault) throw error
    throw new CliFault('unreachable', `cannot read the file ${path}: ${fileFault(error)}`)
  }
}

/** Text of bytes, without the newline that editors and `echo` put at the end. @throws {CliFault} for bytes that are no UTF-8 */
export function toText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw new CliFault('usage', `${where}: expected UTF-8 text, got other bytes`)
  }
}

function tooLarge(where: string, io: Io): CliFault {
  return new CliFault('usage', `${where}: expected at most ${io.maximumInputBytes} octets, got more`)
}

function fileFault(error: unknown): string {
  const { code } = error as { code?: string }
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a directory'
  return code ?? 'unknown reason'
}
