/** What signs as a profile makes nothing that a verifier of that profile refuses. */
import { describe, expect, test } from 'vitest'
import { encryptionSecret } from '../../src/jwk/encryption-secret.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decryptJwt, type DecryptJwtOptions } from '../../src/jwt/decrypt.ts'
import { encryptJwt } from '../../src/jwt/encrypt.ts'
import type { SignableProfile } from '../../src/jwt/profiles.ts'
import { openJwt, sealJwt, type SealJwtOptions } from '../../src/jwt/seal.ts'
import { signJwt, type SignJwtOptions } from '../../src/jwt/sign.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { now, sharedBytes, sharedSecret } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const encryptionKey = encryptionSecret('A256GCM', sharedBytes.slice(0, 32))
const logout = 'http://schemas.openid.net/event/backchannel-logout'
const issued = { issuer: 'https://i', audience: 'a', now } as const

/** The private claims of a good token of each kind, and the options beside them. */
const good: Readonly<
  Record<SignableProfile, { claims: Readonly<Record<string, unknown>>; options: SignJwtOptions }>
> = {
  'at+jwt': { claims: { client_id: 'c' }, options: { subject: 's', jwtId: 'j', expiresIn: '10m' } },
  id_token: { claims: {}, options: { subject: 's', expiresIn: '10m' } },
  'logout+jwt': {
    claims: { sid: 'x', events: { [logout]: {} } },
    options: { jwtId: 'j', expiresIn: '2m' },
  },
  'secevent+jwt': { claims: { events: { 'https://e/1': {} } }, options: { jwtId: 'j' } },
}
const profiles = Object.keys(good) as SignableProfile[]

const sign = (profile: string, claims: object = {}, options: object = {}): Promise<string> => {
  const base = good[profile as SignableProfile] ?? good['at+jwt']
  const all = { ...issued, ...base.options, ...options, profile } as SignJwtOptions
  return signJwt({ ...base.claims, ...claims }, key, all)
}

describe('signJwt with a profile', () => {
  test.each(profiles)('%s: writes its typ, and a verifier of that profile takes it', async (profile) => {
    const token = await sign(profile)
    const typ = profile === 'id_token' ? 'JWT' : profile
    expect(decodeUnverified(token).unverified.header).toEqual({ typ, alg: 'HS256' })
    const { claims } = await verifyJwt(token, key, { profile, ...issued })
    expect(claims).toMatchObject({ iss: 'https://i', aud: 'a', iat: now })
  })

  test.each(profiles)('%s: refuses a token without one of its claims', async (profile) => {
    const needed: Readonly<Record<SignableProfile, readonly [string, string][]>> = {
      'at+jwt': [
        ['issuer', 'iss'],
        ['audience', 'aud'],
        ['subject', 'sub'],
        ['jwtId', 'jti'],
      ],
      id_token: [
        ['issuer', 'iss'],
        ['audience', 'aud'],
        ['subject', 'sub'],
      ],
      'logout+jwt': [
        ['issuer', 'iss'],
        ['audience', 'aud'],
        ['jwtId', 'jti'],
      ],
      'secevent+jwt': [
        ['issuer', 'iss'],
        ['jwtId', 'jti'],
      ],
    }
    for (const [option, claim] of needed[profile]) {
      const options: Record<string, unknown> = { ...issued, ...good[profile].options, profile }
      delete options[option]
      const error = await rejection(signJwt(good[profile].claims, key, options as SignJwtOptions))
      expect([error.code, error.claim]).toEqual(['claim_missing', claim])
    }
    for (const claim of Object.keys(good[profile].claims).filter((name) => name !== 'sid')) {
      const claims: Record<string, unknown> = { ...good[profile].claims }
      delete claims[claim]
      const options: SignJwtOptions = { ...issued, ...good[profile].options, profile }
      const error = await rejection(signJwt(claims, key, options))
      expect([error.code, error.claim]).toEqual(['claim_missing', claim])
    }
  })

  test.each([
    ['at+jwt', { client_id: 5 }, 'client_id'],
    ['at+jwt', { client_id: '' }, 'client_id'],
    ['at+jwt', { scope: ['a', 'b'] }, 'scope'],
    ['at+jwt', { auth_time: '5' }, 'auth_time'],
    ['id_token', { events: {} }, 'events'],
    ['id_token', { amr: 'pwd' }, 'amr'],
    ['logout+jwt', { nonce: 'n' }, 'nonce'],
    ['logout+jwt', { events: {} }, 'events'],
    ['secevent+jwt', { events: { e: 'x' } }, 'events'],
    ['secevent+jwt', { events: { [logout]: {} } }, 'events'],
  ])('%s: refuses %j', async (profile, claims, claim) => {
    const error = await rejection(sign(profile, claims))
    expect([error.code, error.claim]).toEqual(['claim_invalid', claim])
  })

  test('a logout token without subject and session is refused', async () => {
    const { events } = good['logout+jwt'].claims
    const options = { ...issued, ...good['logout+jwt'].options, profile: 'logout+jwt' } as SignJwtOptions
    expect(await rejection(signJwt({ events }, key, options))).toMatchObject({
      code: 'claim_missing',
      claim: 'sid',
    })
  })

  test('an ID token for several audiences needs an azp', async () => {
    expect(await rejection(sign('id_token', {}, { audience: ['a', 'b'] }))).toMatchObject({ claim: 'azp' })
    expect(await outcomeLater(() => sign('id_token', { azp: 'a' }, { audience: ['a', 'b'] }))).toBe(
      'accepted',
    )
  })

  test('a security event token needs no lifetime, and every other one does', async () => {
    for (const profile of profiles.filter((name) => name !== 'secevent+jwt')) {
      const options = { ...issued, ...good[profile].options, profile } as Record<string, unknown>
      delete options['expiresIn']
      const forget = (): Promise<string> => signJwt(good[profile].claims, key, options as SignJwtOptions)
      expect(await outcomeLater(forget)).toBe('option_invalid')
      expect(await rejection(sign(profile, {}, { expiresIn: null }))).toMatchObject({ claim: 'exp' })
    }
    expect(await outcomeLater(() => sign('secevent+jwt', {}, { expiresIn: '1h' }))).toBe('accepted')
    expect(await outcomeLater(() => sign('secevent+jwt', {}, { expiresIn: null }))).toBe('accepted')
  })

  test('typ beside a profile, a proof, and an unknown profile are refused', async () => {
    for (const typ of ['at+jwt', 'JWT'])
      expect(await outcomeLater(() => sign('at+jwt', {}, { typ }))).toBe('option_invalid')
    for (const profile of ['dpop+jwt', 'jwt', '', 'constructor'])
      expect(await outcomeLater(() => sign(profile))).toBe('option_invalid')
  })
})

