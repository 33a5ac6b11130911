/** What the compiler must refuse and what it must know. Checked by `tsc`; the functions here are never called. */
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  calculateThumbprint,
  calculateThumbprintUri,
  createKeyRing,
  createLocalJwkSet,
  createRemoteJwkSet,
  createVerifier,
  decode,
  encode,
  externalSigner,
  generateKey,
  importKey,
  isJoseError,
  safeVerifyJwt,
  secret,
  signJwt,
  verifyJwt,
} from '../../src/index.ts'
import type {
  AsymmetricAlgorithm,
  ClaimsSet,
  HmacAlgorithm,
  Key,
  KeyRing,
  KeySet,
  NumericDate,
  PrivateKey,
  PublicKey,
  SecretKey,
  TokenErrorCode,
} from '../../src/index.ts'
import { decodeUnverified } from '../../src/unverified.ts'

declare const publicKey: PublicKey<'ES256'>
declare const privateKey: PrivateKey<'ES256'>
declare const secretKey: SecretKey<'HS256'>
declare const keySet: KeySet
declare const variable: string | undefined
const policy = { issuer: 'https://a', audience: 'api' } as const

export async function keyFiles(): Promise<void> {
  const opened = await importKey('pem', { algorithm: 'ES256', type: 'private', passphrase: 'text' })
  expectTypeOf(opened).toEqualTypeOf<PrivateKey<'ES256'>>()
  await importKey(new Uint8Array(9), { passphrase: new Uint8Array(9) })
  // @ts-expect-error a passphrase is text or bytes
  await importKey('pem', { passphrase: 5 })
  // @ts-expect-error a variable that may not be set is no passphrase (exactOptionalPropertyTypes)
  await importKey('pem', { passphrase: variable })
  expectTypeOf(await calculateThumbprintUri(publicKey, 'SHA-384')).toEqualTypeOf<string>()
  // @ts-expect-error another hash
  await calculateThumbprint(publicKey, 'SHA-1')
}

export function signers(): void {
  const sign = async (data: Uint8Array): Promise<Uint8Array> => data
  const signer = externalSigner({ algorithm: 'ES256', kid: 'a', publicKey, sign, signatureFormat: 'der' })
  expectTypeOf(signer).toEqualTypeOf<PrivateKey<'ES256'>>()
  externalSigner({ algorithm: 'RS256', sign: (data) => data })
  // @ts-expect-error a public key of another algorithm
  externalSigner({ algorithm: 'ES384', publicKey, sign })
  // @ts-expect-error a secret signs here
  externalSigner({ algorithm: 'HS256', sign })
  // @ts-expect-error a misspelt option
  externalSigner({ algorithm: 'ES256', sign, keyId: 'a' })
  // @ts-expect-error a signature is bytes
  externalSigner({ algorithm: 'ES256', sign: () => 'text' })
  // @ts-expect-error no function
  externalSigner({ algorithm: 'ES256' })
}

export async function rings(): Promise<void> {
  const rules = { publishAheadSeconds: 3600, retireAfterSeconds: 900 } as const
  const ring = createKeyRing({ algorithm: 'ES256', ...rules, keys: [privateKey] })
  expectTypeOf(ring).toEqualTypeOf<KeyRing<'ES256'>>()
  expectTypeOf(await ring.signingKey()).toEqualTypeOf<PrivateKey<'ES256'>>()
  const secrets = createKeyRing({ algorithm: 'HS256', ...rules })
  expectTypeOf(await secrets.signingKey()).toEqualTypeOf<SecretKey<'HS256'>>()
  await signJwt({}, ring, { expiresIn: '15m' })
  await verifyJwt('t', ring, policy)
  createVerifier({ keys: ring, ...policy })
  // @ts-expect-error encode wants a key
  encode({}, ring)
  // @ts-expect-error no time after which keys are gone
  createKeyRing({ algorithm: 'ES256', publishAheadSeconds: 3600 })
  // @ts-expect-error a misspelt option
  createKeyRing({ algorithm: 'ES256', ...rules, rotateEvery: 60 })
  // @ts-expect-error a key of another algorithm
  createKeyRing({ algorithm: 'ES384', ...rules, keys: [privateKey] })
  // @ts-expect-error a public key cannot sign
  createKeyRing({ algorithm: 'ES256', ...rules, keys: [publicKey] })
  // @ts-expect-error an algorithm of encryption
  createKeyRing({ algorithm: 'A256GCM', ...rules })
}

