/** The driver itself: that it can fail. Every vector here is made on the spot. */
import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runAttacks } from './attacks/attacks.js'
import { makeGoodJwe } from './attacks/good-jwe.js'
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

  test.for([
    ['an api', { api: 'jwt.frobnicate' }, 'entries of jwt.frobnicate have no driver'],
    ['a form of key', { key: { ref: 'one', form: 'origami' } }, 'key form origami has no driver'],
    ['a key', { key: { ref: 'two', form: 'secret' } }, 'no key two in attack-keys.json'],
    ['an option', { options: { now, mood: 'good' } }, 'entries with the option mood have no driver'],
  ] as const)('is left out, and not passed, when it has %s that is not known', async ([, fields, reason]) => {
    const tally = createTally()
    await runAttacks(jose, { attacks: [entry({ token: 'a.b.c', ...fields })], keys, directory: '.' }, tally)
    expect(tally.sum()).toMatchObject({ total: 1, passed: 0, failed: 0, skipped: 1 })
    expect(tally.skips[0]?.reason).toContain(reason)
  })
})

describe('an encrypted entry', () => {
  const secret = Buffer.from(secretHex, 'hex')
  const claims = JSON.stringify({ sub: 'alice', exp: now + 60 })
  const good = makeGoodJwe({ algorithm: 'A256KW', enc: 'A128GCM', secret }, claims)
  const fields = { api: 'jwt.decrypt', options: { now } }

  test('passes when every way of holding the key refuses it', async () => {
    expect(await drive({ ...fields, token: `${good.slice(0, -4)}AAAA` })).toMatchObject({ passed: 1 })
  })

  test('fails when the library accepts it', async () => {
    expect(await drive({ ...fields, token: good })).toMatchObject({
      failed: 1,
      reason: 'decryptJwt with encryptionSecret(A256KW): the token was accepted',
    })
  })

  test('fails when the library decrypts nothing at all', async () => {
    const refuse = () => Promise.reject(new jose.JoseError('decrypt_failed', 'no'))
    const closed = { ...jose, decryptJwt: refuse, openJwt: refuse }
    expect(await drive({ ...fields, token: 'a.b.c.d.e' }, closed)).toMatchObject({
      failed: 1,
      reason: expect.stringContaining('proves nothing'),
    })
  })

  test('is accepted by the ways of holding the key that are for it, when it is a good one', async () => {
    const control = { ...fields, expected: 'accept', token: good }
    expect(await drive(control)).toMatchObject({ passed: 1 })
    expect(await drive({ ...control, token: `${good.slice(0, -4)}AAAA` })).toMatchObject({ failed: 1 })
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

  test('an engine that is not there is a mistake, in one line', () => {
    const { status, stderr } = runWith('--vectors', folderOf({}), '--engine', 'steam')
    expect(status).toBe(2)
    expect(stderr).toBe(
      'conformance: --engine: expected node, one-shot, portable, wasm, cached, tables or all\n',
    )
  })

  test('an unknown option is a mistake, in one line', () => {
    const { status, stderr } = runWith('--vector', 'x')
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

/** A folder of vectors with these files. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-vectors-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

describe('a folder that nobody has seen before', () => {
  const aesWrap = {
    algorithm: 'AES-WRAP',
    testGroups: [
      {
        type: 'KeywrapTest',
        keySize: 128,
        tests: [
          // RFC 3394 §4.1, and the same with its last octet changed.
          ['1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5', 'valid'],
          ['1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE6', 'invalid'],
          ['1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE6', 'valid'],
        ].map(([ct, result], index) => ({
          tcId: index + 1,
          comment: 'a test',
          key: '000102030405060708090a0b0c0d0e0f',
          msg: '00112233445566778899aabbccddeeff',
          ct: ct?.toLowerCase(),
          result,
        })),
      },
    ],
  }
  const origami = { testGroups: [{ type: 'OrigamiTest', tests: [{ tcId: 1, result: 'valid' }] }] }

  test('is run as far as its kinds are known; the rest is left out, and named', async () => {
    const folder = folderOf({
      'rfc/rfc9999.json': [{ name: 'x', kind: 'origami' }, { kind: 'jws-compact' }],
      'cookbook/deep/down/letter.json': { dear: 'reader' },
      'wycheproof/paper_test.json': origami,
      'wycheproof/notes.json': {},
      'wycheproof/wrap_of_another_name_test.json': aesWrap,
      'attacks.json': [{ id: 'bare', token: 'a.b.c' }],
      'README.md': '# for people',
    })
    const { skips, failures, passed } = reportOf(await runConformance(surface, folder))
    expect(skips).toEqual([
      { id: 'bare', reason: 'entries of undefined have no driver' },
      { id: 'rfc9999.json x', reason: 'examples of kind origami have no driver' },
      { id: 'cookbook deep/down/letter.json', reason: 'examples of kind cookbook-unknown have no driver' },
      { id: 'notes.json', reason: 'a file without groups of tests has no driver' },
      { id: 'paper_test.json#1', reason: 'tests of type OrigamiTest have no driver' },
    ])
    expect(failures.map(({ id }) => id)).toEqual(['rfc9999.json 1', 'wrap_of_another_name_test.json#3'])
    expect(passed).toBeGreaterThanOrEqual(2)
  })

  test('fails where a file of it is not JSON, and runs the others', async () => {
    const folder = folderOf({
      'wycheproof/a_test.json': '{',
      'wycheproof/b_test.json': origami,
      'rfc/x.json': '',
    })
    const { failures, skipped } = reportOf(await runConformance(surface, folder))
    expect(failures.map(({ id }) => id)).toEqual(['x.json', 'a_test.json'])
    expect(skipped).toBe(1)
  })
})

test('a report counts what was run and names what failed', async () => {
  const folder = folderOf({
    'attack-keys.json': keys,
    'attacks.json': [entry({ token: token({ sub: 'alice' }) })],
  })
  const report = reportOf(await runConformance(surface, folder))
  expect(report).toMatchObject({
    failed: 1,
    failures: [{ id: 'x', reason: expect.stringContaining('accepted') }],
  })
  expect(report.total).toBe(report.passed + report.failed + report.skipped)
})
