import { describe, expect, test } from 'vitest'
import {
  createLocalJwkSet,
  createRemoteJwkSet,
  createVerifier,
  decode,
  type JoseError,
  secret,
  type SignatureAlgorithm,
  supports,
  verifyJwt,
} from '../../src/index.ts'
import { createTestIssuer, type TestIssuer, type TestIssuerOptions } from '../../src/testing/index.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { algorithms } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

/** The outcome of verifying a token as an API does. */
async function verdictOf(issuer: TestIssuer, token: string): Promise<string> {
  try {
    await createVerifier(issuer.trust).verify(token)
    return 'accepted'
  } catch (error) {
    const { code, claim } = error as JoseError
    return claim === undefined ? code : `${code} ${claim}`
  }
}

describe('createTestIssuer', () => {
  test('makes an RFC 9068 access token that is accepted', async () => {
    const issuer = await createTestIssuer({ now: 1_800_000_000 })
    const token = await issuer.sign({ scope: 'orders' })
    const { header, claims } = decodeUnverified(token).unverified
    expect(header).toEqual({ typ: 'at+jwt', alg: 'ES256', kid: issuer.jwks().keys[0]?.kid })
    expect(claims).toEqual({
      iss: 'https://issuer.test',
      sub: 'test-user',
      aud: 'https://api.test',
      client_id: 'test-client',
      iat: 1_800_000_000,
      exp: 1_800_000_600,
      jti: 'test-1',
      scope: 'orders',
    })
    expect(await verdictOf(issuer, token)).toBe('accepted')
  })

  test.each(algorithms)('works with %s', async (algorithm) => {
    if (!(await supports(algorithm))) return
    const issuer = await createTestIssuer({ algorithm })
    expect(await verdictOf(issuer, await issuer.sign())).toBe('accepted')
    expect(await verdictOf(issuer, await issuer.wrongKey())).toBe('bad_signature')
    expect(issuer.algorithm).toBe(algorithm)
  })

  test.each(['ES256', 'RS256', 'Ed25519', 'HS256'] as const)(
    'has the same %s keys in every run',
    async (algorithm) => {
      const [one, other] = await Promise.all([
        createTestIssuer({ algorithm }),
        createTestIssuer({ algorithm }),
      ])
      expect(await verdictOf(one, await other.sign())).toBe('accepted')
      expect(one.jwks()).toEqual(other.jwks())
    },
  )

  test('a shared secret is handed out as text, and published nowhere', async () => {
    const issuer = await createTestIssuer({ algorithm: 'HS256' })
    const key = secret('HS256', issuer.secret)
    expect(decode(await issuer.sign(), key, { audience: issuer.audience }).sub).toBe('test-user')
    expect(issuer.jwks()).toEqual({ keys: [] })
    expect((await createTestIssuer()).secret).toBeUndefined()
  })

  test('private members are never published', async () => {
    for (const algorithm of ['ES256', 'RS256', 'Ed25519'] as const) {
      const issuer = await createTestIssuer({ algorithm })
      await issuer.rotate()
      for (const key of issuer.jwks().keys) {
        for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(name)
      }
    }
  })

  test('issuer, audience and typ are the options', async () => {
    const options = { issuer: 'https://a.test/tenant', audience: 'api', typ: 'JWT' }
    const issuer = await createTestIssuer(options)
    const { header, claims } = decodeUnverified(await issuer.sign()).unverified
    expect([claims['iss'], claims['aud'], header['typ']]).toEqual(['https://a.test/tenant', 'api', 'JWT'])
    expect(await verdictOf(issuer, await issuer.sign())).toBe('accepted')
  })

  test('claims are in every token, in the corpus too', async () => {
    const issuer = await createTestIssuer({ claims: { scope: 'orders', sub: 'alice' } })
    for (const token of [await issuer.sign(), await issuer.expired(), await issuer.forge('ok-plain')])
      expect(decodeUnverified(token).unverified.claims).toMatchObject({ scope: 'orders', sub: 'alice' })
    expect(decodeUnverified(await issuer.sign({ sub: 'bob' })).unverified.claims['sub']).toBe('bob')
  })

  test.each([
    { issuer: 'not a URL' },
    { issuer: 'http://issuer.test' },
    { issuer: 'https://issuer.test?x' },
    { issuer: undefined },
    { audience: '' },
    { audience: ['a'] },
    { algorithm: 'none' },
    { typ: '' },
    { claims: ['scope'] },
    { now: Number.NaN },
    { now: '5' },
    { isuer: 'https://issuer.test' },
  ])('refuses %o', async (options) => {
    expect((await rejection(createTestIssuer(options as TestIssuerOptions))).code).toBe('option_invalid')
  })
})

