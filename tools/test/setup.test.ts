import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildNeeded, installNeeded, nodeVersionFault, setup, sourceDigest } from '../setup.js'

let folder: string

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const lockFile = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'tessera' },
      'packages/jose': { version: '0.1.0' },
      'node_modules/kysely': { version, integrity: `sha512-${version}` },
      'node_modules/@libsql/darwin-arm64': { version: '1.0.0', optional: true },
    },
  })
const hiddenLock = (version: string) =>
  JSON.stringify({ packages: { 'node_modules/kysely': { version, integrity: `sha512-${version}` } } })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-setup-'))
  write('package-lock.json', lockFile('1.0.0'))
  write('packages/jose/src/index.ts', 'export {}\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v100.1.0'])('Node %s is new enough', (version) => {
  expect(nodeVersionFault(version)).toBeUndefined()
})

test.each(['v20.18.9', 'v18.20.0'])('Node %s is refused in one line that names the floor', (version) => {
  expect(nodeVersionFault(version)).toMatch(
    new RegExp(`^Tessera needs Node 20\\.19 or later, got ${version} .*$`),
  )
})

describe('dependencies', () => {
  const stampNow = () => {
    const lock = createHash('sha256')
      .update(readFileSync(join(folder, 'package-lock.json')))
      .digest('hex')
    const runtime = `${process.version} ${process.platform} ${process.arch}`
    write('node_modules/.tessera-install.json', JSON.stringify({ lock, runtime }))
  }

  test('are installed when node_modules is missing', () => {
    expect(installNeeded(folder)).toBe('install')
  })

  test('are left alone when the stamp fits, and installed again when the lock file moved on', () => {
    stampNow()
    expect(installNeeded(folder)).toBe('nothing')
    write('package-lock.json', lockFile('1.0.1'))
    expect(installNeeded(folder)).toBe('install')
  })

  test('are installed again for another Node or platform, also when npm installed the same versions', () => {
    write('node_modules/.package-lock.json', hiddenLock('1.0.0'))
    write(
      'node_modules/.tessera-install.json',
      JSON.stringify({ lock: 'other', runtime: 'v1.0.0 linux x64' }),
    )
    expect(installNeeded(folder)).toBe('install')
  })

  test('that npm installed by itself are taken over, packages of other platforms aside', () => {
    write('node_modules/.package-lock.json', hiddenLock('1.0.0'))
    expect(installNeeded(folder)).toBe('adopt')
    write('node_modules/.package-lock.json', hiddenLock('0.9.0'))
    expect(installNeeded(folder)).toBe('install')
    write('node_modules/.package-lock.json', '{ broken')
    expect(installNeeded(folder)).toBe('install')
  })
})

describe('the build', () => {
  const stampNow = () =>
    write('node_modules/.tessera-build.json', JSON.stringify({ sources: sourceDigest(folder) }))

  test('is needed until every package has its output', () => {
    stampNow()
    expect(buildNeeded(folder)).toBe(true)
    write('packages/jose/dist/.tsbuildinfo', '')
    expect(buildNeeded(folder)).toBe(false)
  })

  test.each([
    ['a source changed its size', () => write('packages/jose/src/index.ts', 'export const x = 1\n')],
    ['a source changed its time', () => utimesSync(join(folder, 'packages/jose/src/index.ts'), 1, 1)],
    ['a source was added', () => write('packages/jose/src/jwt/sign.ts', '')],
    ['a source went', () => rmSync(join(folder, 'packages/jose/src/b.ts'))],
    ['a compiler option changed', () => write('tsconfig.base.json', '{}')],
    ['the console changed', () => write('apps/console/src/style.css', 'a {}')],
    ['the lock file changed', () => write('package-lock.json', '{}')],
  ])('is needed when %s', (_what, change) => {
    write('packages/jose/src/b.ts', '')
    write('packages/jose/dist/.tsbuildinfo', '')
    stampNow()
    expect(buildNeeded(folder)).toBe(false)
    change()
    expect(buildNeeded(folder)).toBe(true)
  })

  test('is not needed when a test or an output changed', () => {
    write('packages/jose/dist/.tsbuildinfo', '')
    stampNow()
    write('packages/jose/test/index.test.ts', 'x')
    write('packages/jose/dist/index.js', 'x')
    write('apps/console/test/page.test.ts', 'x')
    expect(buildNeeded(folder)).toBe(false)
  })
})

test('a step that fails ends the set-up with what the program said', async () => {
  write('node_modules/.package-lock.json', hiddenLock('1.0.0'))
  write(
    'node_modules/typescript/bin/tsc',
    'console.log("src/a.ts(1,1): error TS1000: planted"); process.exit(2)',
  )
  await expect(setup({ folder })).rejects.toThrow(/ended with code 2\n.*error TS1000: planted/)
  expect(buildNeeded(folder)).toBe(true)
})
