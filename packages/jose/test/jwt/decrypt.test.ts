import { describe, expect, test } from 'vitest'
import { encryptCompact } from '../../src/jwe/compact.ts'
import { exportJwk } from '../../src/jwk/export.ts'
import { secret } from '../../src/jwk/secret.ts'
import { createDecryptionJwkSet } from '../../src/jwks/encryption-set.ts'
import type { ClaimsSet } from '../../src/jwt/claims-set.ts'
import { decryptJwt, type DecryptJwtOptions } from '../../src/jwt/decrypt.ts'
import { encryptJwt } from '../../src/jwt/encrypt.ts'
import type { StandardSchema } from '../../src/jwt/schema.ts'
import { now, sharedSecret, token as signedToken } from '../forge.ts'
import { flipped, lockerFor, segmentOf, withHeader, withSegment } from '../jwe/keys.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const { lock, open } = await lockerFor('A256KW')
const { lock: publicLock, open: privateOpen } = await lockerFor('ECDH-ES')
const policy = { issuer: 'i', audience: 'a', now } as const
const claims = { iss: 'i', aud: 'a', exp: now + 60, list: [{ x: 1 }] }

/** A token of any plaintext and header, as another implementation could have made it. */
const lockedUp = (plaintext: string | Uint8Array, header: Record<string, unknown> = {}): Promise<string> =>
  encryptCompact(plaintext, lock, { header })
const locked = (set: unknown, header: Record<string, unknown> = {}): Promise<string> =>
  lockedUp(JSON.stringify(set), header)

const opened = (token: string, options: object = policy): Promise<string> =>
  outcomeLater(() => decryptJwt(token, open, options as DecryptJwtOptions))

