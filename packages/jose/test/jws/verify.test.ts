import { describe, expect, test } from 'vitest'
import { importKey } from '../../src/jwk/import.ts'
import type { Key, VerificationKey } from '../../src/jwk/key.ts'
import type { KeySelector, KeySet } from '../../src/jwk/key-set.ts'
import { secret } from '../../src/jwk/secret.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decode } from '../../src/jwt/decode.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { algorithms, asymmetricAlgorithms, forge, hmacAlgorithms, pairFor, sharedSecret } from '../forge.ts'
import { decodeLater, encodeLater, outcomeOfToken } from '../later.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const verificationKeys = new Map<string, VerificationKey>()
for (const name of hmacAlgorithms) verificationKeys.set(name, secret(name, sharedSecret))
for (const name of asymmetricAlgorithms)
  verificationKeys.set(name, await importKey(pairFor(name).publicJwk, { type: 'public' }))
const hasEd448 = asymmetricAlgorithms.includes('Ed448')
const keyFor = (name: string): VerificationKey => verificationKeys.get(name)!

const signedBy = (algorithm: string, header: object = {}): string => {
  const key = algorithm.startsWith('HS') ? undefined : pairFor(algorithm as 'ES256').privateKey
  return forge(
    { alg: algorithm, ...header },
    { sub: 'a' },
    { algorithm, ...(key === undefined ? {} : { key }) },
  )
}

const setOf = (...keys: unknown[]): KeySet => ({ selectKeys: () => keys as VerificationKey[] })

test.each(algorithms)('a token that node:crypto signed with %s is verified', async (algorithm) => {
  expect(await decodeLater(signedBy(algorithm), keyFor(algorithm))).toEqual({ sub: 'a' })
})

describe('T1 the algorithm of the key decides, before any cryptography', () => {
  const same = (a: string, b: string): boolean =>
    a === b || ['Ed25519,EdDSA', 'EdDSA,Ed25519', 'Ed448,EdDSA'].includes(`${a},${b}`)
  const pairs = algorithms.flatMap((keyName) =>
    algorithms
      .filter((tokenName) => !same(keyName, tokenName))
      .map((tokenName) => [keyName, tokenName] as const),
  )

  const signed = new Map(algorithms.map((name) => [name, signedBy(name)]))

  test.each(pairs)('a %s key refuses a token of %s', (keyName, tokenName) => {
    expect(outcomeOf(() => decode(signed.get(tokenName)!, keyFor(keyName)))).toBe('alg_not_allowed')
  })

  test('also inside a key set of the application, where a header chose the wrong key (T9, CVE-2021-46743)', () => {
    for (const [keyName, tokenName] of pairs) {
      const set = setOf(keyFor(keyName))
      expect(outcomeOf(() => decode(signed.get(tokenName)!, set))).toBe('alg_not_allowed')
    }
  })

  test('an HS256 MAC over the public key in any form is refused by that key (CVE-2015-9235)', () => {
    const { publicKey, publicJwk } = pairFor('RS256')
    const forms = [
      publicKey.export({ format: 'pem', type: 'spki' }) as string,
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicJwk),
      Buffer.from(String(publicJwk.n), 'base64url'),
    ]
    for (const form of forms) {
      const forged = forge({ alg: 'HS256' }, { sub: 'admin' }, { key: Buffer.from(form as string) })
      expect(outcomeOf(() => decode(forged, keyFor('RS256')))).toBe('alg_not_allowed')
    }
  })

  test('Ed25519 keys verify either of their names (RFC 9864)', async () => {
    for (const keyName of ['Ed25519', 'EdDSA'] as const) {
      const { privateKey } = pairFor(keyName)
      for (const alg of ['Ed25519', 'EdDSA']) {
        const value = forge({ alg }, { sub: 'a' }, { algorithm: alg, key: privateKey })
        expect(await decodeLater(value, keyFor(keyName))).toEqual({ sub: 'a' })
      }
    }
  })

  test.runIf(hasEd448)(
    'Ed448 keys verify either of their names, and write the one that they were made with (RFC 8037 §3.1)',
    async () => {
      const { privateKey, privateJwk } = pairFor('Ed448')
      for (const algorithm of ['Ed448', 'EdDSA'] as const) {
        const key = await importKey({ ...privateJwk, alg: algorithm }, { type: 'private' })
        expect(decodeUnverified(await encodeLater({}, key)).unverified.header['alg']).toBe(algorithm)
        for (const alg of ['Ed448', 'EdDSA']) {
          const value = forge({ alg }, { sub: 'a' }, { algorithm: alg, key: privateKey })
          expect(await decodeLater(value, key.publicKey)).toEqual({ sub: 'a' })
          const set = createLocalJwkSet({ keys: [{ ...pairFor('Ed448').publicJwk, alg }] })
          expect(await decodeLater(value, set)).toEqual({ sub: 'a' })
        }
      }
      const onEd25519 = forge(
        { alg: 'Ed25519' },
        {},
        { algorithm: 'Ed25519', key: pairFor('Ed25519').privateKey },
      )
      const key = await importKey({ ...pairFor('Ed448').publicJwk, alg: 'EdDSA' }, { type: 'public' })
      expect(outcomeOf(() => decode(onEd25519, key))).toBe('alg_not_allowed')
    },
  )
})

