/** The driver itself: that it can fail. Every vector here is made on the spot. */
import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runAttacks } from './attacks/attacks.js'
import { runConformance } from './conformance.js'
import { surface } from './source-surface.ts'
import { createTally, reportOf } from './tally.js'
import { prototypeIsClean, watchTheOutside } from './attacks/watch.js'

const { jose } = surface
const secretHex = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90'
const keys = {
  one: {
    kind: 'oct',
    secretHex,
    jwk: { kty: 'oct', k: Buffer.from(secretHex, 'hex').toString('base64url') },
  },
}
const now = 1_700_000_000

function token(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${createHmac('sha256', Buffer.from(secretHex, 'hex')).update(input).digest('base64url')}`
}

function entry(fields: object): object {
  const key = { ref: 'one', form: 'secret' }
  const options = { now, algorithms: ['HS256'] }
  return {
    id: 'x',
    category: 'c',
    level: 'must',
    api: 'jwt.verify',
    expected: 'reject',
    expectedErrorKind: 'signature',
    key,
    options,
    ...fields,
  }
}

async function drive(fields: object, library: unknown = jose) {
  const tally = createTally()
  await runAttacks(library, { attacks: [entry(fields)], keys, directory: '.' }, tally)
  return { ...tally.sum(), reason: tally.failures[0]?.reason }
}

describe('an attack entry', () => {
  const good = token({ sub: 'alice', exp: now + 60 })

  test('passes when every way of holding the key refuses it', async () => {
    expect(await drive({ token: `${good.slice(0, -4)}AAAA` })).toMatchObject({ passed: 1, failed: 0 })
  })

  test('fails when the library accepts it', async () => {
    expect(await drive({ token: good })).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('accepted'),
    })
  })

  test('fails when the library refuses a good token too, because then it proves nothing', async () => {
    const refuse = () => {
      throw new jose.JoseError('bad_signature', 'no')
    }
    const closed = {
      ...jose,
      decode: refuse,
      verifyJwt: refuse,
      createVerifier: () => ({ verify: refuse, verifySync: refuse }),
    }
    expect(await drive({ token: 'a.b.c' }, closed)).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('proves nothing'),
    })
  })

  test('fails when the error is not one of the library', async () => {
    const broken = {
      ...jose,
      verifyJwt: (text: string) => (text === 'a.b.c' ? (undefined as never)['x'] : { claims: {} }),
    }
    expect(await drive({ token: 'a.b.c' }, broken)).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('TypeError'),
    })
  })

  test('fails when a message tells a part of the token', async () => {
    const decode = (text: string, ...rest: unknown[]) => {
      if (text !== 'abcdefghijkl.b.c') return jose.decode(text, ...rest)
      throw new jose.JoseError('malformed', `what is ${text}?`)
    }
    expect(await drive({ token: 'abcdefghijkl.b.c' }, { ...jose, decode })).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('message'),
    })
  })

  test('fails when its condition afterwards does not hold', async () => {
    expect(await drive({ token: 'a.b.c', afterwards: 'payload.admin === true' })).toMatchObject({ failed: 1 })
  })

  test('fails when one token of a sweep is accepted', async () => {
    expect(await drive({ token: good, tokens: ['a.b.c', good] })).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('token 1'),
    })
  })

  test('fails when decoding without verification takes what it must refuse', async () => {
    expect(await drive({ token: `${good.slice(0, -4)}AAAA`, decode: 'reject' })).toMatchObject({
      failed: 1,
      reason: 'decodeUnverified accepted it',
    })
  })

  test('is left out, and not passed, when its part of the library is not built', async () => {
    expect(await drive({ token: 'a.b.c.d.e', api: 'jwt.decrypt' })).toMatchObject({ passed: 0, skipped: 1 })
  })
})

test('a verifier that reaches for the network or a file is seen', async () => {
  const outside = watchTheOutside()
  onTestFinished(() => outside.restore())
  expect(() => fetch('http://127.0.0.1:1/')).toThrow('fetch')
  outside.restore()
  expect(outside.calls).toEqual(['global fetch'])
})

test('a changed Object.prototype is seen', () => {
  expect(prototypeIsClean()).toBe(true)
  Object.defineProperty(Object.prototype, 'admin', { value: true, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, 'admin'))
  expect(prototypeIsClean()).toBe(false)
})

describe('the command', () => {
  const command = fileURLToPath(new URL('run.js', import.meta.url))

  function runWith(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  test('a folder that is named and not there is a mistake, in one line', () => {
    const { status, stderr } = runWith('--vectors', '/nowhere/at/all')
    expect(status).toBe(2)
    expect(stderr).toBe('conformance: the folder of vectors is not there: /nowhere/at/all\n')
  })

  test('an unknown option is a mistake, in one line', () => {
    const { status, stderr } = runWith('--vector', 'x')
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

test('a report counts what was run and names what failed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-vectors-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'attack-keys.json'), JSON.stringify(keys))
  writeFileSync(join(folder, 'attacks.json'), JSON.stringify([entry({ token: token({ sub: 'alice' }) })]))
  const report = reportOf(await runConformance(surface, folder))
  expect(report).toMatchObject({
    failed: 1,
    failures: [{ id: 'x', reason: expect.stringContaining('accepted') }],
  })
  expect(report.total).toBe(report.passed + report.failed + report.skipped)
})
