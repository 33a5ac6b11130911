/** docs/protocol-tests.md names, for each rule of the protocol, files whose tests carry its number. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const page = join(dirname(fileURLToPath(import.meta.url)), '../../docs/protocol-tests.md')
const rows = [...readFileSync(page, 'utf8').matchAll(/^\| P(\d+) \|.*$/gm)].map(([row, number]) => ({
  number: Number(number),
  files: [...row.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path = '']) => path),
}))

test('every rule from P1 to P32 has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1))
})

test.each(rows)('P$number stands in a title of each file that is named for it', ({ number, files }) => {
  expect(files.length).toBeGreaterThan(0)
  // At the beginning of a title, or behind another number there.
  const title = new RegExp(String.raw`['"\x60][^'"\x60\n]*\bP${number}\b[^\n]*`)
  for (const file of files) {
    expect([file, title.test(readFileSync(join(dirname(page), file), 'utf8'))]).toEqual([file, true])
  }
})
