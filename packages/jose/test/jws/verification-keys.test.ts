import { describe, expect, test } from 'vitest'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { KeySet } from '../../src/jwk/key-set.ts'
import { secret } from '../../src/jwk/secret.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { pairFor, sharedBytes, sharedSecret, token } from '../forge.ts'
import { decodeLater, encodeLater } from '../later.ts'
import { outcomeLater, outcomeOf, refusal, rejection } from '../outcome.ts'

const good = token({ sub: 'a' })
const policy = { issuer: null, audience: null, requireExp: false } as const

/** decode, verifyJwt and createVerifier are asked alike, and must answer alike. */
async function outcomes(key: unknown, options: object): Promise<string> {
  const found = [
    outcomeOf(() => decode(good, key as string, options)),
    await outcomeLater(() => verifyJwt(good, key as string, { ...policy, ...options })),
    outcomeOf(() => createVerifier({ keys: key as string, ...policy, ...options }).verifySync(good)),
  ]
  return [...new Set(found)].join(', ')
}

describe('raw text or bytes', () => {
  test('verify with a list of HS* algorithms', async () => {
    expect(await outcomes(sharedSecret, { algorithms: ['HS256'] })).toBe('accepted')
    expect(await outcomes(sharedBytes, { algorithms: ['HS256'] })).toBe('accepted')
    expect(await outcomes(Buffer.from(sharedBytes), { algorithms: ['HS384', 'HS256'] })).toBe('accepted')
  })

  test('do not verify another HS* algorithm than the list names', async () => {
    expect(await outcomes(sharedSecret, { algorithms: ['HS512'] })).toBe('alg_not_allowed')
  })

  test.each([
    ['no list (T4, CVE-2020-15084)', {}],
    ['a list of others', { algorithms: ['RS256'] }],
    ['a list that mixes HS* with others', { algorithms: ['HS256', 'RS256'] }],
    ['a list with none', { algorithms: ['HS256', 'none'] }],
    ['an empty list', { algorithms: [] }],
    ['a name in place of a list', { algorithms: 'HS256' }],
    ['a name in lower case', { algorithms: ['hs256'] }],
    ['null', { algorithms: null }],
    ['undefined', { algorithms: undefined }],
    ['a list of numbers', { algorithms: [256] }],
    ['a set', { algorithms: new Set(['HS256']) }],
  ])('with %s are option_invalid', async (_name, options) => {
    expect(await outcomes(sharedSecret, options)).toBe('option_invalid')
    expect(await outcomes(sharedBytes, options)).toBe('option_invalid')
  })

  test('without a list name the option and importKey', () => {
    const { message } = refusal(() => decode(good, sharedSecret))
    expect(message).toContain("algorithms: ['HS256']")
    expect(message).toContain('importKey')
  })

  test('must be strong enough for every algorithm of the list', async () => {
    expect(await outcomes('short', { algorithms: ['HS256'] })).toBe('weak_key')
    expect(await outcomes('s'.repeat(31), { algorithms: ['HS256'] })).toBe('weak_key')
    const forty = 'forty characters of a secret, no fewer..'
    expect(await outcomes(forty, { algorithms: ['HS256', 'HS512'] })).toBe('weak_key')
    const weak = encode({ a: 1 }, 'short', { algorithm: 'HS256', allowWeakKey: true })
    expect(outcomeOf(() => decode(weak, 'short', { algorithms: ['HS256'], allowWeakKey: true }))).toBe(
      'accepted',
    )
  })

  test('that are empty are key_invalid (T12)', async () => {
    expect(await outcomes('', { algorithms: ['HS256'] })).toBe('key_invalid')
    expect(await outcomes(new Uint8Array(), { algorithms: ['HS256'] })).toBe('key_invalid')
    expect(await outcomes('', { algorithms: ['HS256'], allowWeakKey: true })).toBe('key_invalid')
  })

  test('are not read later than at the call: a verifier keeps its own copy', () => {
    const bytes = Uint8Array.from(sharedBytes)
    const verifier = createVerifier({ keys: bytes, algorithms: ['HS256'], ...policy })
    bytes.fill(0)
    expect(outcomeOf(() => verifier.verifySync(good))).toBe('accepted')
  })
})

describe('key objects', () => {
  test('need no list, and a list may only repeat their algorithm', async () => {
    const key = secret('HS256', sharedSecret)
    expect(await outcomes(key, {})).toBe('accepted')
    expect(await outcomes(key, { algorithms: ['HS256'] })).toBe('accepted')
    expect(await outcomes(key, { algorithms: ['ES256', 'HS256'] })).toBe('accepted')
    expect(await outcomes(key, { algorithms: ['HS512'] })).toBe('alg_not_allowed')
    expect(await outcomes(key, { algorithms: ['HS512', 'ES256'] })).toBe('alg_not_allowed')
  })

  test('that are private are refused with the way out', async () => {
    const own = await generateKey('ES256')
    const error = await rejection(decodeLater(await encodeLater({}, own), own as never))
    expect(error.code).toBe('key_invalid')
    expect(error.message).toContain('publicKey')
  })

  test('of a private JWK are refused too', async () => {
    const own = await importKey(pairFor('RS256').privateJwk)
    expect(await outcomes(own, {})).toBe('key_invalid')
  })
})

describe('key sets', () => {
  const published = createLocalJwkSet({ keys: [pairFor('ES256').publicJwk] })

  test('of public keys take no HS* in the list (T1, RFC 8725 §2.1)', async () => {
    for (const algorithms of [['HS256'], ['ES256', 'HS256'], ['HS512', 'HS384']])
      expect(await outcomes(published, { algorithms })).toBe('option_invalid')
    expect(await outcomes(published, { algorithms: ['ES256'] })).toBe('alg_not_allowed')
  })

  test('of the application’s own may say what they hold, or nothing', async () => {
    const keys = [secret('HS256', sharedSecret)]
    const own: KeySet = { selectKeys: () => keys }
    expect(await outcomes(own, { algorithms: ['ES256', 'HS256'] })).toBe('accepted')
    expect(await outcomes({ ...own, algorithms: ['HS256'] }, { algorithms: ['HS256'] })).toBe('accepted')
    expect(await outcomes({ ...own, algorithms: ['HS512'] }, { algorithms: ['HS256'] })).toBe(
      'option_invalid',
    )
  })
})

test.each([
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['false', false],
  ['a number', 12_345],
  ['an array', [sharedSecret]],
  ['an empty object', {}],
  ['a JWK object', pairFor('ES256').publicJwk],
  ['a secret JWK object', { kty: 'oct', k: 'AAAA', alg: 'HS256' }],
  ['a key object of node:crypto', pairFor('ES256').publicKey],
  ['a function (there is no key callback)', () => sharedSecret],
  ['an ArrayBuffer', sharedBytes.buffer],
  ['a DataView', new DataView(new ArrayBuffer(64))],
  ['a boxed text', Object(sharedSecret)],
  ['a promise of a key', Promise.resolve(secret('HS256', sharedSecret))],
])('%s in place of a key is key_invalid (T3)', async (_name, key) => {
  expect(await outcomes(key, {})).toBe('key_invalid')
  expect(await outcomes(key, { algorithms: ['HS256'] })).toBe('key_invalid')
})

test('a missing key asks whether the variable is set', () => {
  expect(refusal(() => decode(good, undefined as unknown as string)).message).toContain(
    'is the variable set?',
  )
})
