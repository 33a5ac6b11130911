import { describe, expect, test } from 'vitest'
import { decryptCompact, encryptCompact } from '../../src/jwe/compact.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { secret } from '../../src/jwk/secret.ts'
import { encryptJwt } from '../../src/jwt/encrypt.ts'
import { openJwt, type OpenJwtOptions, sealJwt, type SealJwtOptions } from '../../src/jwt/seal.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { forge, now, segment, sharedSecret, token as signedToken } from '../forge.ts'
import { headerOf, lockerFor } from '../jwe/keys.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const { lock, open } = await lockerFor('ECDH-ES+A128KW')
const signer = await generateKey('ES256')
const shared = secret('HS256', sharedSecret)
const sealing = { signWith: signer, encryptFor: lock, expiresIn: '1m', now } as const
const opening = {
  decryptWith: open,
  verifyWith: signer.publicKey,
  issuer: null,
  audience: null,
  now,
} as const
const withSecret = { ...opening, verifyWith: shared } as const

/** The plaintext of a sealed token: the signed token inside. */
async function inside(token: string): Promise<string> {
  return new TextDecoder().decode((await decryptCompact(token, open)).plaintext)
}

/** A token around any plaintext, as another implementation could have made it. */
const around = (plaintext: string, header: Record<string, unknown> = { cty: 'JWT' }): Promise<string> =>
  encryptCompact(plaintext, lock, { header })

const opened = (token: string, options: object = withSecret): Promise<string> =>
  outcomeLater(() => openJwt(token, options as OpenJwtOptions))

describe('sealJwt', () => {
  test('signs, then encrypts, and says so in cty', async () => {
    const token = await sealJwt({ sub: 'a' }, { ...sealing, issuer: 'i' })
    expect(headerOf(token)).toMatchObject({ alg: 'ECDH-ES+A128KW', cty: 'JWT' })
    const policy = { issuer: 'i', audience: null, now } as const
    const { claims, header } = await verifyJwt(await inside(token), signer.publicKey, policy)
    expect(claims).toEqual({ iss: 'i', sub: 'a', iat: now, exp: now + 60 })
    expect(header).toEqual({ typ: 'JWT', alg: 'ES256', kid: signer.kid })
  })

  test('puts typ inside, where it is proven, and header outside', async () => {
    const token = await sealJwt(
      {},
      { ...sealing, typ: 'at+jwt', header: { typ: 'x', aud: 'a' }, audience: 'a' },
    )
    expect(headerOf(token)).toMatchObject({ typ: 'x', aud: 'a', cty: 'JWT' })
    expect(headerOf(await inside(token))['typ']).toBe('at+jwt')
  })

  test('takes claims that look like secrets', async () => {
    const token = await sealJwt({ password: 'x' }, sealing)
    expect((await openJwt(token, opening)).claims['password']).toBe('x')
  })

  test.each<[string, object, RegExp]>([
    ['no options', undefined as unknown as object, /sealJwt: expected an options object/],
    ['cty in the header', { ...sealing, header: { cty: 'JWT' } }, /sealJwt: header "cty": leave it out/],
    ['no lifetime', { ...sealing, expiresIn: undefined }, /sealJwt: option "expiresIn" is undefined/],
    ['a misspelt name', { ...sealing, encryptTo: lock }, /sealJwt: .*"encryptTo"/],
    ['an option that it does not need', { ...sealing, allowSecretClaims: true }, /"allowSecretClaims"/],
  ])('refuses %s', async (_name, options, message) => {
    const error = await rejection(sealJwt({}, options as SealJwtOptions))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toMatch(message)
  })

  test.each<[string, object]>([
    ['a public key to sign with', { signWith: signer.publicKey }],
    ['a key to sign with that encrypts', { signWith: lock }],
    ['a private key to encrypt with', { encryptFor: open }],
    ['a key to encrypt with that signs', { encryptFor: signer }],
  ])('refuses %s', async (_name, keys) => {
    expect(await outcomeLater(() => sealJwt({}, { ...sealing, ...keys }))).toBe('key_invalid')
  })
})

