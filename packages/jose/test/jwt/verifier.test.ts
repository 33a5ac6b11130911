import { describe, expect, test } from 'vitest'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { createVerifier, type CreateVerifierOptions } from '../../src/jwt/verifier.ts'
import { forge, now, pairFor, sharedSecret, token } from '../forge.ts'
import { isSynchronous, turn } from '../later.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: 'i', audience: 'a', now } as const
const verifier = createVerifier({ keys: key, ...policy })
const good = token({ iss: 'i', aud: 'a', exp: now + 9 })

describe('createVerifier', () => {
  test('has five ways that agree on every token', async () => {
    const tokens = [
      good,
      token({ iss: 'i', aud: 'a', exp: now }),
      token({ iss: 'x', aud: 'a', exp: now + 9 }),
      forge({ alg: 'HS256' }, {}, { key: new Uint8Array(32).fill(1) }),
      forge({ alg: 'none' }, {}),
      'x',
      undefined as unknown as string,
    ]
    for (const value of tokens) {
      const sync = outcomeOf(() => verifier.verifySync(value))
      expect(await outcomeLater(() => verifier.verify(value))).toBe(sync)
      const safe = verifier.safeVerifySync(value)
      expect(safe.ok ? 'accepted' : safe.code).toBe(sync)
      expect(await verifier.safeVerify(value)).toEqual(safe)
      expect(verifier.safeVerifyNow(value)).toEqual(safe)
    }
  })

  test('is frozen: nobody can replace its functions', () => {
    expect(Object.isFrozen(verifier)).toBe(true)
    expect(Object.keys(verifier).sort()).toEqual([
      'safeVerify',
      'safeVerifyNow',
      'safeVerifySync',
      'verify',
      'verifySync',
    ])
  })

  test('safeVerifyNow gives a promise where the keys come later, and there alone', async () => {
    const later = createVerifier({ keys: { selectKeys: async () => [key] }, ...policy })
    const answer = later.safeVerifyNow(good)
    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toEqual(verifier.safeVerifySync(good))
    const known = createVerifier({ keys: { selectKeys: () => [key] }, ...policy })
    expect(known.safeVerifyNow(good)).toMatchObject({ ok: true, claims: { iss: 'i' } })
    const broken = createVerifier({ keys: key, ...policy, now: () => Number.NaN })
    expect(outcomeOf(() => broken.safeVerifyNow(good))).toBe('option_invalid')
  })

  test('needs no this', () => {
    const { verifySync } = verifier
    expect(verifySync(good).claims.iss).toBe('i')
  })

  test('T41 two verifiers of other audiences never share a verdict', () => {
    const other = createVerifier({ keys: key, ...policy, audience: 'b' })
    for (let round = 0; round < 3; round += 1) {
      expect(outcomeOf(() => verifier.verifySync(good))).toBe('accepted')
      expect(outcomeOf(() => other.verifySync(good))).toBe('claim_invalid')
    }
  })

  test('T40 asks the clock for every token', () => {
    let present = now
    const moving = createVerifier({ keys: key, ...policy, now: () => present })
    expect(outcomeOf(() => moving.verifySync(good))).toBe('accepted')
    present = now + 9
    expect(outcomeOf(() => moving.verifySync(good))).toBe('expired')
    present = now
    expect(outcomeOf(() => moving.verifySync(good))).toBe('accepted')
  })

  test('asks a key set for every token: a key that is gone is gone (T42)', () => {
    let keys = [key]
    const following = createVerifier({ keys: { selectKeys: () => keys }, ...policy })
    expect(outcomeOf(() => following.verifySync(good))).toBe('accepted')
    keys = []
    expect(outcomeOf(() => following.verifySync(good))).toBe('key_not_found')
  })

  test('checks keys at once', async () => {
    const make = (keys: unknown, more: object = {}) =>
      outcomeOf(() => createVerifier({ keys, ...policy, ...more } as CreateVerifierOptions))
    expect(make(undefined)).toBe('key_invalid')
    expect(make(sharedSecret)).toBe('option_invalid')
    expect(make('short', { algorithms: ['HS256'] })).toBe('weak_key')
    expect(make(key, { algorithms: ['ES256'] })).toBe('alg_not_allowed')
    expect(make(await importKey(pairFor('ES256').privateJwk))).toBe('key_invalid')
    expect(outcomeOf(() => createVerifier(policy as unknown as CreateVerifierOptions))).toBe('key_invalid')
  })

  test('verifySync with keys that are not at hand is unsupported and leaves no promise unhandled', async () => {
    const later = createVerifier({ keys: { selectKeys: () => Promise.reject(new Error('down')) }, ...policy })
    expect(outcomeOf(() => later.verifySync(good))).toBe('unsupported')
    expect(later.safeVerifySync(good)).toMatchObject({ ok: false, code: 'unsupported' })
    await turn()
  })

  test.runIf(isSynchronous)('gives a JWK Set’s verdict at once', () => {
    const { privateKey, publicJwk } = pairFor('ES256')
    const local = createVerifier({ keys: createLocalJwkSet({ keys: [publicJwk] }), ...policy })
    const claims = { iss: 'i', aud: 'a', exp: now + 9 }
    const value = forge({ alg: 'ES256' }, claims, { algorithm: 'ES256', key: privateKey })
    expect(local.verifySync(value).claims).toEqual(claims)
    expect(outcomeOf(() => local.verifySync(good))).toBe('key_not_found')
  })
})

test('many headers in turn are each judged by themselves (the memory of headers is bounded)', () => {
  const any = createVerifier({ keys: key, issuer: null, audience: null, requireExp: false })
  for (let round = 0; round < 3; round += 1) {
    for (let index = 0; index < 60; index += 1) {
      const { header } = any.verifySync(token({}, { kid: `k${index}` }))
      expect(header.kid).toBe(`k${index}`)
      const none = forge({ alg: 'none', kid: `k${index}` }, {})
      expect(outcomeOf(() => any.verifySync(none))).toBe('alg_not_allowed')
    }
  }
})

test('a header that begins like a remembered one is another header', () => {
  const any = createVerifier({ keys: key, issuer: null, audience: null, requireExp: false })
  const [header, payload, signature] = token({}).split('.') as [string, string, string]
  any.verifySync(token({}))
  for (const other of [`${header}A`, `${header}AA`, header.slice(0, -1), `${header}=`, header.toLowerCase()])
    expect(outcomeOf(() => any.verifySync(`${other}.${payload}.${signature}`))).not.toBe('accepted')
})

test('a rejection of verify is a JoseError with a code', async () => {
  const error = await rejection(verifier.verify('a.b.c'))
  expect(error.code).toBe('malformed')
})
