/** Laws that hold for all claims, keys and tokens, tried with random ones. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createLocalJwkSet,
  createVerifier,
  decode,
  encode,
  importKey,
  secret,
  verifyJwt,
} from '../src/index.ts'
import type { ClaimsSet, SigningKey, VerificationKey } from '../src/index.ts'
import { isJoseError, JoseError } from '../src/errors.ts'
import { decodeUnverified } from '../src/unverified.ts'
import { algorithms, asymmetricAlgorithms, forge, pairFor, sharedSecret, token } from './forge.ts'
import { decodeLater, encodeLater, isSynchronous, outcomeOfToken, verifyLater } from './later.ts'
import { outcomeLater, outcomeOf } from './outcome.ts'

interface Pair {
  readonly sign: SigningKey
  readonly verify: VerificationKey
}

const pairs = new Map<string, Pair>()
for (const name of algorithms) {
  if (name === 'HS256' || name === 'HS384' || name === 'HS512') {
    const key = secret(name, sharedSecret)
    pairs.set(name, { sign: key, verify: key })
  } else {
    const key = await importKey(pairFor(name).privateJwk, { type: 'private' })
    pairs.set(name, { sign: key, verify: key.publicKey })
  }
}
const pairOf = (name: string): Pair => pairs.get(name)!
const anyAlgorithm = fc.constantFrom(...algorithms)
const policy = { issuer: null, audience: null, requireExp: false } as const

const registered = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__'])
const name = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('a', 'b', 'constructor', 'a:b', ':', '"', '\\'),
)
const privateClaims = fc.dictionary(name, fc.jsonValue({ stringUnit: 'grapheme' }), { maxKeys: 6 })
const anyClaims = fc
  .record(
    {
      own: privateClaims,
      registered: fc.record(
        {
          iss: fc.string(),
          sub: fc.string({ unit: 'grapheme' }),
          jti: fc.string(),
          iat: fc.nat(1_700_000_000),
          exp: fc.integer({ min: 5_000_000_000, max: 90_000_000_000 }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['own', 'registered'] },
  )
  .map(({ own, registered: known }) => ({
    ...Object.fromEntries(Object.entries(own).filter(([key]) => !registered.has(key))),
    ...known,
  }))
  .filter((claims) => !JSON.stringify(claims).includes('__proto__')) as fc.Arbitrary<ClaimsSet>

test('what is signed is what is verified: claims come back as JSON holds them, through every algorithm', async () => {
  await fc.assert(
    fc.asyncProperty(anyAlgorithm, anyClaims, async (algorithm, claims) => {
      const { sign, verify } = pairOf(algorithm)
      const value = await encodeLater(claims, sign, { allowSecretClaims: true })
      const plain = JSON.parse(JSON.stringify(claims)) as unknown
      const found = await decodeLater(value, verify)
      expect(found).toEqual(plain)
      expect(JSON.stringify(found)).toBe(JSON.stringify(plain))
    }),
    { numRuns: 300 },
  )
})

test('decode, verifyJwt and a verifier with a JWK Set agree', async () => {
  const keys = createLocalJwkSet({
    keys: asymmetricAlgorithms.map((algorithm) => pairFor(algorithm).publicJwk),
  })
  const verifier = createVerifier({ keys, ...policy })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...asymmetricAlgorithms), anyClaims, async (algorithm, claims) => {
      const { sign, verify } = pairOf(algorithm)
      const value = await encodeLater(claims, sign, { allowSecretClaims: true })
      const { claims: found, header } = await verifyJwt(value, verify, policy)
      expect(header.alg).toBe(algorithm)
      expect(await decodeLater(value, verify)).toEqual(found)
      expect(await verifyLater(verifier, value)).toEqual({ claims: found, header })
    }),
    { numRuns: 60 },
  )
})

describe('flipping any bit of any segment', () => {
  test.each(algorithms)('of a token of %s never verifies', async (algorithm) => {
    const { sign, verify } = pairOf(algorithm)
    const value = await encodeLater({ sub: 'a', n: 1 }, sign)
    const verifier = createVerifier({ keys: verify, ...policy })
    await verifyLater(verifier, value)
    // A promise for each costs more than the signature, and long or slow signatures are many times as much work.
    const isQuick = isSynchronous && /^(HS|ES256|Ed25519|EdDSA)/.test(algorithm)
    const step = algorithm.startsWith('ML') ? 53 : isQuick ? 1 : 7
    for (let at = 0; at < value.length; at += step) {
      for (let bit = 0; bit < 7; bit += 1) {
        const flipped =
          value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ (1 << bit)) + value.slice(at + 1)
        expect(await outcomeLater(() => verifyLater(verifier, flipped))).not.toBe('accepted')
      }
    }
  })

  test('of its octets, under the encoding, never verifies', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyAlgorithm,
        fc.constantFrom(0, 1, 2),
        fc.nat(),
        fc.nat(7),
        async (algorithm, part, place, bit) => {
          const { sign, verify } = pairOf(algorithm)
          const segments = (await encodeLater({ sub: 'a' }, sign)).split('.')
          const octets = Buffer.from(segments[part] ?? '', 'base64url')
          const at = place % octets.length
          octets[at] = (octets[at] ?? 0) ^ (1 << bit)
          segments[part] = octets.toString('base64url')
          const outcome = await outcomeOfToken(segments.join('.'), verify)
          expect(['bad_signature', 'malformed', 'alg_not_allowed', 'crit_unsupported']).toContain(outcome)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('T16 what is accepted has one spelling', () => {
  test('its segments decode and encode to themselves', () => {
    const { sign, verify } = pairOf('HS256')
    const good = encode({ sub: 'a' }, sign)
    const edits = fc.array(
      fc.record({
        at: fc.nat(good.length),
        remove: fc.nat(2),
        insert: fc.string({
          unit: fc.constantFrom('A', 'z', '_', '-', '=', '.', ' ', '\n', '+', '/', '\0', 'Ł'),
          maxLength: 2,
        }),
      }),
      { maxLength: 2 },
    )
    fc.assert(
      fc.property(edits, (list) => {
        let value = good
        for (const { at, remove, insert } of list)
          value = value.slice(0, at) + insert + value.slice(at + remove)
        if (outcomeOf(() => decode(value, verify)) !== 'accepted') return
        expect(value).toBe(good)
        const encoded = value.split('.').map((part) => Buffer.from(part, 'base64url').toString('base64url'))
        expect(encoded.join('.')).toBe(value)
      }),
      { numRuns: 3000 },
    )
  })
})

test('any text at all in place of a token gets one of our codes, and never an error from inside', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: fc.constantFrom('.', 'e', 'y', 'J', '=', '{', '"', '\ud800'), maxLength: 60 }),
    fc
      .tuple(fc.base64String(), fc.base64String(), fc.base64String())
      .map((parts) => parts.join('.').replaceAll('=', '')),
    fc.tuple(fc.json(), fc.json()).map(([header, payload]) => forge(header, payload)),
    fc
      .tuple(fc.jsonValue(), fc.jsonValue())
      .map(([a, b]) => forge({ alg: 'HS256', crit: a, kid: b }, { exp: a, aud: b })),
  )
  const { verify } = pairOf('HS256')
  fc.assert(
    fc.property(text, (value) => {
      for (const action of [() => decode(value, verify), () => decodeUnverified(value)])
        expect(outcomeOf(action)).toMatch(/^[a-z_]+$/)
    }),
    { numRuns: 1500 },
  )
})

test('any value in place of claims is signed as it will be read, or refused with claim_invalid', () => {
  const { sign, verify } = pairOf('HS256')
  fc.assert(
    fc.property(
      fc.object({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
      (value) => {
        const outcome = outcomeOf(() => encode(value, sign, { allowSecretClaims: true }))
        expect(['accepted', 'claim_invalid', 'too_large']).toContain(outcome)
        if (outcome !== 'accepted') return
        const made = encode(value, sign, { allowSecretClaims: true })
        expect(decodeUnverified(made).unverified.claims).toEqual(JSON.parse(JSON.stringify(value)))
        // Times and types were judged when it was signed; only the present can refuse it now.
        expect(['accepted', 'expired', 'not_yet_valid', 'claim_invalid']).toContain(
          outcomeOf(() => decode(made, verify)),
        )
      },
    ),
    { numRuns: 500 },
  )
})

describe('T57 no message holds a piece of a token, a secret or a claim', () => {
  const marker = fc.string({
    unit: fc.constantFrom('Q', 'W', 'X', 'Z', '7', '9'),
    minLength: 12,
    maxLength: 24,
  })
  const shown = (error: unknown): string => {
    if (!isJoseError(error))
      return error instanceof Error ? `unexpected ${error.name}: ${error.message}` : 'unexpected'
    const { message, stack, claim, code, cause } = error
    const below = cause instanceof JoseError ? cause.message : ''
    return [message, stack, claim, code, below, JSON.stringify(error)].join(' ')
  }
  const errorOf = (action: () => unknown): string => {
    try {
      action()
      return ''
    } catch (error) {
      return shown(error)
    }
  }

  test('when tokens are refused', () => {
    const wrong = (value: string): object[] => [
      { iss: value },
      { aud: [value] },
      { sub: value, exp: 1 },
      { sub: value, nbf: 9e9 },
      { exp: value },
      { jti: [value] },
      { sub: { [value]: 1 } },
    ]
    fc.assert(
      fc.property(marker, (value) => {
        const verifier = createVerifier({
          keys: secret('HS256', sharedSecret),
          issuer: 'i',
          audience: 'a',
          subject: 's',
        })
        const tokens = [
          ...wrong(value).map((claims) => token(claims)),
          token({}, { kid: value, crit: [value], [value]: 1 }),
          token({}, { typ: value }),
          token({}, { alg: value }),
          token({}, { jku: 5, x5c: value }),
          forge({ alg: 'HS256' }, { sub: value }, { key: new TextEncoder().encode(value) }),
          `${value}.${value}.${value}`,
          `${value} ${value}`,
          `{"${value}":"`,
          forge({ alg: 'HS256' }, `{"a":"${value}`),
          forge({ alg: 'HS256' }, `{"${value}":1,"${value}":2}`),
        ]
        for (const each of tokens) {
          const text = errorOf(() => verifier.verifySync(each))
          expect(text).not.toBe('')
          expect(text).not.toContain(value.slice(0, 8))
          expect(text).not.toContain(each.slice(-20))
          expect(text).not.toContain('unexpected')
        }
      }),
      { numRuns: 60 },
    )
  })

  test('when keys and claims to sign are refused', () => {
    const key = secret('HS256', sharedSecret)
    fc.assert(
      fc.property(marker, (value) => {
        const actions = [
          () => secret('HS512', value),
          () => secret('HS256', { hex: value }),
          () => secret('HS256', { base64url: `${value}=` }),
          () => secret('HS256', `-----BEGIN ${value} PUBLIC KEY-----`),
          () => secret(value as 'HS256', sharedSecret),
          () => encode({ exp: value as unknown as number }, key),
          () => encode({ a: `${value}\ud800` }, key),
          () => encode(JSON.parse(JSON.stringify({ password: value })), key),
          () => encode({}, value, { algorithm: 'HS256' }),
          () => encode({}, key, { expiresIn: value as '1s' }),
          () => encode({}, key, { header: { kid: { [value]: value } } }),
          () => encode({}, key, { algorithm: value as 'HS256' }),
          () => decode(token({}), value, { algorithms: ['HS256'] }),
          () => decode(token({}), key, { algorithms: [value as 'HS256'] }),
          () => decode(token({ aud: 'x' }), key, { audience: [value, ''] }),
          () => createLocalJwkSet({ keys: [{ kty: 'oct', k: value, kid: value }] }),
        ]
        for (const action of actions) {
          const text = errorOf(action)
          expect(text).not.toBe('')
          expect(text).not.toContain(value.slice(0, 8))
          expect(text).not.toContain('unexpected')
        }
      }),
      { numRuns: 60 },
    )
  })
})