describe('nested and encrypted tokens', () => {
  const sealed = (profile: SignableProfile): Promise<string> => {
    const { claims, options } = good[profile]
    const both = { signWith: key, encryptFor: encryptionKey }
    const all: SealJwtOptions = { ...both, ...issued, ...options, profile }
    return sealJwt(claims, all)
  }

  const open = (token: string, profile: SignableProfile, more: object = {}): Promise<unknown> =>
    openJwt(token, { decryptWith: encryptionKey, verifyWith: key, ...issued, profile, ...more })

  test.each(profiles)('openJwt takes a sealed %s under its profile alone', async (made) => {
    const token = await sealed(made)
    for (const profile of profiles) {
      const verdict = await outcomeLater(() => open(token, profile))
      expect(verdict).toBe(profile === made ? 'accepted' : 'typ_mismatch')
    }
  })

  test('openJwt asks the signed token inside, whatever the typ outside', async () => {
    const inner = {
      signWith: key,
      encryptFor: encryptionKey,
      ...issued,
      subject: 's',
      expiresIn: '10m',
    } as const
    const disguised = await sealJwt({ client_id: 'c', jti: 'j' }, { ...inner, header: { typ: 'at+jwt' } })
    expect(await outcomeLater(() => open(disguised, 'at+jwt'))).toBe('typ_mismatch')
    const genuine = await sealJwt({ client_id: 'c', jti: 'j' }, { ...inner, profile: 'at+jwt' })
    expect(await outcomeLater(() => open(genuine, 'at+jwt'))).toBe('accepted')
  })

  test('openJwt knows the options of profiles', async () => {
    const token = await sealed('id_token')
    expect(await outcomeLater(() => open(token, 'id_token', { nonce: 'n' }))).toBe('claim_missing')
    expect(await outcomeLater(() => open(token, 'id_token', { nonce: null }))).toBe('accepted')
    expect(await outcomeLater(() => open(token, 'id_token', { allowUntyped: true }))).toBe('option_invalid')
  })

  test('decryptJwt has no profiles: each wants a signature (RFC 9068 §4, OpenID Connect Core §2)', async () => {
    const token = await encryptJwt({}, encryptionKey, { ...issued, expiresIn: 5 })
    const options = { ...issued, profile: 'at+jwt' } as unknown as DecryptJwtOptions
    expect(await outcomeLater(() => decryptJwt(token, encryptionKey, options))).toBe('option_invalid')
  })
})