describe('T7 a list of algorithms narrows every kind of key (CVE-2026-48523)', () => {
  test.each(algorithms)('a %s key and a list without it: alg_not_allowed at once', (name) => {
    const family = name.slice(0, 2)
    const list = algorithms.filter((other) => other.slice(0, 2) !== family)
    const options = { algorithms: list }
    expect(outcomeOf(() => decode('not even a token', keyFor(name), options))).toBe('alg_not_allowed')
    expect(outcomeOf(() => decode(signedBy(name), keyFor(name), options))).toBe('alg_not_allowed')
  })

  test('in a key set the list is asked before the keys are', () => {
    const asked: KeySelector[] = []
    const set: KeySet = {
      selectKeys: (selector) => {
        asked.push(selector)
        return [keyFor('HS256')]
      },
    }
    expect(outcomeOf(() => decode(signedBy('HS256'), set, { algorithms: ['ES256'] }))).toBe('alg_not_allowed')
    expect(asked).toEqual([])
    expect(outcomeOf(() => decode(signedBy('HS256'), set, { algorithms: ['ES256', 'HS256'] }))).toBe(
      'accepted',
    )
  })
})

describe('a key set of the application', () => {
  test('is asked with alg and kid and nothing else of the token', () => {
    const asked: KeySelector[] = []
    const set: KeySet = {
      selectKeys: (selector) => {
        asked.push(selector)
        return [keyFor('HS256')]
      },
    }
    decode(signedBy('HS256'), set)
    decode(signedBy('HS256', { kid: 'a', jku: 'https://evil.example', jwk: { kty: 'oct' }, x5u: 'x' }), set)
    expect(asked).toEqual([{ alg: 'HS256' }, { alg: 'HS256', kid: 'a' }])
  })

  test('may offer up to four keys, and a fifth is key_ambiguous', () => {
    const others = Array.from({ length: 4 }, (_, index) => secret('HS256', `${index}${sharedSecret}`))
    expect(outcomeOf(() => decode(signedBy('HS256'), setOf(...others.slice(1), keyFor('HS256'))))).toBe(
      'accepted',
    )
    expect(outcomeOf(() => decode(signedBy('HS256'), setOf(...others)))).toBe('bad_signature')
    expect(outcomeOf(() => decode(signedBy('HS256'), setOf(...others, keyFor('HS256'))))).toBe(
      'key_ambiguous',
    )
  })

  test('that knows no key gives key_not_found', () => {
    expect(outcomeOf(() => decode(signedBy('HS256'), setOf()))).toBe('key_not_found')
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['empty text (T12, CVE-2026-44351)', ''],
    ['a key that is not in an array', secret('HS256', sharedSecret)],
    ['an array with undefined', [undefined]],
    ['an array with an empty secret', ['']],
    ['an array with no bytes', [new Uint8Array()]],
    ['an array with text (T3)', [sharedSecret]],
    ['an array with a JWK', [{ kty: 'oct', k: '' }]],
    ['an array with false', [false]],
    ['an array with an object that looks like a key', [{ type: 'secret', algorithm: 'HS256' }]],
    ['an object with length', { length: 1, 0: secret('HS256', sharedSecret) }],
  ])('that gives %s is key_invalid', (_name, answer) => {
    const set = { selectKeys: () => answer } as unknown as KeySet
    expect(outcomeOf(() => decode(signedBy('HS256'), set))).toBe('key_invalid')
  })

  test('that gives a private key is key_invalid', async () => {
    const own: Key = await importKey(pairFor('ES256').privateJwk)
    expect(outcomeOf(() => decode(signedBy('ES256'), setOf(own)))).toBe('key_invalid')
  })
})

describe('the order of checks: shape, header, algorithm, key, signature, claims', () => {
  const expired = { exp: 1, aud: 'x' }
  const other = { key: new Uint8Array(64).fill(9) }
  test.each([
    [
      'a broken payload before the algorithm',
      `${forge({ alg: 'ES256' }, {}).split('.')[0]}.!.AAAA`,
      'malformed',
    ],
    ['crit before the algorithm', forge({ alg: 'ES256', crit: ['x'], x: 1 }, {}), 'crit_unsupported'],
    ['the algorithm before the signature', forge({ alg: 'HS512' }, {}, other), 'alg_not_allowed'],
    [
      'the signature before the claims (T38, CVE-2024-51744)',
      forge({ alg: 'HS256' }, expired, other),
      'bad_signature',
    ],
    ['the signature before the JSON of the payload', forge({ alg: 'HS256' }, 'x', other), 'bad_signature'],
    ['the JSON of the payload after it', forge({ alg: 'HS256' }, 'x'), 'malformed'],
    ['the claims last', forge({ alg: 'HS256' }, expired), 'expired'],
  ])('%s', (_name, value, code) => {
    expect(refusal(() => decode(value, keyFor('HS256'))).code).toBe(code)
  })
})

describe('T19, T20 nothing follows keys and addresses in the header', () => {
  test('a token that brings its own key is judged by ours alone (CVE-2018-0114)', async () => {
    const foreign = pairFor('ES256', 'foreign')
    const header = { alg: 'ES256', jwk: foreign.publicJwk, jku: 'https://evil.example/keys', x5c: ['MIIB'] }
    const value = forge(header, { sub: 'admin' }, { algorithm: 'ES256', key: foreign.privateKey })
    expect(await outcomeOfToken(value, keyFor('ES256'))).toBe('bad_signature')
    expect(outcomeOf(() => decode(value, null as unknown as VerificationKey))).toBe('key_invalid')
  })
})
