/** Keys that follow one another: next → active → retired → gone. */
import { describe, expect, test } from 'vitest'
import { exportJwk } from '../../src/jwk/export.ts'
import { externalSigner } from '../../src/jwk/external-signer.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import { createKeyRing, type KeyRing } from '../../src/jwks/key-ring.ts'
import type { KeyRingOptions } from '../../src/jwks/key-ring-options.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decryptJwt } from '../../src/jwt/decrypt.ts'
import { defineToken } from '../../src/jwt/define-token.ts'
import { openJwt, sealJwt } from '../../src/jwt/seal.ts'
import { signJwt, type SignJwtOptions } from '../../src/jwt/sign.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { now as start, pairFor } from '../forge.ts'
import { verifyLater } from '../later.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const day = 86_400
const rules = { publishAheadSeconds: 3600, retireAfterSeconds: 900 } as const
const policy = { issuer: null, audience: null } as const
const decodeProtectedHeader = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token.split('.')[0]), 'base64url').toString()) as Record<string, unknown>

/** A ring, its clock, and short words for what the tests ask. */
function makeRing(options: Partial<KeyRingOptions<'ES256'>> = {}) {
  const clock = { now: start }
  const ring: KeyRing<'ES256'> = createKeyRing({
    algorithm: 'ES256',
    ...rules,
    now: () => clock.now,
    ...options,
  })
  return {
    ring,
    clock,
    active: async (): Promise<string> => String((await ring.signingKey()).kid),
    published: async () =>
      (await ring.jwks()).keys.map(({ kid }) => String(kid)) as [string, string, ...string[]],
    sign: (signOptions: SignJwtOptions = { expiresIn: 600 }): Promise<string> =>
      signJwt({}, ring, { now: clock.now, ...signOptions }),
    verify: (token: string): Promise<string> =>
      outcomeLater(() => verifyJwt(token, ring, { ...policy, now: clock.now })),
  }
}

describe('a new ring', () => {
  test('has an active key and a next one, both published, with kid, alg and use and without private members', async () => {
    const { ring, active } = makeRing()
    const { keys } = await ring.jwks()
    expect(keys).toHaveLength(2)
    expect(keys.map(({ kid }) => kid)).toContain(await active())
    for (const jwk of keys) {
      expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    }
  })

  test('signs with its active key and verifies what it signed, also by its published set', async () => {
    const { ring, active, sign, verify, clock } = makeRing()
    const token = await sign()
    expect(await verify(token)).toBe('accepted')
    const published = createLocalJwkSet(await ring.jwks())
    const { header } = await verifyJwt(token, published, { ...policy, now: clock.now })
    expect(header.kid).toBe(await active())
  })

  test('verifies at once, where the runtime can, once it has its keys', async () => {
    const { ring, sign, clock } = makeRing()
    const verifier = createVerifier({ keys: ring, ...policy, now: () => clock.now })
    expect((await verifyLater(verifier, await sign())).claims.iat).toBe(start)
  })

  test('does not know a key of somebody else', async () => {
    const { verify } = makeRing()
    const token = await signJwt({}, await generateKey('ES256'), { expiresIn: 60, now: start })
    expect(await verify(token)).toBe('key_not_found')
  })
})

describe('a ring that rotates by the clock', () => {
  test('lets the next key take over on time, and publishes another at that moment', async () => {
    const { clock, active, published } = makeRing({ rotateEverySeconds: day })
    const first = await active()
    const second = (await published()).find((kid) => kid !== first)
    clock.now += day - 1
    expect([await active(), (await published()).length]).toEqual([first, 2])
    clock.now += 1
    expect(await active()).toBe(second)
    expect((await published()).slice(0, 2)).toEqual([first, second])
    expect(await published()).toHaveLength(3)
  })

  test('keeps a retired key until its last token has expired, and a minute more', async () => {
    const { clock, active, published, sign, verify } = makeRing({ rotateEverySeconds: day })
    const first = await active()
    clock.now += day - 1
    const last = await sign({ expiresIn: 900 })
    clock.now += 899
    expect(await verify(last)).toBe('accepted')
    clock.now += 61
    expect(await published()).toContain(first)
    clock.now += 1
    expect(await published()).not.toContain(first)
    expect(await verify(last)).toBe('key_not_found')
  })

  test('that was not asked for anything for long makes a key, and lets it be known before it signs', async () => {
    const { clock, active, published } = makeRing({ rotateEverySeconds: day })
    await active()
    clock.now += 10 * day
    const second = await active()
    const third = (await published()).find((kid) => kid !== second)
    clock.now += rules.publishAheadSeconds - 1
    expect(await active()).toBe(second)
    clock.now += 1
    expect(await active()).toBe(third)
  })

  test('goes on when its clock is set back', async () => {
    const { clock, sign, verify } = makeRing({ rotateEverySeconds: day })
    for (const step of [-500, day + 30, -60, 120, -day, 2 * day]) {
      clock.now += step
      expect(await verify(await sign())).toBe('accepted')
    }
  })
})