describe('its clock', () => {
  test('stands still at the second in which it was made, until it is moved', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { clock } = await createTestIssuer()
    expect(clock.now()).toBeGreaterThanOrEqual(before)
    expect(Number.isInteger(clock.now())).toBe(true)
    clock.set(100)
    clock.advance(5)
    expect(clock.now()).toBe(105)
    clock.advance(-10)
    expect(clock.now()).toBe(95)
  })

  test('decides the dates of tokens, and with trust what a verifier thinks of them', async () => {
    const issuer = await createTestIssuer()
    const token = await issuer.sign()
    issuer.clock.advance(599)
    expect(await verdictOf(issuer, token)).toBe('accepted')
    issuer.clock.advance(1)
    expect(await verdictOf(issuer, token)).toBe('expired exp')
    expect(await verdictOf(issuer, await issuer.sign())).toBe('accepted')
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '5', undefined])('is not moved by %o', async (value) => {
    const { clock } = await createTestIssuer()
    expect(() => clock.advance(value as number)).toThrow('expected a finite number')
    expect(() => clock.set(value as number)).toThrow('expected a finite number')
  })
})

describe('faults', () => {
  test.each([
    ['expired', 'expired exp'],
    ['notYetValid', 'not_yet_valid nbf'],
    ['wrongAudience', 'claim_invalid aud'],
    ['wrongIssuer', 'claim_invalid iss'],
    ['wrongKey', 'bad_signature'],
    ['unknownKey', 'key_not_found'],
  ] as const)('%s() is %s', async (fault, verdict) => {
    for (const algorithm of ['ES256', 'RS256', 'HS256'] as const) {
      const issuer = await createTestIssuer({ algorithm })
      const token = await issuer[fault]({ scope: 'orders' })
      expect(await verdictOf(issuer, token)).toBe(verdict)
      expect(decodeUnverified(token).unverified.claims['scope']).toBe('orders')
    }
  })

  test('withoutClaim leaves a claim out and keeps the rest', async () => {
    const issuer = await createTestIssuer()
    expect(await verdictOf(issuer, await issuer.withoutClaim('exp'))).toBe('claim_missing exp')
    expect(await verdictOf(issuer, await issuer.withoutClaim('aud'))).toBe('claim_missing aud')
    expect(await verdictOf(issuer, await issuer.withoutClaim('client_id'))).toBe('accepted')
  })

  test('sign makes broken claims and headers too', async () => {
    const issuer = await createTestIssuer()
    expect(await verdictOf(issuer, await issuer.sign({ exp: 'never' }))).toBe('claim_invalid exp')
    expect(await verdictOf(issuer, await issuer.sign({}, { header: { typ: 'JOSE' } }))).toBe('typ_mismatch')
    expect(await verdictOf(issuer, await issuer.sign({}, { header: { alg: undefined } }))).toBe('malformed')
    const short = await issuer.sign({}, { expiresIn: '5s' })
    issuer.clock.advance(5)
    expect(await verdictOf(issuer, short)).toBe('expired exp')
    expect((await rejection(issuer.sign({}, { expiresIn: 0 }))).code).toBe('option_invalid')
    expect((await rejection(issuer.sign({}, { headers: {} } as object))).code).toBe('option_invalid')
  })

  test.each([
    ['alg-none', 'alg_not_allowed'],
    ['alg-none-case', 'alg_not_allowed'],
    ['hs256-with-public-key', 'alg_not_allowed'],
    ['embedded-jwk', 'bad_signature'],
    ['embedded-jku', 'bad_signature'],
    ['stripped-signature', 'malformed'],
    ['changed-claims', 'bad_signature'],
    ['changed-header', 'bad_signature'],
    ['wrong-key', 'bad_signature'],
    ['unknown-crit', 'crit_unsupported'],
    ['duplicate-member', 'malformed'],
    ['non-canonical-signature', 'malformed'],
    ['token-leading-space', 'malformed'],
    ['limit-dots', 'too_large'],
    ['exp-past', 'expired exp'],
  ])("forge('%s') is %s", async (id, code) => {
    const issuer = await createTestIssuer()
    const key = createVerifier({
      ...issuer.trust,
      keys: createLocalJwkSet(issuer.jwks()),
      algorithms: ['ES256'],
    })
    const token = await issuer.forge(id)
    expect(await verdictOf(issuer, token)).toMatch(
      id === 'hs256-with-public-key' ? /alg_not_allowed|key_not_found/ : code,
    )
    expect((await rejection(key.verify(token))).code).toBe(code.split(' ')[0])
  })

  test('forge refuses a name that is not in the corpus, or not for this algorithm', async () => {
    const issuer = await createTestIssuer({ algorithm: 'HS256' })
    for (const id of ['alg-nothing', 'hs256-with-public-key', 'foreign-HS256', 'input-null']) {
      expect((await rejection(issuer.forge(id))).code).toBe('option_invalid')
    }
  })
})

