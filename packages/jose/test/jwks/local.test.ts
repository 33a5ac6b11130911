import { describe, expect, test } from 'vitest'
import type { Jwk, JwkSet } from '../../src/jwk/jwk.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import type { AsymmetricAlgorithm } from '../../src/jwa/algorithm.ts'
import { forge, pairFor, sharedBytes, token } from '../forge.ts'
import { decodeLater, outcomeOfToken, verifyLater } from '../later.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const signedWith = (algorithm: AsymmetricAlgorithm, name = '', header: object = {}): string =>
  forge({ alg: algorithm, ...header }, { sub: name }, { algorithm, key: pairFor(algorithm, name).privateKey })
const jwk = (name: string, changes: object = {}): Jwk => ({ ...pairFor('ES256', name).publicJwk, ...changes })
const bare = ({ alg: _alg, ...rest }: Jwk): Jwk => rest
const outcome = (keys: Jwk[], value: string): Promise<string> =>
  outcomeLater(() => decodeLater(value, createLocalJwkSet({ keys })))

describe('choosing a key', () => {
  test('a token with a kid is verified by the key of that kid alone', async () => {
    const keys = [jwk('a'), jwk('b')]
    expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'b' }))).toBe('accepted')
    expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'a' }))).toBe('bad_signature')
    expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'c' }))).toBe('key_not_found')
  })

  test('a token without a kid is tried with every key that fits, up to four', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const keys = names.map((name) => jwk(name))
    expect(await outcome(keys.slice(0, 4), signedWith('ES256', 'd'))).toBe('accepted')
    expect(await outcome(keys.slice(0, 4), signedWith('ES256', 'e'))).toBe('bad_signature')
    expect(await outcome(keys, signedWith('ES256', 'a'))).toBe('key_ambiguous')
    expect(await outcome(keys, signedWith('ES256', 'e', { kid: 'e' }))).toBe('accepted')
  })

  test('among a thousand keys a token finds its own, and one that names none has too many to try', async () => {
    const others = Array.from({ length: 998 }, (_, index) => jwk('c', { kid: `${index}` }))
    const keys = [jwk('a'), ...others, jwk('b')]
    for (let round = 0; round < 2; round += 1) {
      expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'b' }))).toBe('accepted')
      expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'a' }))).toBe('bad_signature')
      expect(await outcome(keys, signedWith('ES256', 'b', { kid: '__proto__' }))).toBe('key_not_found')
      expect(await outcome(keys, signedWith('ES256', 'b'))).toBe('key_ambiguous')
    }
  })

  test('of two keys with one kid both are tried', async () => {
    const keys = [jwk('a', { kid: 'same' }), jwk('b', { kid: 'same' })]
    expect(await outcome(keys, signedWith('ES256', 'b', { kid: 'same' }))).toBe('accepted')
  })

  test('a key with a kid serves tokens without, and one without a kid none that name one', async () => {
    expect(await outcome([jwk('a')], signedWith('ES256', 'a'))).toBe('accepted')
    expect(await outcome([jwk('a', { kid: undefined })], signedWith('ES256', 'a', { kid: 'a' }))).toBe(
      'key_not_found',
    )
  })

  test('a key with alg serves that algorithm alone, one without all of its kind', async () => {
    const rsa = pairFor('RS256').publicJwk
    expect(await outcome([rsa], signedWith('RS256'))).toBe('accepted')
    expect(await outcome([rsa], signedWith('PS256'))).toBe('key_not_found')
    for (const name of ['RS256', 'RS512', 'PS256', 'PS384'] as const)
      expect(await outcome([bare(rsa)], signedWith(name))).toBe('accepted')
    expect(await outcome([bare(jwk('a'))], signedWith('ES256', 'a'))).toBe('accepted')
    const okp = bare(pairFor('Ed25519').publicJwk)
    for (const alg of ['Ed25519', 'EdDSA']) {
      const value = forge({ alg }, {}, { algorithm: alg, key: pairFor('Ed25519').privateKey })
      expect(await outcome([okp], value)).toBe('accepted')
      expect(await outcome([{ ...okp, alg: alg === 'EdDSA' ? 'Ed25519' : 'EdDSA' }], value)).toBe('accepted')
    }
  })

  test('T6 an HS256 token finds no key in it, whatever the set holds (CVE-2026-22817)', async () => {
    const oct = { kty: 'oct', k: Buffer.from(sharedBytes).toString('base64url'), kid: 'k' }
    for (const keys of [
      [jwk('a'), oct, { ...oct, alg: 'HS256' }],
      [bare(jwk('a')), oct],
    ] as Jwk[][]) {
      expect(await outcome(keys, token({}))).toBe('key_not_found')
      expect(await outcome(keys, token({}, { kid: 'k' }))).toBe('key_not_found')
      expect(await outcome(keys, token({}, { kid: 'a' }))).toBe('key_not_found')
    }
  })

  test('T9 a kid of a key of another algorithm finds nothing', async () => {
    const keys = [jwk('es', { kid: 'x' }), { ...pairFor('RS256').publicJwk, kid: 'y' }]
    expect(await outcome(keys, signedWith('RS256', '', { kid: 'x' }))).toBe('key_not_found')
    expect(await outcome(keys, signedWith('ES256', 'es', { kid: 'y' }))).toBe('key_not_found')
  })

  test('T23 a kid is an opaque text', async () => {
    const strange = [
      '../../keys',
      "' OR 1=1 --",
      '__proto__',
      'constructor',
      'toString',
      'a\0b',
      '',
      '키',
      'k'.repeat(5000),
    ]
    for (const kid of strange) {
      expect(await outcome([jwk('a')], signedWith('ES256', 'a', { kid }))).toBe('key_not_found')
      expect(await outcome([jwk('a', { kid })], signedWith('ES256', 'a', { kid }))).toBe('accepted')
    }
  })
})