describe('rotate', () => {
  test('waits until every verifier can know the next key', async () => {
    const { ring, clock, active, published } = makeRing()
    const first = await active()
    const second = (await published()).find((kid) => kid !== first)
    await ring.rotate()
    await ring.rotate()
    clock.now += rules.publishAheadSeconds - 1
    expect(await active()).toBe(first)
    clock.now += 1
    expect(await active()).toBe(second)
  })

  test('is at once when the next key has been known for long', async () => {
    const { ring, clock, active } = makeRing()
    const first = await active()
    clock.now += rules.publishAheadSeconds
    await ring.rotate()
    expect(await active()).not.toBe(first)
  })

  test('does not put off what the clock has decided', async () => {
    const { ring, clock, active } = makeRing({ rotateEverySeconds: rules.publishAheadSeconds })
    const first = await active()
    clock.now += rules.publishAheadSeconds - 10
    await ring.rotate()
    clock.now += 10
    expect(await active()).not.toBe(first)
  })
})

describe('revoke', () => {
  test('of the active key lets the next one sign, and nobody verifies the old one any more', async () => {
    const { ring, active, published, sign, verify, clock } = makeRing({ rotateEverySeconds: day })
    const [first, second] = await published()
    const token = await sign()
    await ring.revoke(first)
    expect(await active()).toBe(second)
    expect(await published()).not.toContain(first)
    expect(await published()).toHaveLength(2)
    expect(await verify(token)).toBe('key_not_found')
    expect(await verify(await sign())).toBe('accepted')
    clock.now += day
    expect(await active()).not.toBe(second)
  })

  test('of the next key puts another in its place, which is known long enough before it signs', async () => {
    const { ring, clock, active, published } = makeRing({ rotateEverySeconds: rules.publishAheadSeconds })
    const [first, second] = await published()
    clock.now += 100
    await ring.revoke(second)
    const [, third] = await published()
    expect(third).not.toBe(second)
    clock.now += rules.publishAheadSeconds - 1
    expect(await active()).toBe(first)
    clock.now += 1
    expect(await active()).toBe(third)
  })

  test('of a retired key leaves the others alone', async () => {
    const { ring, clock, active, published, sign, verify } = makeRing()
    const token = await sign()
    const first = await active()
    clock.now += rules.publishAheadSeconds
    await ring.rotate()
    const second = await active()
    await ring.revoke(first)
    expect([await active(), (await published()).length]).toEqual([second, 2])
    expect(await verify(token)).toBe('key_not_found')
  })

  test('of every key, one after the other, leaves a ring that works', async () => {
    const { ring, published, sign, verify } = makeRing()
    for (let round = 0; round < 3; round += 1) for (const kid of await published()) await ring.revoke(kid)
    expect(await verify(await sign())).toBe('accepted')
  })

  test.each(['', 'unknown', '__proto__'])('of a key that is not there is key_not_found: %j', async (kid) => {
    const { ring } = makeRing()
    expect(await outcomeLater(() => ring.revoke(kid))).toBe('key_not_found')
  })

  test('raises the generation, and so does every other change of the set of keys, and nothing else', async () => {
    const { ring, clock, active, published } = makeRing()
    const seen = [ring.generation]
    const note = (): number => seen.push(ring.generation)
    await active()
    note()
    await published()
    await ring.rotate()
    expect(ring.generation).toBe(seen.at(-1))
    clock.now += rules.publishAheadSeconds
    await active()
    note()
    await ring.revoke(await active())
    note()
    clock.now += 961
    await active()
    note()
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
    expect(seen).toHaveLength(5)
  })
})