describe('openJwt', () => {
  test('gives the verified token inside and the header around it', async () => {
    const token = await sealJwt({ sub: 'a' }, sealing)
    const result = await openJwt(token, opening)
    expect(result.claims).toEqual({ sub: 'a', iat: now, exp: now + 60 })
    expect(result.header.alg).toBe('ES256')
    expect(result.encryptionHeader).toMatchObject({ alg: 'ECDH-ES+A128KW', cty: 'JWT' })
  })

  test('opens what RFC 7519 appendix A.2 describes, whatever the case of cty', async () => {
    for (const cty of ['JWT', 'jwt', 'application/jwt'])
      expect(await opened(await around(signedToken({ exp: now + 1 }), { cty }))).toBe('accepted')
  })

  test.each<[string, string]>([
    ['an unsigned one (pac4j, CVE-2021-44878)', `${segment({ alg: 'none' })}.${segment({ exp: now + 1 })}.`],
    ['bare claims', '{"exp":4000000000}'],
    ['nothing', ''],
    ['text that is no ASCII', 'é.é.é'],
  ])('refuses what is no signed token inside: %s', async (_name, plaintext) => {
    expect(await opened(await around(plaintext))).toMatch(/^(malformed|alg_not_allowed)$/)
  })

  test('refuses a token inside the token inside', async () => {
    expect(await opened(await around(await around(signedToken({ exp: now + 1 }))))).toBe('malformed')
  })

  test('refuses octets inside that are no text', async () => {
    const token = await encryptCompact(Uint8Array.of(0xff), lock, { header: { cty: 'JWT' } })
    expect(await opened(token)).toBe('malformed')
  })

  test.each([undefined, 'json', 'at+jwt'])(
    'refuses cty %s: the signature inside is mandatory',
    async (cty) => {
      const header = cty === undefined ? {} : { cty }
      const error = await rejection(openJwt(await around(signedToken({ exp: now + 1 }), header), withSecret))
      expect(error.code).toBe('malformed')
      expect(error.message).toMatch(/"cty": expected JWT.*decryptJwt/)
    },
  )

  test('refuses a token of encryptJwt, which nobody signed', async () => {
    expect(await opened(await encryptJwt({}, lock, { expiresIn: 9, now }))).toBe('malformed')
  })

  test('refuses a signature of another, and claims that are not those expected', async () => {
    const forged = forge({ alg: 'HS256' }, { exp: now + 1 }, { key: new Uint8Array(64).fill(7) })
    expect(await opened(await around(forged))).toBe('bad_signature')
    expect(await opened(await around(signedToken({ exp: now })))).toBe('expired')
    const token = await around(signedToken({ exp: now + 1, iss: 'j' }))
    expect(await opened(token, { ...withSecret, issuer: 'i' })).toBe('claim_invalid')
    expect(await opened(token, { ...withSecret, typ: 'at+jwt' })).toBe('typ_mismatch')
  })

  test('speaks of the signature in algorithms, of the encryption in the options of decryptCompact', async () => {
    const token = await around(signedToken({ exp: now + 1 }))
    const raw = { ...opening, verifyWith: sharedSecret } as const
    expect(await opened(token, { ...raw, algorithms: ['HS256'] })).toBe('accepted')
    expect(await opened(token, raw)).toBe('option_invalid')
    expect(await opened(token, { ...withSecret, algorithms: ['HS512'] })).toBe('alg_not_allowed')
    expect(await opened(token, { ...withSecret, contentEncryptionAlgorithms: ['A128GCM'] })).toBe(
      'alg_not_allowed',
    )
    expect(await opened(token, { ...withSecret, maxTokenLength: 99 })).toBe('too_large')
  })

  test('holds replicated claims of the outer header against the inner claims (RFC 7519 §5.3)', async () => {
    const made = (iss: string): Promise<string> =>
      around(signedToken({ exp: now + 1, iss: 'i' }), { cty: 'JWT', iss })
    expect(await opened(await made('i'))).toBe('accepted')
    expect(await opened(await made('j'))).toBe('claim_invalid')
  })

  test.each<[string, object, string]>([
    ['no options', undefined as unknown as object, 'option_invalid'],
    ['no issuer', { decryptWith: open, verifyWith: shared, audience: null }, 'option_invalid'],
    ['a misspelt option', { ...withSecret, typs: 'JWT' }, 'option_invalid'],
    ['no key to decrypt', { ...withSecret, decryptWith: null }, 'key_invalid'],
    ['a public key to decrypt', { ...withSecret, decryptWith: lock }, 'key_invalid'],
    ['a private key to verify', { ...withSecret, verifyWith: signer }, 'key_invalid'],
    ['a key to verify that encrypts', { ...withSecret, verifyWith: lock }, 'key_invalid'],
  ])('refuses %s', async (_name, options, code) => {
    const error = await rejection(openJwt('x', options as OpenJwtOptions))
    expect(error.code).toBe(code)
  })
})
