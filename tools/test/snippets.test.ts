/** Every page of an error code shows how the code comes about, and what it shows is what happens. */
import { isJoseError, tokenErrorCodes } from '@tessera/jose'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../setup.js'
import { isTessera, snippetsOf, writeSnippets } from '../snippets.js'

/** Those that come of a request: their pages show the answer. */
const shownAsAnswers: readonly string[] = ['replayed', 'revoked']
const shown = tokenErrorCodes.filter((code) => !shownAsAnswers.includes(code))
const snippets = shown.flatMap((code) => snippetsOf(join(root, `docs/errors/${code}.md`)).filter(isTessera))
const paths = writeSnippets(snippets, join(root, '.tessera/run-snippets'))

test.each(shown)('the page of %s has one example', (code) => {
  expect(snippets.filter(({ page }) => page === code)).toHaveLength(1)
})

test.each(snippets.map(({ page }, index) => [page, paths[index]] as const))(
  'the example of %s ends with that code',
  async (code, path) => {
    const error: unknown = await import(String(path)).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(isJoseError(error) ? error.code : error).toBe(code)
  },
)
