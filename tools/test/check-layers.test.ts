import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { checkLayers, formatViolation } from '../check-layers.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const trees: string[] = []

/** A small checkout that keeps every rule, with the given files on top. */
function plant(files: Record<string, string> = {}): string {
  const tree = mkdtempSync(join(tmpdir(), 'tessera-layers-'))
  trees.push(tree)
  const sound = {
    'packages/jose/package.json': '{ "name": "@tessera/jose" }',
    'packages/jose/src/errors.ts': 'export class JoseError extends Error {}\n',
    'packages/jose/src/encoding/utf8.ts':
      "import { JoseError } from '../errors.ts'\nexport const a = JoseError\n",
    'packages/jose/src/jwt/verify.ts': "import { a } from '../encoding/utf8.ts'\nexport const verify = a\n",
    'packages/jose/src/jwt/index.ts': "export { verify } from './verify.ts'\n",
    'packages/jose/src/index.ts': "export { verify } from './jwt/verify.ts'\n",
    'packages/guard/package.json': '{ "dependencies": { "@tessera/jose": "0.1.0" } }',
    'packages/guard/src/guard.ts': "import { verify } from '@tessera/jose'\nexport const guard = verify\n",
    'packages/server/src/store/users.ts': "import { sql } from 'kysely'\nexport const users = sql\n",
    'packages/server/src/routes/login.ts':
      "import { users } from '../store/users.ts'\nexport const login = users\n",
  }
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  return tree
}

const faults = (files: Record<string, string>) => checkLayers(plant(files)).map(formatViolation)

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true })
})

test('finds nothing in a tree that keeps every rule', () => {
  expect(faults({})).toEqual([])
})

test('finds nothing in this checkout', () => {
  expect(checkLayers(root).map(formatViolation)).toEqual([])
})

describe('inside a package', () => {
  test('refuses an import of a higher room and names the arrow', () => {
    expect(
      faults({ 'packages/jose/src/jwa/table.ts': "import { verify } from '../jwt/verify.ts'\n" }),
    ).toEqual([
      expect.stringMatching(
        /^packages\/jose\/src\/jwa\/table\.ts → packages\/jose\/src\/jwt\/verify\.ts: jwa \(rank \d\) may not import jwt/,
      ),
    ])
  })

  test.each([
    ['a type', "import type { verify } from '../jwt/verify.ts'\n"],
    ['a named type', "import { type verify } from '../jwt/verify.ts'\n"],
    ['a re-export', "export { verify } from '../jwt/verify.ts'\n"],
    ['a dynamic import', "export const late = () => import('../jwt/verify.ts')\n"],
    ['an import in a type', "export type T = import('../jwt/verify.ts').T\n"],
    ['a side effect', "import '../jwt/verify.ts'\n"],
  ])('refuses it too as %s', (_kind, text) => {
    expect(faults({ 'packages/jose/src/jwa/table.ts': text })).toHaveLength(1)
  })

  test('refuses an import between rooms of one rank', () => {
    const found = faults({ 'packages/jose/src/jwks/local.ts': "import { verify } from '../jwt/verify.ts'\n" })
    expect(found).toEqual([expect.stringContaining('stand side by side')])
  })

  test('refuses an import of an index.ts', () => {
    const found = faults({ 'packages/jose/src/unverified.ts': "import { verify } from './jwt/index.ts'\n" })
    expect(found).toEqual([expect.stringContaining('nothing internal imports an index.ts')])
  })

  test('refuses code in an index.ts', () => {
    const found = faults({ 'packages/jose/src/jws/index.ts': 'export const x = 1\n' })
    expect(found).toEqual(['packages/jose/src/jws/index.ts: an index.ts only re-exports'])
  })

  test('refuses a circle of types and shows it whole', () => {
    const found = faults({
      'packages/jose/src/jws/sign.ts': "import type { B } from './verify.ts'\nexport type A = B\n",
      'packages/jose/src/jws/verify.ts': "import type { A } from './sign.ts'\nexport type B = A\n",
    })
    expect(found).toEqual([
      expect.stringContaining('sign.ts → packages/jose/src/jws/verify.ts → packages/jose/src/jws/sign.ts'),
    ])
  })

  test('refuses a room that has no rank', () => {
    const found = faults({ 'packages/jose/src/misc.ts': 'export const x = 1\n' })
    expect(found).toEqual([expect.stringContaining('the room misc has no rank')])
  })

  test('refuses a relative import without the .ts ending', () => {
    const found = faults({ 'packages/jose/src/jws/sign.ts': "import { verify } from './verify.js'\n" })
    expect(found).toEqual([expect.stringContaining('names a source file with its ending')])
  })

  test('refuses SQL outside the store', () => {
    const found = faults({ 'packages/server/src/routes/token.ts': "import { sql } from 'kysely'\n" })
    expect(found).toEqual(['packages/server/src/routes/token.ts → kysely: only store/ knows SQL'])
  })
})