describe('rotation', () => {
  test.each(['ES256', 'HS256', 'ES384'] as const)(
    'with %s: old tokens stay good while their key is published',
    async (algorithm) => {
      const issuer = await createTestIssuer({ algorithm: algorithm as SignatureAlgorithm })
      const old = await issuer.sign()
      await issuer.rotate()
      const fresh = await issuer.sign()
      expect(decodeUnverified(fresh).unverified.header['kid']).not.toBe(
        decodeUnverified(old).unverified.header['kid'],
      )
      expect([await verdictOf(issuer, old), await verdictOf(issuer, fresh)]).toEqual(['accepted', 'accepted'])
      await issuer.rotate({ keepOld: false })
      expect([await verdictOf(issuer, old), await verdictOf(issuer, fresh)]).toEqual([
        'key_not_found',
        'key_not_found',
      ])
      expect(await verdictOf(issuer, await issuer.sign())).toBe('accepted')
      expect(await verdictOf(issuer, await issuer.wrongKey())).toBe('bad_signature')
    },
  )

  test('the generation of the key set tells of it', async () => {
    const issuer = await createTestIssuer()
    expect(issuer.keySet.generation).toBe(0)
    await issuer.rotate()
    expect(issuer.keySet.generation).toBe(1)
  })

  test('the attacker never gets the key that the issuer rotates to', async () => {
    const issuer = await createTestIssuer()
    for (let round = 0; round < 4; round += 1) {
      await issuer.rotate()
      expect(await verdictOf(issuer, await issuer.unknownKey())).toBe('key_not_found')
    }
  })
})

describe('fetch', () => {
  const remote = (issuer: TestIssuer, now = (): number => 0) =>
    createRemoteJwkSet({ issuer: issuer.issuer }, { fetch: issuer.fetch, now, timeoutMs: 50 })

  test('serves metadata and keys to createRemoteJwkSet, and writes down what was asked for', async () => {
    const issuer = await createTestIssuer({ issuer: 'https://issuer.test/tenant' })
    await verifyJwt(await issuer.sign(), remote(issuer), { issuer: issuer.issuer, audience: issuer.audience })
    expect(issuer.requests).toEqual([
      'GET https://issuer.test/.well-known/oauth-authorization-server/tenant',
      'GET https://issuer.test/.well-known/jwks.json',
    ])
  })

  test('serves the metadata of OpenID Connect Discovery too', async () => {
    const issuer = await createTestIssuer({ issuer: 'https://issuer.test/tenant' })
    const response = await issuer.fetch('https://issuer.test/tenant/.well-known/openid-configuration')
    expect(await response.json()).toMatchObject({
      issuer: 'https://issuer.test/tenant',
      jwks_uri: 'https://issuer.test/.well-known/jwks.json',
    })
  })

  test('serves nothing else', async () => {
    const { fetch } = await createTestIssuer()
    for (const url of [
      'https://issuer.test/',
      'https://issuer.test/token',
      'https://example.com/.well-known/jwks.json',
    ])
      expect((await fetch(url)).status).toBe(404)
    expect((await fetch('https://issuer.test/.well-known/jwks.json', { method: 'POST' })).status).toBe(405)
    expect((await fetch(new Request('https://issuer.test/.well-known/jwks.json'))).status).toBe(200)
    expect((await fetch(new URL('https://issuer.test/.well-known/jwks.json?x'))).status).toBe(200)
  })

  test('after a rotation a remote set finds the new key', async () => {
    const issuer = await createTestIssuer()
    const keys = remote(issuer)
    const { issuer: iss, audience } = issuer
    await verifyJwt(await issuer.sign(), keys, { issuer: iss, audience })
    await issuer.rotate()
    await verifyJwt(await issuer.sign(), keys, { issuer: iss, audience })
    expect(issuer.requests.filter((line) => line.endsWith('jwks.json'))).toHaveLength(2)
  })

  test.each(['status', 'network'] as const)(
    'jwksDown(%s): keys are unavailable, until jwksUp',
    async (how) => {
      const issuer = await createTestIssuer()
      const token = await issuer.sign()
      issuer.jwksDown(how)
      const options = { issuer: issuer.issuer, audience: issuer.audience }
      expect((await rejection(verifyJwt(token, remote(issuer), options))).code).toBe('keys_unavailable')
      expect(await verdictOf(issuer, token)).toBe('keys_unavailable')
      issuer.jwksUp()
      await verifyJwt(token, remote(issuer), options)
      expect(await verdictOf(issuer, token)).toBe('accepted')
    },
  )

  test('jwksSlow: a verifier with less patience gives up, and the wait ends with it', async () => {
    const issuer = await createTestIssuer()
    issuer.jwksSlow(3_600_000)
    const verify = async () =>
      verifyJwt(await issuer.sign(), remote(issuer), { issuer: issuer.issuer, audience: issuer.audience })
    expect(await outcomeLater(verify)).toBe('keys_unavailable')
    issuer.jwksSlow(1)
    expect(await outcomeLater(verify)).toBe('accepted')
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(issuer.fetch('https://issuer.test/.well-known/jwks.json', { signal })).rejects.toThrow(
      'enough',
    )
  })

  test('refuses what is no outage', async () => {
    const issuer = await createTestIssuer()
    expect(() => issuer.jwksDown('rain' as 'status')).toThrow('expected status or network')
    expect(() => issuer.jwksSlow(-1)).toThrow('expected milliseconds')
  })
})