describe('entries that cannot verify are left out, and one bad key does not break the set', () => {
  const { privateJwk } = pairFor('ES256', 'a')
  const cases: [string, unknown, RegExp][] = [
    ['a secret', { kty: 'oct', k: 'AAAA' }, /symmetric/],
    ['a private key', privateJwk, /private/],
    ['a key for encryption', jwk('a', { use: 'enc' }), /use/],
    ['a key for signing', jwk('a', { key_ops: ['sign'] }), /key_ops/],
    ['an unknown key type', { kty: 'LWE', alg: 'ML-DSA-128', pub: 'AAAA' }, /algorithm/],
    ['an unknown algorithm', jwk('a', { alg: 'ES256k' }), /algorithm/],
    ['an algorithm of another kind of key', jwk('a', { alg: 'RS256' }), /kty/],
    ['an unknown curve', bare(jwk('a', { crv: 'P-224' })), /algorithm/],
    ['a broken coordinate', jwk('a', { x: 'AAAA' }), /"x"/],
    ['a small RSA key', { kty: 'RSA', n: 'gAAA', e: 'AQAB' }, /bits/],
    ['no kty', {}, /kty/],
    ['null', null, /object/],
    ['text', 'key', /object/],
    ['an array', [], /object/],
    ['a kid that is a number', jwk('a', { kid: 1 }), /kid/],
  ]

  test.each(cases)('%s', async (_name, entry, reason) => {
    const warnings: string[] = []
    const set = createLocalJwkSet(
      { keys: [entry as Jwk, jwk('good')] },
      { onWarning: (text) => warnings.push(text) },
    )
    expect(await decodeLater(signedWith('ES256', 'good', { kid: 'good' }), set)).toEqual({ sub: 'good' })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(reason)
    expect(warnings[0]).toContain('key 0')
    expect(outcomeOf(() => createLocalJwkSet({ keys: [entry as Jwk] }))).toBe('key_invalid')
  })

  test('a point that is not on its curve, which shows when it is first asked for', async () => {
    const warnings: string[] = []
    const off = jwk('a', { y: pairFor('ES256', 'a').publicJwk.x })
    const set = createLocalJwkSet({ keys: [off, jwk('good')] }, { onWarning: (text) => warnings.push(text) })
    expect(await decodeLater(signedWith('ES256', 'good'), set)).toEqual({ sub: 'good' })
    expect(await outcomeOfToken(signedWith('ES256', 'a', { kid: 'a' }), set)).toBe('key_not_found')
    expect(await outcomeOfToken(signedWith('ES256', 'a', { kid: 'a' }), set)).toBe('key_not_found')
    expect(warnings).toHaveLength(1)
  })

  test('no warning and no error holds key material', () => {
    const warnings: string[] = []
    const keys = [privateJwk, { kty: 'oct', k: 'c2VjcmV0LXZhbHVl' }]
    const error = refusal(() => createLocalJwkSet({ keys }, { onWarning: (text) => warnings.push(text) }))
    expect(`${error.message} ${warnings.join()}`).not.toMatch(/c2Vjcm/)
    expect(`${error.message} ${warnings.join()}`).not.toContain(String(privateJwk.d).slice(0, 8))
  })
})

