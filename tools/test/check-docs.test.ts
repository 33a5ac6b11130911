import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { checkDocs } from '../check-docs.js'

const trees: string[] = []

/** A small checkout whose documentation agrees with its code, with the given files on top. */
function faults(files: Record<string, string>): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'tessera-docs-'))
  trees.push(tree)
  const sound = {
    'packages/jose/src/errors.ts':
      "/** [ */\nexport const tokenErrorCodes = [\n  'malformed',\n  'too_large',\n] as const\n",
    'packages/guard/src/problem.ts': "export const requestErrorCodes = ['not_found', 'too_large'] as const\n",
    'packages/server/src/config/environment.ts':
      "export const names = { TESSERA_ISSUER: 'text', secret: ['TESSERA_SECRETS', 'TESSERA_SECRETS_FILE'] }\n",
    'docs/errors/README.md':
      '| code |\n|---|\n| [`malformed`](malformed.md) |\n| [`too_large`](too_large.md) |\n| [`not_found`](not_found.md) |\n',
    'docs/errors/malformed.md': '# `malformed`\n\nText.\n',
    'docs/errors/too_large.md': '# `too_large`\n',
    'docs/errors/not_found.md': '# `not_found`\n',
    'docs/configuration.md':
      '| name | is |\n|---|---|\n| `PORT` | x |\n| `TESSERA_ISSUER` | x |\n| `TESSERA_SECRETS` | x |\n',
    'README.md':
      'See [codes](docs/errors/malformed.md), [top](#here--there) and `[not](a-link.md)`.\n\n## Here & there\n',
  }
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  return checkDocs(tree)
}

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true })
})

test('finds nothing where documentation and code agree', () => {
  expect(faults({})).toEqual([])
})

test('finds nothing in this checkout', () => {
  expect(checkDocs(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([])
})

test.each([
  [
    'a code without a page and a row',
    {
      'packages/guard/src/problem.ts':
        "export const requestErrorCodes = ['not_found', 'too_large', 'throttled'] as const\n",
    },
    ['docs/errors: the code throttled is missing', 'docs/errors/README.md: the code throttled is missing'],
  ],
  [
    'a page without a code',
    { 'docs/errors/gone.md': '# `gone`\n' },
    ['docs/errors: the code has no code gone'],
  ],
  [
    'a row without a code, and one that stands twice',
    {
      'docs/errors/README.md':
        '| [`malformed`](malformed.md) |\n| [`too_large`](too_large.md) |\n| [`too_large`](too_large.md) |\n| [`not_found`](not_found.md) |\n',
    },
    ['docs/errors/README.md: too_large twice'],
  ],
  [
    'a page under another heading',
    { 'docs/errors/malformed.md': '# malformed\n' },
    ['docs/errors/malformed.md: the heading is not the code'],
  ],
  [
    'a variable without a row',
    { 'packages/server/src/config/x.ts': "const a = 'TESSERA_AUDIENCE'\n" },
    ['docs/configuration.md: the variable TESSERA_AUDIENCE is missing'],
  ],
  [
    'a row without a variable',
    { 'packages/server/src/config/environment.ts': "const a = 'TESSERA_SECRETS_FILE' // TESSERA_ISSUER\n" },
    ['docs/configuration.md: the code has no variable TESSERA_ISSUER'],
  ],
  [
    'a link to a folder',
    { 'docs/a.md': '[x](errors)\n' },
    ['docs/a.md: the link errors leads to a folder: name a file of it'],
  ],
  ['a link to no file', { 'docs/a.md': '[x](b.md)\n' }, ['docs/a.md: the link b.md leads nowhere']],
  [
    'a link to no heading',
    { 'docs/a.md': '[x](configuration.md#gone)\n' },
    ['docs/a.md: the link configuration.md#gone has no heading #gone'],
  ],
  [
    'a link out of the repository',
    { 'a.md': '[x](../b.md)\n' },
    ['a.md: the link ../b.md leaves the repository'],
  ],
  [
    'the path of a home folder',
    { 'docs/a.md': 'in /ho' + 'me/alice/x\n' },
    ['docs/a.md: holds a path of one machine: /ho' + 'me/alice'],
  ],
])('finds %s', (_what, files, found) => {
  expect(faults(files)).toEqual(found)
})

test('finds the path of the checkout it looks at', () => {
  const tree = mkdtempSync(join(tmpdir(), 'tessera-docs-'))
  trees.push(tree)
  writeFileSync(join(tree, 'notes.txt'), `run ${tree}/x\n`)
  expect(checkDocs(tree)).toContain(`notes.txt: holds a path of one machine: ${tree}`)
})