describe('decryptJwt', () => {
  test('gives the claims, deeply frozen, and the header', async () => {
    const result = await decryptJwt(await locked(claims, { typ: 'JWT' }), open, policy)
    expect(result.claims).toEqual(claims)
    expect(result.header).toMatchObject({ alg: 'A256KW', enc: 'A256GCM', typ: 'JWT' })
    expect(Object.isFrozen(result.claims)).toBe(true)
    expect(Object.isFrozen((result.claims['list'] as unknown[])[0])).toBe(true)
  })

  test('says who can have written them: whoever holds the secret, or anybody', async () => {
    expect((await decryptJwt(await locked(claims), open, policy)).sender).toBe('secret-holder')
    const toAnybody = await encryptCompact(JSON.stringify(claims), publicLock)
    expect((await decryptJwt(toAnybody, privateOpen, policy)).sender).toBe('anybody')
  })

  test('opens what encryptJwt made, with a key of a set', async () => {
    const token = await encryptJwt({ sub: 's' }, publicLock, {
      issuer: 'i',
      audience: 'a',
      expiresIn: 9,
      now,
    })
    const set = createDecryptionJwkSet({ keys: [await exportJwk(open), await exportJwk(privateOpen)] })
    const { claims: found } = await decryptJwt(token, set, policy)
    expect(found).toEqual({ iss: 'i', aud: 'a', sub: 's', iat: now, exp: now + 9 })
  })

  test.each<[string, object, string]>([
    ['expired', { exp: now }, 'expired'],
    ['not valid yet', { nbf: now + 1 }, 'not_yet_valid'],
    ['of the future', { iat: now + 61 }, 'not_yet_valid'],
    ['without exp', { exp: undefined }, 'claim_missing'],
    ['of another issuer', { iss: 'j' }, 'claim_invalid'],
    ['for another audience', { aud: ['b'] }, 'claim_invalid'],
    ['for nobody', { aud: undefined }, 'claim_missing'],
    ['with a subject that is no text', { sub: 1 }, 'claim_invalid'],
    [
      'whose date is text (a reader that compares it as text never expires it)',
      { exp: '9' },
      'claim_invalid',
    ],
  ])('checks claims as verifyJwt does: %s', async (_name, changes, code) => {
    expect(await opened(await locked({ ...claims, ...changes }))).toBe(code)
  })

  test('takes the options of verifyJwt about claims', async () => {
    const token = await locked({ ...claims, iat: now - 10 })
    expect(await opened(token, { ...policy, maxAgeSeconds: 9 })).toBe('too_old')
    expect(await opened(token, { ...policy, required: ['jti'] })).toBe('claim_missing')
    expect(await opened(token, { ...policy, subject: 's' })).toBe('claim_missing')
    expect(await opened(token, { ...policy, now: now + 60, clockToleranceSeconds: 1 })).toBe('accepted')
    expect(await opened(await locked({}), { issuer: null, audience: null, requireExp: false })).toBe(
      'accepted',
    )
  })

  test('holds typ against what is expected', async () => {
    for (const typ of ['JWT', 'at+jwt', 'application/at+JWT'])
      expect(await opened(await locked(claims, { typ }))).toBe('accepted')
    expect(await opened(await locked(claims, { typ: 'logout+jwt' }))).toBe('typ_mismatch')
    expect(await opened(await locked(claims), { ...policy, typ: 'at+jwt' })).toBe('typ_mismatch')
  })

  test('lays the output of a schema over the claims, at once or later', async () => {
    const schema = (later: boolean): StandardSchema => ({
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => (later ? Promise.resolve({ value: { more: 2 } }) : { value: { more: 1 } }),
      },
    })
    const token = await locked(claims)
    const made = async (later: boolean): Promise<ClaimsSet> =>
      (await decryptJwt(token, open, { ...policy, schema: schema(later) })).claims
    expect(await made(false)).toEqual({ ...claims, more: 1 })
    expect(await made(true)).toEqual({ ...claims, more: 2 })
    const refusing: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
    }
    expect(await opened(token, { ...policy, schema: refusing })).toBe('schema_invalid')
  })

  test('holds replicated claims of the header against the claims set (RFC 7519 §5.3)', async () => {
    expect(await opened(await locked(claims, { iss: 'i', aud: 'a' }))).toBe('accepted')
    const error = await rejection(decryptJwt(await locked(claims, { aud: 'b' }), open, policy))
    expect(error).toMatchObject({ code: 'claim_invalid', claim: 'aud' })
    expect(error.message).toContain('RFC 7519 §5.3')
    expect(await opened(await locked(claims, { sub: 's' }))).toBe('claim_invalid')
  })

  test.each(['JWT', 'jwt', 'application/jwt'])('refuses a token inside the token: cty %s', async (cty) => {
    const error = await rejection(decryptJwt(await lockedUp(signedToken(claims), { cty }), open, policy))
    expect(error.code).toBe('malformed')
    expect(error.message).toContain('openJwt')
  })

  test('takes another cty for what it is', async () => {
    expect(await opened(await locked(claims, { cty: 'json' }))).toBe('accepted')
  })

  test.each<[string, string | Uint8Array]>([
    ['text that is no JSON', 'claims'],
    ['an array', '[]'],
    ['a member named twice', '{"exp":1,"exp":2}'],
    ['a token, though the header does not say so (pac4j, CVE-2021-44878)', signedToken(claims)],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['nothing', ''],
  ])('refuses a plaintext that is %s', async (_name, plaintext) => {
    expect(await opened(await lockedUp(plaintext))).toBe('malformed')
  })

  test('refuses a change of any segment', async () => {
    const token = await locked(claims)
    expect(await opened(withHeader(token, { typ: 'at+jwt' }))).toBe('decrypt_failed')
    for (const index of [1, 2, 3, 4]) {
      expect(await opened(withSegment(token, index, flipped(segmentOf(token, index))))).toBe('decrypt_failed')
    }
  })

  test('refuses a signed token', async () => {
    expect(await opened(signedToken(claims))).toBe('malformed')
  })

  test.each<[string, object]>([
    ['no options', undefined as unknown as object],
    ['no issuer', { audience: 'a' }],
    ['no audience', { issuer: 'i' }],
    ['an undefined issuer', { issuer: undefined, audience: 'a' }],
    ['an option of signatures', { ...policy, algorithms: ['HS256'] }],
    ['an option of raw secrets', { ...policy, allowWeakKey: true }],
    ['a misspelt option', { ...policy, allowZp: true }],
    ['a clock that lies', { ...policy, now: () => Number.NaN }],
  ])('refuses %s as option_invalid', async (_name, options) => {
    const error = await rejection(decryptJwt(await locked(claims), open, options as DecryptJwtOptions))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toContain('decryptJwt')
  })

  test('takes the options of decryptCompact', async () => {
    const outcome = async (options: Partial<DecryptJwtOptions>): Promise<string> =>
      opened(await locked(claims), { ...policy, ...options })
    expect(await outcome({ contentEncryptionAlgorithms: ['A128GCM'] })).toBe('alg_not_allowed')
    expect(await outcome({ keyManagementAlgorithms: ['dir'] })).toBe('alg_not_allowed')
    expect(await outcome({ maxTokenLength: 100 })).toBe('too_large')
  })

  test('refuses keys that do not decrypt, and names itself', async () => {
    for (const key of [publicLock, undefined, secret('HS256', sharedSecret)]) {
      const error = await rejection(decryptJwt(await locked(claims), key as never, policy))
      expect(error.code).toBe('key_invalid')
      expect(error.message).toContain('decryptJwt')
    }
  })
})