describe('what is no JWK Set is key_invalid, saying why', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['text', '{"keys":[]}'],
    ['an array', [jwk('a')]],
    ['one key', jwk('a')],
    ['no keys', {}],
    ['keys that are no array', { keys: { 0: jwk('a') } }],
    ['an empty set', { keys: [] }],
    ['1001 keys', { keys: Array.from({ length: 1001 }, () => jwk('a')) }],
  ])('%s', (_name, value) => {
    expect(outcomeOf(() => createLocalJwkSet(value as JwkSet))).toBe('key_invalid')
  })

  test('1000 keys are taken, and as many as maxKeys says', () => {
    const many = (length: number): JwkSet => ({ keys: Array.from({ length }, () => jwk('a')) })
    expect(outcomeOf(() => createLocalJwkSet(many(1000)))).toBe('accepted')
    expect(outcomeOf(() => createLocalJwkSet(many(1001), { maxKeys: 1001 }))).toBe('accepted')
    expect(outcomeOf(() => createLocalJwkSet(many(3), { maxKeys: 2 }))).toBe('key_invalid')
  })

  test.for([0, -1, 1.5, Number.NaN, 100_001, '3', null, undefined])('maxKeys is not %j', (maxKeys) => {
    const options = { maxKeys } as unknown as { maxKeys: number }
    expect(outcomeOf(() => createLocalJwkSet({ keys: [jwk('a')] }, options))).toBe('option_invalid')
  })

  test('a set of nothing but secrets says so', () => {
    const { message } = refusal(() => createLocalJwkSet({ keys: [{ kty: 'oct', k: 'AAAA' }] }))
    expect(message).toContain('symmetric')
  })
})

test('the set does not change when the object it was made of does', async () => {
  const keys = [jwk('a')]
  const set = createLocalJwkSet({ keys })
  keys[0] = jwk('evil')
  Object.assign(keys, { 1: jwk('evil') })
  expect(await outcomeOfToken(signedWith('ES256', 'evil', { kid: 'evil' }), set)).toBe('key_not_found')
  expect(await outcomeOfToken(signedWith('ES256', 'a', { kid: 'a' }), set)).toBe('accepted')
})

test('algorithms of the verifier narrow the set', async () => {
  const policy = { issuer: null, audience: null, requireExp: false } as const
  const keys = createLocalJwkSet({ keys: [jwk('a'), bare(pairFor('RS256').publicJwk)] })
  const verifier = createVerifier({ keys, ...policy, algorithms: ['PS256'] })
  expect(await outcomeLater(() => verifyLater(verifier, signedWith('PS256')))).toBe('accepted')
  expect(await outcomeLater(() => verifyLater(verifier, signedWith('RS256')))).toBe('alg_not_allowed')
  expect(await outcomeLater(() => verifyLater(verifier, signedWith('ES256', 'a')))).toBe('alg_not_allowed')
})

test.each([[{ onwarning: () => 1 }], [{ onWarning: undefined }], [{ onWarning: 'log' }], ['log'], [[]]])(
  'options %# are refused (T67)',
  (options) => {
    expect(outcomeOf(() => createLocalJwkSet({ keys: [jwk('a')] }, options as object))).toBe('option_invalid')
  },
)
