import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { configFromEnvironment } from '../../src/config/environment.ts'
import { isStartError } from '../../src/start-error.ts'
import { issuer, serverSecret } from '../create-test-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'tessera-config-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const read = (environment: Record<string, string>) => configFromEnvironment(environment, { directory })

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (isStartError(error)) return error.message
    throw error
  }
  throw new Error('expected a refusal')
}

describe('the environment', () => {
  test('has defaults for everything outside production', () => {
    expect(read({})).toMatchObject({ host: '127.0.0.1', port: 4480, issuer: undefined })
  })

  test('an unknown TESSERA_ name is refused with the nearest known one', () => {
    expect(refusal(() => read({ TESSERA_ISUER: issuer }))).toContain('TESSERA_ISSUER')
    expect(refusal(() => read({ TESSERA_ACCESS_TOKEN_SECOND: '5' }))).toContain(
      'TESSERA_ACCESS_TOKEN_SECONDS',
    )
  })

  test.each([
    ['PORT', '70000'],
    ['PORT', 'abc'],
    ['TESSERA_ACCESS_TOKEN_SECONDS', '10m'],
    ['TESSERA_REFRESH_IDLE_SECONDS', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['TESSERA_SECRETS', ' '],
  ])('%s=%s is refused in one line that names it', (name, value) => {
    const message = refusal(() => read({ [name]: value }))
    expect(message).toContain(name)
    expect(message).not.toContain('\n')
  })

  test('secrets are made once, for the owner alone, and kept', () => {
    const { server } = read({})
    expect(read({}).server.secrets).toEqual(server.secrets)
    const path = join(directory, '.tessera', 'secrets')
    expect(statSync(path).mode & 0o077).toBe(0)
    expect(readFileSync(path, 'utf8').length).toBeGreaterThan(32)
  })

  test('several APIs are separated by commas', () => {
    const audience = ['https://a.example', 'https://b.example']
    expect(read({ TESSERA_AUDIENCE: audience.join(', ') }).server.audience).toEqual(audience)
  })

  test('whole numbers are read by the name of their setting', () => {
    const { server } = read({
      TESSERA_HASH_MEMORY_KIB: '65536',
      TESSERA_HASH_PASSES: '3',
      TESSERA_HASH_LANES: '2',
      TESSERA_ACCESS_TOKEN_JITTER_PERCENT: '10',
    })
    expect(checkConfig({ issuer, ...server })).toMatchObject({
      hash: { memoryKib: 65_536, passes: 3, lanes: 2 },
      accessTokenJitterPercent: 10,
    })
  })

  test.each([
    [undefined, undefined],
    ['off', undefined],
    ['on', 'https://api.pwnedpasswords.com/range/'],
    ['https://mirror.example/range', 'https://mirror.example/range/'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ])('TESSERA_BREACH_CHECK=%s: stolen passwords are looked up at %s', (setting, address) => {
    const { server } = read(setting === undefined ? {} : { TESSERA_BREACH_CHECK: setting })
    expect(checkConfig({ issuer, ...server }).breachAddress).toBe(address)
  })

  test('lifetimes are ten minutes, fourteen days idle and ninety days, unless configured', () => {
    expect(checkConfig({ issuer, ...read({}).server })).toMatchObject({
      accessTokenSeconds: 600,
      accessTokenJitterPercent: 0,
      refreshIdleSeconds: 14 * 86_400,
      refreshAbsoluteSeconds: 90 * 86_400,
      refreshGraceSeconds: 30,
    })
  })

  test('in production a missing secret stops the start', () => {
    expect(refusal(() => read({ NODE_ENV: 'production' }))).toContain('TESSERA_SECRETS')
  })

  test('a secret can come from a file, and not from both', () => {
    const secret = 'a secret of one line with more than 32 bytes'
    const path = join(directory, 'secret.txt')
    writeFileSync(path, `${secret}\n`)
    expect(read({ TESSERA_SECRETS_FILE: path }).server.secrets).toEqual([secret])
    expect(refusal(() => read({ TESSERA_SECRETS_FILE: path, TESSERA_SECRETS: secret }))).toContain('both')
    expect(refusal(() => read({ TESSERA_SECRETS_FILE: join(directory, 'absent') }))).toContain(
      'TESSERA_SECRETS_FILE',
    )
  })
})

describe('an unsafe configuration is refused', () => {
  const base = { issuer, secrets: [serverSecret] }
  test.each([
    ['a short secret', { secrets: ['short'] }, 'secrets'],
    ['no secret', { secrets: [] }, 'secrets'],
    ['one secret twice', { secrets: [serverSecret, serverSecret] }, 'secrets'],
    ['an issuer over plain http', { issuer: 'http://auth.example' }, 'issuer'],
    ['an issuer with a query', { issuer: 'https://auth.example/?x' }, 'issuer'],
    ['an issuer that is no URL', { issuer: 'auth' }, 'issuer'],
    ['HS256 without its secret', { algorithm: 'HS256' }, 'jwtSecret'],
    [
      'a shared secret that is a server secret (P1)',
      { algorithm: 'HS256', jwtSecret: serverSecret },
      'jwtSecret',
    ],
    ['a shared secret without HS256', { jwtSecret: serverSecret }, 'jwtSecret'],
    ['a window of an hour', { refreshGraceSeconds: 3600 }, 'refreshGraceSeconds'],
    ['less memory for a hash than OWASP asks for', { hashMemoryKib: 19_455 }, 'hashMemoryKib'],
    ['fewer passes than that', { hashPasses: 1 }, 'hashPasses'],
    ['no lane', { hashLanes: 0 }, 'hashLanes'],
    ['a hash of half a gigabyte (P29)', { hashMemoryKib: 524_288 }, 'hashMemoryKib'],
    ['a hash of seconds (P29)', { hashMemoryKib: 262_144, hashPasses: 5 }, 'hashMemoryKib'],
    ['tokens that may end at once', { accessTokenJitterPercent: 100 }, 'accessTokenJitterPercent'],
    [
      'a mirror of stolen passwords over plain http',
      { breachCheck: 'http://mirror.example/' },
      'breachCheck',
    ],
    ['a mirror with a query', { breachCheck: 'https://mirror.example/?range=' }, 'breachCheck'],
    ['a word that says neither', { breachCheck: 'yes' }, 'breachCheck'],
    ['an origin with a path', { origins: ['https://app.example/'] }, 'origins'],
    ['a PostgreSQL address without a database', { database: 'postgres://x' }, 'database'],
    ['a database of another kind', { database: 'mysql://x/y' }, 'database'],
    ['a misspelt setting', { isuer: issuer }, 'issuer'],
    ['an undefined setting', { audience: undefined }, 'audience'],
    ['no API', { audience: [] }, 'audience'],
    ['an API without a name', { audience: ['https://a.example', ' '] }, 'audience'],
    ['an API twice', { audience: ['https://a.example', 'https://a.example'] }, 'audience'],
    ['the administration as an API (P1, P10)', { audience: `${issuer}/admin` }, 'audience'],
  ])('%s', (_kind, change, named) => {
    const message = refusal(() => checkConfig({ ...base, ...change } as Parameters<typeof checkConfig>[0]))
    expect(message).toContain(named)
    expect(message).not.toContain(serverSecret)
  })
})
