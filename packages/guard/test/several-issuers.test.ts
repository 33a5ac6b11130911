/** P27: a guard that trusts several issuers. What it knows of one says nothing of another. */
import { createLocalJwkSet, createRemoteJwkSet, importKey } from '@tessera/jose'
import type { Jwk, JwkSet, PublicKey } from '@tessera/jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { followRevocations } from '../src/feed/follow-revocations.ts'
import { createGuard, guardFrom } from '../src/guard.ts'
import type { Guard, GuardResult } from '../src/guard.ts'
import type { GuardOptions, SeveralIssuersOptions, TrustedIssuer } from '../src/options.ts'
import { revocationSet } from '../src/revocations.ts'
import { makeKey, signWith, startIssuer } from './issuer.ts'
import type { Issuer, IssuerKey } from './issuer.ts'

const audience = 'https://api.example'
const now = 1_800_000_000
const wide = { now: () => now } as const

/** Two issuers whose keys, users, sessions and tokens all have the same names. */
const [keyA, keyB] = [makeKey('k'), makeKey('k')]
let a: Issuer
let b: Issuer

beforeAll(async () => {
  a = await startIssuer([keyA])
  b = await startIssuer([keyB])
})
afterAll(async () => {
  await a.close()
  await b.close()
})

const urls = (): readonly [string, string] => [a.url, b.url]

function token(key: IssuerKey, iss: unknown, changes: object = {}, header: object = {}): string {
  const claims = { iss, aud: audience, sub: 'alice', sid: 's', jti: 'j', exp: now + 60, ...changes }
  return signWith(key.privateKey, { typ: 'at+jwt', alg: 'ES256', kid: key.kid, ...header }, claims)
}

function guardOf(changes: readonly [Partial<TrustedIssuer>, Partial<TrustedIssuer>] = [{}, {}]): Guard {
  const issuers = urls().map((issuer, index) => ({ issuer, audience, ...changes[index] }))
  return createGuard({ ...wide, issuers })
}

const ask = (guard: Guard, text: string): Promise<GuardResult> =>
  guard.authenticate({ method: 'GET', url: '/', headers: { authorization: `Bearer ${text}` } })

const codeOf = async (guard: Guard, text: string): Promise<string> => {
  const result = await ask(guard, text)
  return result.ok ? `of ${result.auth.claims.iss}` : result.body.code
}