describe('the lifetime of a token', () => {
  test('may be as long as its key verifies, and no longer', async () => {
    const { sign } = makeRing()
    expect(await outcomeLater(() => sign({ expiresIn: 900 }))).toBe('accepted')
    const error = await rejection(sign({ expiresIn: 901 }))
    expect([error.code, error.message]).toEqual([
      'option_invalid',
      expect.stringMatching(/at most 900 seconds/),
    ])
  })

  test('must have an end', async () => {
    const { ring, sign, clock } = makeRing()
    expect(await outcomeLater(() => sign({ expiresIn: null }))).toBe('option_invalid')
    const { now } = clock
    expect(await outcomeLater(() => signJwt({ exp: now + 900 }, ring, { now }))).toBe('accepted')
    expect(await outcomeLater(() => signJwt({ exp: now + 901 }, ring, { now }))).toBe('option_invalid')
  })

  test('that became longer holds for the keys that sign, and one that became shorter takes nothing away', async () => {
    const { sign, verify, clock, ring } = makeRing({ retireAfterSeconds: 10 * day, rotateEverySeconds: day })
    const token = await sign({ expiresIn: 10 * day })
    expect(ring.retireAfterSeconds).toBe(10 * day)
    clock.now += 10 * day - 1
    expect(await verify(token)).toBe('accepted')
  })
})

describe('maxAgeSeconds', () => {
  test('is five minutes at most, less when keys are published shortly ahead, and never beyond the next change', async () => {
    const { ring, clock, active } = makeRing({ rotateEverySeconds: day })
    expect(ring.maxAgeSeconds()).toBe(300)
    await active()
    expect(ring.maxAgeSeconds()).toBe(300)
    clock.now += day - 100
    expect(ring.maxAgeSeconds()).toBe(100)
    clock.now += 99
    expect(ring.maxAgeSeconds()).toBe(15)
    const short = makeRing({ publishAheadSeconds: 180 })
    await short.active()
    expect(short.ring.maxAgeSeconds()).toBe(20)
  })
})

describe('a ring of secrets', () => {
  test('signs and verifies, rotates, and publishes nothing', async () => {
    let now = start
    const ring = createKeyRing({ algorithm: 'HS256', ...rules, now: () => now })
    const verify = (token: string): Promise<string> =>
      outcomeLater(() => verifyJwt(token, ring, { ...policy, algorithms: ['HS256'], now }))
    expect(await ring.signingKey()).toMatchObject({ type: 'secret', algorithm: 'HS256' })
    now += rules.publishAheadSeconds
    const token = await signJwt({}, ring, { expiresIn: 900, now })
    await ring.rotate()
    const other = await signJwt({}, ring, { expiresIn: 900, now })
    expect(decodeProtectedHeader(token)['kid']).not.toBe(decodeProtectedHeader(other)['kid'])
    expect([await verify(token), await verify(other)]).toEqual(['accepted', 'accepted'])
    expect(await ring.jwks()).toEqual({ keys: [] })
  })
})

describe('keys to begin with', () => {
  test('are taken over: the first signs, the others verify', async () => {
    const [one, other] = [await generateKey('ES256'), await generateKey('ES256')]
    const old = await signJwt({}, other, { expiresIn: 900, now: start })
    const { active, published, verify } = makeRing({ keys: [one, other] })
    expect(await active()).toBe(one.kid)
    expect(await published()).toHaveLength(3)
    expect(await verify(old)).toBe('accepted')
  })

  test('may be in a KMS, when the public half is there', async () => {
    const inside = await generateKey('ES256')
    const token = await signJwt({}, inside, { expiresIn: 60, now: start })
    const publicKey = await importKey(
      { ...(await exportJwk(inside.publicKey)), kid: 'kms' },
      { algorithm: 'ES256', type: 'public' },
    )
    const sign = (): Uint8Array => new Uint8Array(Buffer.from(String(token.split('.')[2]), 'base64url'))
    const { active, published } = makeRing({
      keys: [externalSigner({ algorithm: 'ES256', publicKey, sign })],
    })
    expect(await active()).toBe('kms')
    expect(await published()).toContain('kms')
    const blind = externalSigner({ algorithm: 'ES256', kid: 'blind', sign })
    expect(outcomeOf(() => makeRing({ keys: [blind] }))).toBe('key_invalid')
  })

  test('are refused when they are none, of another algorithm, without a key ID, or the same', async () => {
    const key = await generateKey('ES256')
    const bare = await importKey(pairFor('ES256').privateJwk)
    const other = await generateKey('ES384')
    for (const keys of [
      [key.publicKey],
      [bare],
      [other],
      [key, key],
      ['pem'],
      [undefined],
      [await generateKey('HS256')],
    ])
      expect(outcomeOf(() => makeRing({ keys: keys as never }))).toBe('key_invalid')
    expect(outcomeOf(() => makeRing({ keys: 'pem' as never }))).toBe('option_invalid')
  })
})

