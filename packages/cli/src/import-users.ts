/** `tessera users import`: a file of accounts, line by line, with what became of it. */
import { createReadStream, type ReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ImportProgress } from '@tessera/server'
import { administer } from './administer.ts'
import type { CommandContext } from './command.ts'
import { CliFault } from './fault.ts'
import type { Io } from './io.ts'
import { toJsonText } from './json-text.ts'

/** Bad lines that are shown one by one; the rest is counted. */
const mostShown = 100

export async function importUsers(
  path: string,
  { json = false }: { readonly json?: boolean },
  { io, style, fail }: CommandContext,
): Promise<void> {
  const { lines, partRead } = await openLines(path, io)
  const bad: { line: number; why: string }[] = []
  const result = await administer(io, ({ users }) =>
    users.import(lines, {
      onBadLine: (one) => {
        bad.push(one)
        if (!json && bad.length <= mostShown)
          io.stderr.write(`${style.bad(`line ${one.line}:`)} ${one.why}\n`)
      },
      onProgress: ({ added }) => {
        if (io.isTTY && !json) io.stderr.write(`\r${bar(partRead())} ${added} accounts`)
      },
    }),
  )
  if (io.isTTY && !json) io.stderr.write('\n')
  io.stdout.write(json ? `${toJsonText({ ...result, bad_lines: bad }, 0)}\n` : `${summary(result)}\n`)
  if (result.bad > 0) fail('usage')
}

function summary({ lines, added, present, bad }: ImportProgress): string {
  return `${lines} lines: ${added} accounts added, ${present} there already, ${bad} lines left out`
}

function bar(part: number): string {
  const full = Math.round(part * 30)
  return `[${'#'.repeat(full)}${'.'.repeat(30 - full)}] ${Math.floor(part * 100)} %`
}

interface Lines {
  readonly lines: AsyncIterable<string>
  /** How much of the file has been read, from 0 to 1. */
  partRead(): number
}

/** @throws {CliFault} for a file that cannot be read */
async function openLines(path: string, io: Io): Promise<Lines> {
  if (path === '-') return { lines: linesOf(() => Readable.from(io.stdin)), partRead: () => 0 }
  const size = await sizeOf(path)
  let input: ReadStream | undefined
  return {
    lines: linesOf(() => (input = createReadStream(path))),
    partRead: () => (size === 0 ? 1 : Math.min(1, (input?.bytesRead ?? 0) / size)),
  }
}

/** Opened when the first line is asked for: what an interface reads before somebody listens, it drops. */
async function* linesOf(open: () => Readable): AsyncGenerator<string> {
  yield* createInterface({ input: open(), crlfDelay: Infinity })
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path)
    if (found.isFile()) return found.size
  } catch {
    // Said below, for whatever reason it cannot be read.
  }
  throw new CliFault('unreachable', `cannot read the file ${path}`)
}