describe('P27: a guard of several issuers', () => {
  test('lets in the tokens of each, and says of whom: the same user name is two people', async () => {
    const guard = guardOf()
    const [issuerA, issuerB] = urls()
    expect(await codeOf(guard, token(keyA, issuerA))).toBe(`of ${issuerA}`)
    expect(await codeOf(guard, token(keyB, issuerB))).toBe(`of ${issuerB}`)
  })

  test("never takes A's key for B's name, with equal key IDs and with none (RFC 8725 §3.8)", async () => {
    const guard = guardOf()
    const [issuerA, issuerB] = urls()
    for (const header of [{}, { kid: undefined }]) {
      expect(await codeOf(guard, token(keyA, issuerB, {}, header))).toBe('bad_signature')
      expect(await codeOf(guard, token(keyB, issuerA, {}, header))).toBe('bad_signature')
    }
  })

  test('remembers tokens of each apart: a known token of A does not come back as one of B', async () => {
    const guard = guardOf([{ cache: true }, { cache: true }])
    const [issuerA, issuerB] = urls()
    const known = token(keyA, issuerA)
    for (let times = 0; times < 3; times += 1) expect(await codeOf(guard, known)).toBe(`of ${issuerA}`)
    const [header, , signature] = known.split('.')
    const [, claims] = token(keyA, issuerB).split('.')
    expect(await codeOf(guard, `${header}.${claims}.${signature}`)).toBe('bad_signature')
    expect(await codeOf(guard, token(keyA, issuerB))).toBe('bad_signature')
  })

  test('an issuer that stands in a token twice picks nobody', async () => {
    const [issuerA, issuerB] = urls()
    const guard = guardOf()
    for (const [first, second] of [
      [issuerA, issuerB],
      [issuerB, issuerA],
    ]) {
      const twice = `{"iss":"${first}","iss":"${second}","aud":"${audience}","exp":${now + 60}}`
      const codes = [keyA, keyB].map(({ privateKey }) =>
        codeOf(guard, signWith(privateKey, { typ: 'at+jwt', alg: 'ES256', kid: 'k' }, twice)),
      )
      expect((await Promise.all(codes)).toSorted()).toEqual(['bad_signature', 'malformed'])
    }
  })

  test.each([
    ['another', () => 'https://evil.example'],
    ['one that begins alike', () => `${a.url}/`],
    ['a list', () => [a.url]],
    ['none', () => undefined],
  ])('of %s it has no key, asks nobody, and tells nothing', async (_title, iss) => {
    const guard = guardOf()
    const before = a.fetches + b.fetches
    const result = await ask(guard, token(keyA, iss()))
    expect(result).toMatchObject({ status: 401, body: { code: 'key_not_found' } })
    expect(JSON.stringify(result)).not.toContain('evil')
    expect(a.fetches + b.fetches).toBe(before)
  })

  test("judges by the entry of the issuer alone: B's audience, typ and algorithms are not A's", async () => {
    const [issuerA, issuerB] = urls()
    const guard = guardOf([
      { audience: 'only-a' },
      { typ: 'JWT', algorithms: ['ES256', 'RS256'], maxAgeSeconds: 5 },
    ])
    expect(await codeOf(guard, token(keyA, issuerA))).toBe('claim_invalid')
    expect(await codeOf(guard, token(keyA, issuerA, { aud: 'only-a' }))).toBe(`of ${issuerA}`)
    expect(await codeOf(guard, token(keyB, issuerB))).toBe('typ_mismatch')
    const asJwt = { typ: 'JWT' }
    expect(await codeOf(guard, token(keyB, issuerB, { iat: now }, asJwt))).toBe(`of ${issuerB}`)
    expect(await codeOf(guard, token(keyB, issuerB, { iat: now - 9 }, asJwt))).toBe('too_old')
    expect(await codeOf(guard, token(keyA, issuerA, { aud: 'only-a' }, asJwt))).toBe('typ_mismatch')
  })

  test("an outage of B is B's alone: 503 for its tokens, and A goes on", async () => {
    const [issuerA] = urls()
    const away = await startIssuer([keyB])
    onTestFinished(() => away.close())
    away.mood = 'down'
    const guard = createGuard({
      ...wide,
      issuers: [
        { issuer: issuerA, audience },
        { issuer: away.url, audience, keys: createRemoteJwkSet({ issuer: away.url }, { cooldownMs: 0 }) },
      ],
    })
    expect(await codeOf(guard, token(keyB, away.url))).toBe('keys_unavailable')
    expect(await codeOf(guard, token(keyA, issuerA))).toBe(`of ${issuerA}`)
  })

  test("what B revoked revokes nothing of A: its feed names A's session, token and key in vain", async () => {
    const [issuerA, issuerB] = urls()
    const [ofA, ofB] = [revocationSet({ now }), revocationSet({ now })]
    const guard = guardOf([{ revocations: ofA }, { revocations: ofB }])
    for (const entry of [
      { sid: 's', exp: now + 60 },
      { jti: 'j', exp: now + 60 },
      { kid: 'k', exp: now + 60 },
    ]) {
      ofB.add(entry)
      expect(await codeOf(guard, token(keyA, issuerA))).toBe(`of ${issuerA}`)
      expect(await codeOf(guard, token(keyB, issuerB))).toBe('revoked')
    }
    ofA.add({ sid: 's', exp: now + 60 })
    expect(await codeOf(guard, token(keyA, issuerA))).toBe('revoked')
  })

  test("each follows its own: while B's list is stale, A's tokens are let in", async () => {
    const [issuerA, issuerB] = urls()
    const stale = { isRevoked: () => false, isCurrent: () => false }
    const guard = guardOf([{ revocations: revocationSet({ now }) }, { revocations: stale }])
    expect(await codeOf(guard, token(keyB, issuerB))).toBe('unavailable')
    expect(await codeOf(guard, token(keyA, issuerA))).toBe(`of ${issuerA}`)
  })

  test('asks for scopes whoever issued the token, and an adapter takes its options', async () => {
    const [issuerA, issuerB] = urls()
    const guard = guardFrom({
      ...wide,
      scopes: 'read',
      issuers: [
        { issuer: issuerA, audience },
        { issuer: issuerB, audience },
      ],
    })
    expect(await codeOf(guard, token(keyA, issuerA, { scope: 'read' }))).toBe(`of ${issuerA}`)
    expect(await codeOf(guard, token(keyB, issuerB, { scope: 'write' }))).toBe('insufficient_scope')
  })

  test('a list of one is a list: a stranger has no key there', async () => {
    const [issuerA] = urls()
    const guard = createGuard({ ...wide, issuers: [{ issuer: issuerA, audience }] })
    expect(await codeOf(guard, token(keyA, 'https://evil.example'))).toBe('key_not_found')
    expect(await codeOf(guard, token(keyA, issuerA))).toBe(`of ${issuerA}`)
  })
})