test('a ring signs tokens of a definition, which must allow its algorithm', async () => {
  const { ring, clock } = makeRing()
  const shared = { typ: 'x+jwt', issuer: 'https://a.example', audience: 'b', now: () => clock.now } as const
  const defined = defineToken({ ...shared, expiresIn: 900 })
  const token = await defined.sign({}, ring)
  expect((await defined.verify(token, ring)).claims.iss).toBe('https://a.example')
  const long = defineToken({ ...shared, expiresIn: 901 })
  expect(await outcomeLater(() => long.sign({}, ring))).toBe('option_invalid')
  const other = defineToken({ ...shared, expiresIn: 60, algorithms: ['ES384'] })
  expect(await outcomeLater(() => other.sign({}, ring as never))).toBe('alg_not_allowed')
})

test('a ring signs sealed tokens too', async () => {
  const { ring, clock } = makeRing()
  const reader = await generateKey('ECDH-ES+A256KW')
  const token = await sealJwt(
    { sub: 'a' },
    { signWith: ring, encryptFor: reader.publicKey, expiresIn: 600, now: clock.now },
  )
  const opened = await openJwt(token, { decryptWith: reader, verifyWith: ring, ...policy, now: clock.now })
  expect(opened.claims.sub).toBe('a')
  expect(await outcomeLater(() => decryptJwt(token, reader, policy))).not.toBe('accepted')
  const long = { signWith: ring, encryptFor: reader.publicKey, expiresIn: 901, now: clock.now } as const
  expect(await outcomeLater(() => sealJwt({}, long))).toBe('option_invalid')
})

describe('signJwt takes any object of that interface', () => {
  test('and holds what it gives against the rules of keys', async () => {
    const key = await generateKey('ES256')
    const set = (signingKey: unknown) => ({
      signingKey: () => signingKey as typeof key,
      retireAfterSeconds: 60,
    })
    expect(await outcomeLater(() => signJwt({}, set(key), { expiresIn: 60 }))).toBe('accepted')
    expect(await outcomeLater(() => signJwt({}, set(Promise.resolve(key)), { expiresIn: 60 }))).toBe(
      'accepted',
    )
    expect(await outcomeLater(() => signJwt({}, set(key), { expiresIn: 61 }))).toBe('option_invalid')
    for (const bad of [key.publicKey, undefined, 'pem', {}])
      expect(await outcomeLater(() => signJwt({}, set(bad), { expiresIn: 60 }))).toBe('key_invalid')
  })
})

describe('createKeyRing refuses', () => {
  const good = { algorithm: 'ES256', ...rules }
  test.each([
    ['no options', undefined],
    ['no algorithm', { ...rules }],
    ['an unknown algorithm', { ...good, algorithm: 'none' }],
    ['an algorithm of encryption', { ...good, algorithm: 'A256GCM' }],
    ['an unknown option', { ...good, rotateEvery: 60 }],
    ['an undefined option', { ...good, rotateEverySeconds: undefined }],
    ['keys that are published for less than three minutes', { ...good, publishAheadSeconds: 179 }],
    ['no time of publication', { algorithm: 'ES256', retireAfterSeconds: 60 }],
    ['no time of retirement', { algorithm: 'ES256', publishAheadSeconds: 3600 }],
    ['a time of retirement of zero', { ...good, retireAfterSeconds: 0 }],
    ['text for a number', { ...good, retireAfterSeconds: '15m' }],
    ['a rotation that is faster than the publication', { ...good, rotateEverySeconds: 3599 }],
    ['a rotation that is no number', { ...good, rotateEverySeconds: Number.NaN }],
    ['a clock that is no function', { ...good, now: start }],
    ['a store that is none', { ...good, store: { load: () => undefined } }],
    ['a store that is null', { ...good, store: null }],
    ['a listener that is none', { ...good, onWarning: 'log' }],
  ])('%s', (_name, options) => {
    expect(outcomeOf(() => createKeyRing(options as KeyRingOptions))).toBe('option_invalid')
  })

  test('a clock that gives no seconds, when it is asked', async () => {
    const ring = createKeyRing({ ...rules, algorithm: 'ES256', now: () => Number.NaN })
    expect(await outcomeLater(() => ring.signingKey())).toBe('option_invalid')
  })
})