export async function keys(): Promise<void> {
  await verifyJwt('t', publicKey, policy)
  await signJwt({}, privateKey, { expiresIn: '15m' })
  // @ts-expect-error a public key cannot sign
  await signJwt({}, publicKey, { expiresIn: '15m' })
  // @ts-expect-error a public key cannot sign
  encode({}, publicKey)
  // @ts-expect-error a private key cannot verify
  await verifyJwt('t', privateKey, policy)
  // @ts-expect-error a private key cannot verify
  decode('t', privateKey)
  // @ts-expect-error a private key cannot verify
  createVerifier({ keys: privateKey, ...policy })
  // @ts-expect-error a raw secret does not sign with signJwt
  await signJwt({}, 'text', { expiresIn: '15m' })
  // @ts-expect-error a JWK is no key until it is imported
  await verifyJwt('t', { kty: 'EC' }, policy)
  // @ts-expect-error an object that looks like a key is none
  decode('t', { type: 'secret', algorithm: 'HS256' })
  // @ts-expect-error a key of one algorithm is no key of another
  const other: SecretKey<'HS512'> = secretKey
  // @ts-expect-error a key set does not sign
  await signJwt({}, keySet, { expiresIn: '15m' })
  // @ts-expect-error there is no key callback
  await verifyJwt('t', () => secretKey, policy)
  void other
}

export async function kinds(): Promise<void> {
  expectTypeOf(secret('HS512', 'x')).toEqualTypeOf<SecretKey<'HS512'>>()
  expectTypeOf(secret('HS256', variable)).toEqualTypeOf<SecretKey<'HS256'>>()
  // @ts-expect-error no such HMAC algorithm
  secret('RS256', 'x')
  // @ts-expect-error a misspelt option
  secret('HS256', 'x', { allowWeak: true })
  expectTypeOf(await generateKey('ES384')).toEqualTypeOf<PrivateKey<'ES384'>>()
  expectTypeOf((await generateKey('ES384')).publicKey).toEqualTypeOf<PublicKey<'ES384'>>()
  expectTypeOf(await generateKey('HS384')).toEqualTypeOf<SecretKey<'HS384'>>()
  // @ts-expect-error none is no algorithm
  await generateKey('none')
  // @ts-expect-error a misspelt option
  await generateKey('ES256', { extractible: true })
  expectTypeOf(await importKey('pem')).toEqualTypeOf<Key>()
  expectTypeOf(await importKey('pem', { type: 'public' })).toEqualTypeOf<PublicKey<AsymmetricAlgorithm>>()
  expectTypeOf(await importKey('pem', { type: 'private', algorithm: 'RS256' })).toEqualTypeOf<
    PrivateKey<'RS256'>
  >()
  expectTypeOf(await importKey({ kty: 'oct' }, { type: 'secret' })).toEqualTypeOf<SecretKey<HmacAlgorithm>>()
  // @ts-expect-error a misspelt option also where the options shape the result
  await importKey('pem', { type: 'public', algoritm: 'RS256' })
}

export async function options(): Promise<void> {
  // @ts-expect-error a misspelt option
  await verifyJwt('t', publicKey, { ...policy, audiance: 'x' })
  // @ts-expect-error a misspelt option, with options that shape the result
  await verifyJwt('t', publicKey, { ...policy, required: ['jti'], audiance: 'x' })
  // @ts-expect-error a misspelt option in place of a required one
  await verifyJwt('t', publicKey, { issuer: 'a', audiance: 'x' })
  // @ts-expect-error a misspelt option of decode
  decode('t', secretKey, { audiance: 'x' })
  // @ts-expect-error a misspelt option of safeVerifyJwt
  await safeVerifyJwt('t', publicKey, { ...policy, isuer: 'x' })
  // @ts-expect-error a misspelt option at construction
  createVerifier({ keys: publicKey, ...policy, clockTolerance: 5 })
  // @ts-expect-error a misspelt option of a variable, too
  await verifyJwt('t', publicKey, misspelt)
  // @ts-expect-error issuer has to be decided
  await verifyJwt('t', publicKey, { audience: 'api' })
  // @ts-expect-error audience has to be decided
  createVerifier({ keys: publicKey, issuer: 'a' })
  // @ts-expect-error undefined is no decision
  await verifyJwt('t', publicKey, { issuer: 'a', audience: undefined })
  // @ts-expect-error a variable that may be missing is no decision
  await verifyJwt('t', publicKey, { issuer: variable, audience: 'a' })
  // @ts-expect-error false does not waive, null does
  await verifyJwt('t', publicKey, { issuer: false, audience: 'a' })
  // @ts-expect-error no regular expressions
  await verifyJwt('t', publicKey, { issuer: /a/, audience: 'a' })
  // @ts-expect-error no such algorithm
  await verifyJwt('t', publicKey, { ...policy, algorithms: ['none'] })
  // @ts-expect-error there is no option to leave verification out
  decode('t', secretKey, { verify: false })
  await verifyJwt('t', publicKey, { issuer: null, audience: null })
  await verifyJwt('t', publicKey, { issuer: ['a', 'b'] as readonly string[], audience: ['c'] })
  // @ts-expect-error a misspelt option of a remote set
  createRemoteJwkSet('https://a', { timeout: 5 })
  // @ts-expect-error a misspelt option of a local set
  createLocalJwkSet({ keys: [] }, { onWarn: () => undefined })
}

