import { expect, test } from 'vitest'
import { ignoreClosedPipe, readInputFile, readStdin, toText, type Io } from '../src/io.ts'

async function* chunks(...parts: string[]): AsyncGenerator<string> {
  for (const part of parts) yield part
}

const silent = { write: () => true }
const world: Io = {
  stdin: chunks(),
  stdout: silent,
  stderr: silent,
  env: {},
  isTTY: false,
  now: () => 0,
  maximumInputBytes: 8,
}

test('a reader that has seen enough is no fault, any other failure to write is', () => {
  expect(() => ignoreClosedPipe(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).not.toThrow()
  expect(() => ignoreClosedPipe(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toThrow('no space')
})

test('standard input is read whole, up to the limit and not a byte more', async () => {
  expect(new TextDecoder().decode(await readStdin({ ...world, stdin: chunks('abcd', 'efgh') }))).toBe(
    'abcdefgh',
  )
  await expect(readStdin({ ...world, stdin: chunks('abcd', 'efghi') })).rejects.toThrow('at most 8 octets')
  await expect(readStdin({ ...world, stdin: chunks() })).rejects.toThrow('got nothing')
})

test('a file above the limit, a directory and a missing file are told apart', async () => {
  await expect(readInputFile(import.meta.filename, world)).rejects.toMatchObject({ failure: 'usage' })
  await expect(readInputFile('/', { ...world, maximumInputBytes: 1e6 })).rejects.toThrow('it is a directory')
  await expect(readInputFile('/nowhere', world)).rejects.toMatchObject({ failure: 'unreachable' })
})

test('what is not UTF-8 is no text', () => {
  expect(toText(new TextEncoder().encode(' 토큰\n'), 'here')).toBe('토큰')
  expect(() => toText(Uint8Array.of(0xff), 'here')).toThrow('here: expected UTF-8 text')
})