describe('between packages', () => {
  test('refuses an import against the direction', () => {
    const found = faults({ 'packages/jose/src/jwt/sign.ts': "import { guard } from '@tessera/guard'\n" })
    expect(found).toEqual([
      'packages/jose/src/jwt/sign.ts → @tessera/guard: jose may import no package of ours',
    ])
  })

  test('refuses a relative import of another package', () => {
    const found = faults({
      'packages/guard/src/scope.ts': "import { a } from '../../jose/src/encoding/utf8.ts'\n",
    })
    expect(found).toEqual([expect.stringContaining('import the package by its name')])
  })

  test('refuses a dependency in the manifest of a package that has none', () => {
    const found = faults({ 'packages/jose/package.json': '{ "dependencies": { "left-pad": "1.0.0" } }' })
    expect(found).toEqual(['packages/jose/package.json → left-pad: jose has no dependencies of others'])
  })

  test('refuses a Node module, a Node global and a framework at run time where every runtime is promised', () => {
    const found = faults({
      'packages/client/src/client.ts': "import { randomUUID } from 'node:crypto'\n",
      'packages/jose/src/encoding/bytes.ts': 'export const f = (t: string) => Buffer.from(t)\n',
      'packages/guard/src/express.ts': "import express from 'express'\n",
      'packages/guard/src/node.ts': "import { createServer } from 'node:http'\n",
    })
    expect(found.toSorted()).toEqual([
      'packages/client/src/client.ts → node:crypto: client runs on every runtime: no Node modules',
      'packages/guard/src/express.ts → express: guard takes frameworks as types only',
      'packages/guard/src/node.ts → node:http: guard runs on every runtime: no Node modules',
      'packages/jose/src/encoding/bytes.ts → Buffer: jose runs on every runtime: no Node globals',
    ])
  })

  test('lets types of a framework and words in comments and texts pass', () => {
    const found = faults({
      'packages/guard/src/hono.ts': "import type { Context } from 'hono'\nexport type C = Context\n",
      'packages/guard/src/node.ts': "import type { Server } from 'node:http'\nexport type S = Server\n",
      'packages/jose/src/encoding/bytes.ts':
        "// never Buffer, never import x from '../jwt/verify.ts'\nexport const t = 'process' + `Buffer` + /Buffer/.source\n",
    })
    expect(found).toEqual([])
  })

  test('refuses a folder that could hold anything', () => {
    expect(faults({ 'packages/server/src/store/utils/x.ts': 'export const x = 1\n' })).toEqual([
      expect.stringContaining('packages/server/src/store/utils: '),
    ])
  })
})

test('the command prints the arrow and ends with code 1, and with 0 when all is well', () => {
  const command = join(root, 'tools/check-layers.js')
  const run = (tree: string) => spawnSync(process.execPath, [command, tree], { encoding: 'utf8' })
  const bad = run(plant({ 'packages/jose/src/jwa/t.ts': "import '../jwt/verify.ts'\n" }))
  expect(bad.stdout).toContain('packages/jose/src/jwa/t.ts → packages/jose/src/jwt/verify.ts: ')
  expect(bad.status).toBe(1)
  const good = run(plant())
  expect(good.stdout).toBe('')
  expect(good.status).toBe(0)
})