const misspelt = { issuer: 'a', audience: 'b', audiance: 'c' } as const

export async function times(): Promise<void> {
  await signJwt({}, privateKey, { expiresIn: 900 })
  await signJwt({}, privateKey, { expiresIn: '1.5h', notBefore: '10s' })
  await signJwt({}, privateKey, { expiresIn: null })
  // @ts-expect-error a number without its unit
  await signJwt({}, privateKey, { expiresIn: '15' })
  // @ts-expect-error no such unit
  await signJwt({}, privateKey, { expiresIn: '15 minutes' })
  // @ts-expect-error no such unit
  encode({}, secretKey, { expiresIn: '1y' })
  // @ts-expect-error empty text is no lifetime
  encode({}, secretKey, { expiresIn: '' })
  // @ts-expect-error a date is no clock
  encode({}, secretKey, { expiresIn: 5, now: new Date() })
}

export async function claims(): Promise<void> {
  encode({ sub: 'a', exp: 5, aud: ['a'], own: { deep: [1] } }, secretKey)
  // @ts-expect-error a date is a number
  encode({ exp: '1539517391' }, secretKey)
  // @ts-expect-error a Date is no number
  encode({ exp: new Date() }, secretKey)
  // @ts-expect-error a date is a number, in signJwt too
  await signJwt({ nbf: '5' }, privateKey, { expiresIn: 5 })
  // @ts-expect-error a subject is text
  encode({ sub: 1 }, secretKey)
  // @ts-expect-error an audience is text
  encode({ aud: [1] }, secretKey)
  // @ts-expect-error claims are an object
  encode('claims', secretKey)
  // @ts-expect-error anybody can read a signed token
  encode({ password: 'x' }, secretKey)
  // @ts-expect-error anybody can read a signed token
  await signJwt({ clientSecret: 'x' }, privateKey, { expiresIn: 5 })
  // @ts-expect-error the word that allows it must be true
  encode({ password: 'x' }, secretKey, { allowSecretClaims: false })
  encode({ password: 'x' }, secretKey, { allowSecretClaims: true })
  await signJwt({ pin: 1 }, privateKey, { expiresIn: 5, allowSecretClaims: true })
}

export async function results(): Promise<void> {
  const { claims: known, header } = await verifyJwt('t', publicKey, {
    ...policy,
    required: ['jti', 'tenant'],
  })
  expectTypeOf(known.iss).toEqualTypeOf<'https://a'>()
  expectTypeOf(known.aud).toEqualTypeOf<string | readonly string[]>()
  expectTypeOf(known.exp).toEqualTypeOf<number>()
  expectTypeOf(known.jti).toEqualTypeOf<string>()
  expectTypeOf(known.sub).toEqualTypeOf<string | undefined>()
  expectTypeOf(known.nbf).toEqualTypeOf<NumericDate | undefined>()
  expectTypeOf(known['other']).toEqualTypeOf<unknown>()
  expectTypeOf(header.alg).toEqualTypeOf<'ES256'>()
  expectTypeOf(header.kid).toEqualTypeOf<string | undefined>()
  // @ts-expect-error verified claims cannot be changed
  known.sub = 'b'
  // @ts-expect-error nor can the header
  header.kid = 'b'
}

export async function shapes(): Promise<void> {
  const waived = { issuer: null, audience: null } as const
  const { claims: loose } = await verifyJwt('t', publicKey, { ...waived, requireExp: false })
  expectTypeOf(loose.exp).toEqualTypeOf<number | undefined>()
  expectTypeOf(loose.iss).toEqualTypeOf<string | undefined>()
  expectTypeOf(loose.aud).toEqualTypeOf<string | readonly string[] | undefined>()
  const { claims: listed } = await verifyJwt('t', publicKey, { ...waived, issuer: ['a', 'b'] })
  expectTypeOf(listed.iss).toEqualTypeOf<'a' | 'b'>()
  const { claims: subject } = await verifyJwt('t', publicKey, { ...waived, subject: 's', maxAgeSeconds: 5 })
  expectTypeOf(subject.sub).toEqualTypeOf<'s'>()
  expectTypeOf(subject.iat).toEqualTypeOf<number>()
  const verifier = createVerifier({ keys: secretKey, ...policy, required: ['sub'] })
  expectTypeOf(verifier.verifySync('t').claims.sub).toEqualTypeOf<string>()
  expectTypeOf((await verifier.verify('t')).header.alg).toEqualTypeOf<'HS256'>()
  const fromSet = createVerifier({ keys: createLocalJwkSet({ keys: [] }), ...policy })
  expectTypeOf(fromSet.verifySync('t').header.alg).toEqualTypeOf<AsymmetricAlgorithm>()
  expectTypeOf(decode('t', secretKey).exp).toEqualTypeOf<number | undefined>()
}