describe('the entries of several issuers', () => {
  const keys = createLocalJwkSet({ keys: [keyA.jwk] } as unknown as JwkSet)
  const one = { issuer: 'https://a.example', audience, keys }
  const other = { issuer: 'https://b.example', audience, keys }
  const set = revocationSet({ now })
  const follower = followRevocations({
    issuer: 'https://b.example',
    keys,
    fetch: () => new Promise(() => {}),
  })
  afterAll(() => follower.close())

  test.each<[string, object]>([
    ['no list', { issuers: one }],
    ['an empty list', { issuers: [] }],
    ['a hole', { issuers: [null] }],
    ['an issuer beside the list', { issuers: [one], issuer: one.issuer }],
    ['an unknown name in an entry', { issuers: [{ ...one, realm: 'x' }] }],
    ['an undefined value in an entry', { issuers: [{ ...one, typ: undefined }] }],
    ['an entry without audience', { issuers: [{ issuer: one.issuer, keys }] }],
    ['two entries of one issuer', { issuers: [one, one] }],
    [
      'one list of revocations for two issuers',
      {
        issuers: [
          { ...one, revocations: set },
          { ...other, revocations: set },
        ],
      },
    ],
    ['the feed of another issuer', { issuers: [{ ...one, revocations: follower }, other] }],
    ['the feed of another issuer, for one alone', { ...one, revocations: follower }],
  ])('refuse %s (option_invalid)', (_title, options) => {
    expect(() => createGuard(options as GuardOptions | SeveralIssuersOptions)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })

  test('take the feed of the issuer itself', () => {
    expect(createGuard({ issuers: [one, { ...other, revocations: follower }] })).toHaveProperty('narrow')
  })
})

describe('P18: a key that was called back verifies nothing, whatever the token says of it', () => {
  const [good, stolen] = [makeKey('good'), makeKey('stolen')]
  const issuer = 'https://issuer.example'
  const published = createLocalJwkSet({ keys: [stolen.jwk, good.jwk] } as unknown as JwkSet)
  const guardWith = (keys: GuardOptions['keys']) => {
    const revocations = revocationSet({ now })
    const guard = createGuard({ ...wide, issuer, audience, keys: keys!, revocations })
    return { revocations, guard }
  }

  test('a token that names no key is not verified by the stolen one, known or not', async () => {
    const { guard, revocations } = guardWith(published)
    const forged = token(stolen, issuer, {}, { kid: undefined })
    const honest = token(good, issuer, {}, { kid: undefined })
    expect(await codeOf(guard, forged)).toBe(`of ${issuer}`)
    revocations.add({ kid: 'stolen' })
    expect(await codeOf(guard, forged)).toBe('bad_signature')
    expect(await codeOf(guard, token(stolen, issuer, { jti: 'new' }, { kid: undefined }))).toBe(
      'bad_signature',
    )
    expect(await codeOf(guard, token(stolen, issuer))).toBe('revoked')
    expect(await codeOf(guard, honest)).toBe(`of ${issuer}`)
    expect(await codeOf(guard, token(good, issuer))).toBe(`of ${issuer}`)
  })

  test('nor where it is the only key of the set', async () => {
    const { guard, revocations } = guardWith(createLocalJwkSet({ keys: [stolen.jwk] } as unknown as JwkSet))
    revocations.add({ kid: 'stolen' })
    expect(await codeOf(guard, token(stolen, issuer, {}, { kid: undefined }))).toBe('key_not_found')
  })

  test.each([{ kid: undefined }, { kid: 'another' }, {}])(
    'nor a single key, which verifies whatever key the token names (%j)',
    async (header) => {
      const key = (await importKey(stolen.jwk as Jwk, { algorithm: 'ES256' })) as PublicKey
      const { guard, revocations } = guardWith(key)
      expect(await codeOf(guard, token(stolen, issuer, {}, header))).toBe(`of ${issuer}`)
      revocations.add({ kid: 'stolen' })
      expect(await codeOf(guard, token(stolen, issuer, {}, header))).toBe('revoked')
    },
  )
})
