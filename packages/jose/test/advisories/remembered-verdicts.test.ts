/** T39–T42: what a verifier remembers between tokens must never be a verdict (§4.5). */
import { expect, test } from 'vitest'
import { secret, type VerificationKey } from '../../src/jwk/index.ts'
import { createVerifier, type CreateVerifierOptions } from '../../src/jwt/index.ts'
import { issuer, processOf } from '../jwks/issuers.ts'
import { forge, now, pairFor, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, now } as const
/** Every test here is passed with a memory of tokens and without one. */
const caches = [false, true, { maxTokens: 2 }] as const

test('T39 CVE-2026-35039: no token gets the claims of another, and nobody can say what makes two tokens equal', async () => {
  const users = Array.from({ length: 200 }, (_, index) => `user-${index}`)
  const tokens = users.map((sub) => token({ sub }))
  for (const cache of caches) {
    const verifier = createVerifier({ keys: key, ...policy, cache })
    for (let round = 0; round < 3; round += 1) {
      const verified = await Promise.all(tokens.map((value) => verifier.verify(value)))
      expect(verified.map(({ claims }) => claims.sub)).toEqual(users)
    }
    // The signature of one with the claims of another, after both were seen.
    const [first = [], second = []] = tokens.slice(-2).map((value) => value.split('.'))
    const mixed = [first[0], first[1], second[2]].join('.')
    expect(await outcomeLater(() => verifier.verify(mixed))).toBe('bad_signature')
    expect((await verifier.verify(second.join('.'))).claims.sub).toBe('user-199')
  }
  for (const name of ['cache', 'cacheKeyBuilder', 'cacheTTL'])
    expect(outcomeOf(() => createVerifier({ keys: key, ...policy, [name]: 1000 }))).toBe('option_invalid')
})

test('T40 GHSA-x937-hj6v-793p: a token that was good is judged again each time, on the clock of that time', async () => {
  for (const cache of caches) {
    const clock = { now }
    const options = { keys: key, ...policy, now: () => clock.now, cache }
    const verifier = createVerifier({ ...options, maxAgeSeconds: 100 })
    const value = token({ iat: now, nbf: now, exp: now + 200 })
    const at = (seconds: number): Promise<string> => {
      clock.now = seconds
      return outcomeLater(() => verifier.verify(value))
    }
    expect(await at(now)).toBe('accepted')
    expect(await at(now + 101)).toBe('too_old')
    expect(await at(now + 200)).toMatch(/expired|too_old/)
    expect(await at(now - 61)).toBe('not_yet_valid')
    expect(await at(now + 50)).toBe('accepted')
    const noIat = createVerifier(options)
    const bare = token({ exp: now + 10 })
    clock.now = now
    expect(await outcomeLater(() => noIat.verify(bare))).toBe('accepted')
    clock.now = now + 10
    expect(await outcomeLater(() => noIat.verify(bare))).toBe('expired')
  }
})

test('T41 lua-resty-openidc 1.9.0: two verifiers share nothing, whatever they differ in', async () => {
  const value = token({ iss: 'i', aud: 'a', exp: now + 9 })
  const other = secret(
    'HS256',
    new Uint8Array(32).map((_, at) => at),
  )
  const verifiers: [CreateVerifierOptions, string][] = [
    [{ keys: key, ...policy, issuer: 'i', audience: 'a' }, 'accepted'],
    [{ keys: key, ...policy, issuer: 'i', audience: 'b' }, 'claim_invalid'],
    [{ keys: key, ...policy, issuer: 'j', audience: 'a' }, 'claim_invalid'],
    [{ keys: key, ...policy, issuer: 'i', audience: 'a', required: ['jti'] }, 'claim_missing'],
    [{ keys: key, ...policy, issuer: 'i', audience: 'a', typ: 'at+jwt' }, 'typ_mismatch'],
    [{ keys: other, ...policy, issuer: 'i', audience: 'a' }, 'bad_signature'],
  ]
  const made = verifiers.flatMap(([options, outcome]) =>
    caches.map((cache) => ({ verifier: createVerifier({ ...options, cache }), outcome })),
  )
  for (let round = 0; round < 3; round += 1)
    for (const { verifier, outcome } of round % 2 === 0 ? made : made.toReversed())
      expect(await outcomeLater(() => verifier.verify(value))).toBe(outcome)
})

test('T42 a key that is gone verifies nothing more, and claims that were handed out cannot be changed', async () => {
  const signed = forge(
    { alg: 'ES256', kid: 'a' },
    { sub: 'x', roles: ['user'] },
    { algorithm: 'ES256', key: pairFor('ES256', 'a').privateKey },
  )
  for (const cache of caches) {
    const state = issuer()
    const { set } = processOf(state)
    const verifier = createVerifier({ keys: set, ...policy, cache })
    const { claims } = await verifier.verify(signed)
    expect(() => Object.assign(claims, { sub: 'admin' })).toThrow(TypeError)
    expect(() => (claims['roles'] as string[]).push('admin')).toThrow(TypeError)
    expect((await verifier.verify(signed)).claims).toEqual({ sub: 'x', roles: ['user'] })
    const { generation } = set
    state.names = ['b']
    await set.reload()
    expect(set.generation).toBeGreaterThan(generation)
    state.now += 20
    expect(await outcomeLater(() => verifier.verify(signed))).toBe('key_not_found')
  }

  for (const cache of caches) {
    let keys: readonly VerificationKey[] = [key]
    const own = createVerifier({ keys: { selectKeys: () => keys }, ...policy, cache })
    expect(await outcomeLater(() => own.verify(token({})))).toBe('accepted')
    keys = []
    expect(await outcomeLater(() => own.verify(token({})))).toBe('key_not_found')
  }
})