export async function schemas(): Promise<void> {
  const schema = z.object({
    scope: z.string().transform((text) => text.split(' ')),
    level: z.number().default(1),
  })
  const { claims: made } = await verifyJwt('t', publicKey, { ...policy, schema })
  expectTypeOf(made.scope).toEqualTypeOf<string[]>()
  expectTypeOf(made.level).toEqualTypeOf<number>()
  expectTypeOf(made.iss).toEqualTypeOf<'https://a'>()
  // @ts-expect-error something that only parses is no Standard Schema
  await verifyJwt('t', publicKey, { ...policy, schema: { parse: (value: unknown) => value } })
}

export async function safe(): Promise<void> {
  const result = await safeVerifyJwt('t', publicKey, policy)
  if (result.ok) {
    expectTypeOf(result.claims.iss).toEqualTypeOf<'https://a'>()
    // @ts-expect-error there is no error when all is well
    void result.error
    return
  }
  // @ts-expect-error no claims before the code is known
  void result.authentic
  // @ts-expect-error no claims of a token that was refused
  void result.claims
  if (result.code === 'expired') expectTypeOf(result.authentic).toEqualTypeOf<ClaimsSet>()
  if (result.code === 'claim_invalid') expectTypeOf(result.authentic.sub).toEqualTypeOf<string | undefined>()
  // @ts-expect-error nothing is authentic in a forged token
  if (result.code === 'bad_signature') void result.authentic
  // @ts-expect-error nothing is authentic in a malformed token
  if (result.code === 'malformed') void result.authentic
  const { code } = result
  expectTypeOf(code).toExtend<TokenErrorCode>()
  // @ts-expect-error the caller's own mistakes are thrown, not returned
  if (code === 'option_invalid') throw result.error
}

/** Every code has its case; a new one would not compile here. */
export function words(code: TokenErrorCode): 'again' | 'login' | 'refuse' | 'fix' {
  switch (code) {
    case 'keys_unavailable':
      return 'again'
    case 'expired':
    case 'too_old':
    case 'revoked':
    case 'replayed':
      return 'login'
    case 'malformed':
    case 'too_large':
    case 'unsupported':
    case 'alg_not_allowed':
    case 'key_not_found':
    case 'key_ambiguous':
    case 'bad_signature':
    case 'decrypt_failed':
    case 'crit_unsupported':
    case 'typ_mismatch':
    case 'not_yet_valid':
    case 'claim_missing':
    case 'claim_invalid':
    case 'schema_invalid':
      return 'refuse'
    case 'key_invalid':
    case 'weak_key':
    case 'option_invalid':
      return 'fix'
  }
}

export async function refusals(): Promise<string> {
  const result = await safeVerifyJwt('t', publicKey, policy)
  if (result.ok) return ''
  switch (result.code) {
    case 'expired':
    case 'not_yet_valid':
    case 'too_old':
    case 'typ_mismatch':
    case 'claim_missing':
    case 'claim_invalid':
    case 'schema_invalid':
    case 'replayed':
    case 'revoked':
      return String(result.authentic.sub)
    case 'malformed':
    case 'too_large':
    case 'unsupported':
    case 'alg_not_allowed':
    case 'key_not_found':
    case 'key_ambiguous':
    case 'keys_unavailable':
    case 'bad_signature':
    case 'decrypt_failed':
    case 'crit_unsupported':
      return result.error.message
  }
}

export function boxes(error: unknown): void {
  const box = decodeUnverified('t')
  // @ts-expect-error claims that nobody verified are in a box
  void box.claims
  // @ts-expect-error the box is no claims set
  const verified: ClaimsSet & { exp: number } = box
  expectTypeOf(box.unverified.claims['sub']).toEqualTypeOf<unknown>()
  if (isJoseError(error)) expectTypeOf(error.code).toEqualTypeOf<TokenErrorCode>()
  void verified
}

test('the compiler refuses what the library refuses', () => {
  const checked = [
    keys,
    keyFiles,
    signers,
    rings,
    kinds,
    options,
    times,
    claims,
    results,
    shapes,
    schemas,
    safe,
    words,
    refusals,
    boxes,
  ]
  expect(checked).toHaveLength(15)
})
