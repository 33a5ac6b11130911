/** Runs one command line with a world of its own. */
import { run, type Io } from '@tessera/cli'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface World {
  readonly stdin?: string | readonly string[]
  readonly env?: Record<string, string>
  readonly isTTY?: boolean
  readonly now?: number
  readonly maximumInputBytes?: number
  readonly signal?: AbortSignal
  /** Told of everything that is written to standard output. */
  readonly onStdout?: (text: string) => void
}

export async function runCli(argv: readonly string[], world: World = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const {
    stdin = [],
    env = {},
    isTTY = false,
    now = 1_700_000_000,
    maximumInputBytes = 1_048_576,
    signal,
    onStdout,
  } = world
  const io: Io = {
    stdin: chunks(typeof stdin === 'string' ? [stdin] : stdin),
    stdout: {
      write: (text) => {
        written.stdout += text
        onStdout?.(text)
      },
    },
    stderr: { write: (text) => (written.stderr += text) },
    env,
    isTTY,
    now: () => now,
    maximumInputBytes,
    ...(signal === undefined ? {} : { signal }),
  }
  const code = await run(argv, io)
  return { code, ...written }
}

async function* chunks(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text)
}
