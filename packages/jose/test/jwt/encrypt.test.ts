import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decryptCompact } from '../../src/jwe/compact.ts'
import type { ClaimsSet } from '../../src/jwt/claims-set.ts'
import { encryptJwt, type EncryptJwtOptions } from '../../src/jwt/encrypt.ts'
import { now, sharedSecret } from '../forge.ts'
import { headerOf, lockerFor } from '../jwe/keys.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const { lock, open } = await lockerFor('A256KW')
const lasting = { expiresIn: '10m', now } as const

/** The claims that a token hides, read without any check of them. */
async function hidden(token: string): Promise<unknown> {
  const { plaintext } = await decryptCompact(token, open)
  return JSON.parse(new TextDecoder().decode(plaintext))
}

const madeWith = async (claims: ClaimsSet, options: Record<string, unknown>): Promise<unknown> =>
  hidden(await encryptJwt(claims, lock, options as EncryptJwtOptions))

describe('encryptJwt', () => {
  test('hides the claims with iat and a lifetime', async () => {
    expect(await madeWith({ sub: 'a' }, lasting)).toEqual({ sub: 'a', iat: now, exp: now + 600 })
  })

  test('writes the registered claims that its options stand for', async () => {
    const options = { issuer: 'i', audience: ['a', 'b'], subject: 's', jwtId: 'j', notBefore: '5s' }
    expect(await madeWith({}, { ...options, ...lasting })).toEqual({
      iss: 'i',
      aud: ['a', 'b'],
      sub: 's',
      jti: 'j',
      iat: now,
      exp: now + 600,
      nbf: now + 5,
    })
  })

  test('takes claims that look like secrets: nobody but the recipient reads them', async () => {
    expect(await madeWith({ password: 'x', ssn: '1' }, lasting)).toMatchObject({ password: 'x', ssn: '1' })
  })

  test('writes typ JWT, another one where the option says so, and what header adds', async () => {
    expect(headerOf(await encryptJwt({}, lock, lasting))).toEqual({
      alg: 'A256KW',
      enc: 'A256GCM',
      kid: open.kid,
      typ: 'JWT',
    })
    const options = { ...lasting, typ: 'at+jwt', header: { cty: 'x' }, enc: 'A128CBC-HS256' } as const
    expect(headerOf(await encryptJwt({}, lock, options))).toMatchObject({
      enc: 'A128CBC-HS256',
      typ: 'at+jwt',
      cty: 'x',
    })
  })

  test('replicates a claim in the header only as the claims set has it (RFC 7519 §5.3)', async () => {
    const made = async (iss: unknown, header: Record<string, unknown>): Promise<string> =>
      outcomeLater(() => encryptJwt({ iss } as ClaimsSet, lock, { ...lasting, header }))
    expect(await made('i', { iss: 'i' })).toBe('accepted')
    expect(await made('i', { iss: 'j' })).toBe('claim_invalid')
    expect(await made(undefined, { iss: 'j' })).toBe('claim_invalid')
    expect(await outcomeLater(() => encryptJwt({}, lock, { ...lasting, header: { iss: 'j' } }))).toBe(
      'claim_invalid',
    )
  })

  test.each([
    ['no options', undefined, /encryptJwt: expected an options object/],
    ['no lifetime', { now }, /encryptJwt: expected a lifetime/],
    ['a misspelt name', { ...lasting, isuer: 'i' }, /encryptJwt: .*"isuer".*"issuer"/],
    ['an option of signing', { ...lasting, allowSecretClaims: true }, /"allowSecretClaims"/],
    ['typ in the header', { ...lasting, header: { typ: 'JWT' } }, /encryptJwt: header "typ".*option "typ"/],
    ['empty typ', { ...lasting, typ: '' }, /option "typ": expected text, got empty text/],
    ['an enc that nobody knows', { ...lasting, enc: 'A512GCM' }, /"enc"/],
    ['a duration without a unit', { ...lasting, expiresIn: '10' }, /"expiresIn"/],
    ['a clock that is none', { ...lasting, now: 'noon' }, /"now"/],
  ])('refuses %s', async (_name, options, message) => {
    const error = await rejection(encryptJwt({}, lock, options as unknown as EncryptJwtOptions))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toMatch(message)
  })

  test('refuses one claim in both claims and options', async () => {
    const error = await rejection(encryptJwt({ iss: 'i' }, lock, { ...lasting, issuer: 'i' }))
    expect(error).toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining('"iss"') as string,
    })
  })

  test('refuses claims that no reader would take', async () => {
    const made = (claims: unknown): Promise<string> =>
      outcomeLater(() => encryptJwt(claims as ClaimsSet, lock, lasting))
    expect(await made({ nbf: '1' })).toBe('claim_invalid')
    expect(await made({ iss: 5 })).toBe('claim_invalid')
    expect(await made({ a: 1n })).toBe('claim_invalid')
    expect(await made([])).toBe('claim_invalid')
  })

  test('refuses keys that do not encrypt, and names itself', async () => {
    for (const key of ['A256KW', undefined, secret('HS256', sharedSecret)]) {
      const error = await rejection(encryptJwt({}, key as never, lasting))
      expect(error.code).toBe('key_invalid')
      expect(error.message).toContain('encryptJwt')
    }
  })
})
