/** Bundles for browsers take other files where `browser` in package.json says so (docs/decisions/0030-what-bundles-weigh.md). */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const { browser } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
  browser: Record<string, string>
}
const sources = Object.entries(browser).filter(([path]) => path.startsWith('./src/'))
const load = (path: string): Promise<object> => import(`${folder}${path}`) as Promise<object>

test('what is replaced in the sources is replaced in what was compiled of them', () => {
  const compiled = (path: string): string => path.replace('./src/', './dist/').replace('.ts', '.js')
  expect(sources.length).toBeGreaterThan(0)
  expect(browser).toEqual({
    ...Object.fromEntries(sources.map(([from, to]) => [compiled(from), compiled(to)])),
    ...Object.fromEntries(sources),
  })
})

describe.each(sources)('%s', (from, to) => {
  test('is replaced by a file that has every name of it', async () => {
    expect(existsSync(`${folder}${from}`)).toBe(true)
    const names = Object.keys(await load(from))
    expect(Object.keys(await load(to))).toEqual(expect.arrayContaining(names))
  })
})

test('a bundle for browsers holds nothing of Node, and says so when it is asked', async () => {
  const { isNode, nodeCrypto, nodeHashNames, nodeVersion } = await import('../src/crypto/no-node-crypto.ts')
  const { importNodeKey, nodeHas, nodeKeyKind } = await import('../src/crypto/no-node-keys.ts')
  const { fitsTextMac, prepareTextMac } = await import('../src/crypto/no-node-mac.ts')
  const { asciiOctets, prepareNodeSign, prepareNodeVerify } =
    await import('../src/crypto/no-node-signature.ts')
  const { tokenEngine, useTokenEngine } = await import('../src/crypto/no-token-engine.ts')
  expect(await useTokenEngine()).toBe(false)
  const { useTablesAtOnce, withTables } = await import('../src/crypto/no-signature-tables.ts')
  expect(await useTablesAtOnce()).toBe(false)
  expect([isNode, nodeHas(), fitsTextMac(), nodeHashNames]).toEqual([false, false, false, {}])
  const absent = [
    nodeCrypto,
    nodeVersion,
    nodeKeyKind(),
    importNodeKey(),
    prepareTextMac(),
    asciiOctets,
    prepareNodeSign,
    prepareNodeVerify,
    tokenEngine(),
    withTables,
  ]
  expect(absent.every((value) => value === undefined)).toBe(true)
})

test('the segments of a token are the same in browsers, which guess nothing from how a payload begins', async () => {
  const portable = await import('../src/crypto/portable-encoded-object.ts')
  const { findByBeginning, parseHeader, splitSegments } = await import('../src/crypto/encoded-object.ts')
  for (const token of [
    '',
    'a',
    '.',
    '..',
    '...',
    '....',
    'a.b',
    'a.b.c',
    '.b.',
    'a..',
    '..c',
    'a.b.c.',
    'a.b.c.d.e',
  ])
    expect(splitSegments(token)).toEqual(portable.splitSegments(token))
  for (const header of ['e30', 'eyJhIjoxfQ', 'e30'])
    expect(parseHeader(header)).toEqual(portable.parseHeader(header))
  const token = `a.${Buffer.from('{"iss":"a","b":1}').toString('base64url')}.c`
  expect(findByBeginning('{"iss":"', new Map([['a', 1]]), () => true)(token)).toBe(1)
  expect(portable.findByBeginning()(token)).toBeUndefined()
})
