/** Every numbered test against a published incident is there, where anybody can find it by its number. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../packages/jose/test/advisories/', import.meta.url)

test('each of T1 to T68 is the beginning of the title of a test', () => {
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const numbers = texts.flatMap((text) =>
    [...text.matchAll(/^test\('T(\d+) /gm)].map((match) => Number(match[1])),
  )
  const missing = Array.from({ length: 68 }, (_, index) => index + 1).filter(
    (number) => !numbers.includes(number),
  )
  expect(missing).toEqual([])
})
