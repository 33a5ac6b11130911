// What most users write, over every room of @tessera/jose. A line after `@ts-expect-error` must not compile.
import {
  createLocalJwkSet,
  createRemoteJwkSet,
  createVerifier,
  decode,
  defineToken,
  encode,
  encryptionSecret,
  encryptJwt,
  decryptJwt,
  exportJwk,
  generateKey,
  importKey,
  isJoseError,
  openJwt,
  safeVerifyJwt,
  sealJwt,
  secret,
  signJwt,
  verifyJwt,
} from '@tessera/jose'
import type { ClaimsSet, Jwk, KeySet, PrivateKey, PublicKey, SecretKey, Verified } from '@tessera/jose'
import { createDpopProof, verifyDpopProof } from '@tessera/jose/dpop'
import * as jwe from '@tessera/jose/jwe'
import * as jwk from '@tessera/jose/jwk'
import * as jwks from '@tessera/jose/jwks'
import * as jws from '@tessera/jose/jws'
import * as jwt from '@tessera/jose/jwt'
import { decodeUnverified } from '@tessera/jose/unverified'

declare const variable: string | undefined
declare function serve(claims: Verified<ClaimsSet>): void

export function shared(): number {
  const key: SecretKey<'HS256'> = secret('HS256', variable)
  const token: string = encode({ 'user-id': 5, exp: 5, aud: ['a'] }, key, { expiresIn: '15m' })
  const claims = decode(token, key)
  serve(claims)
  // @ts-expect-error a date is a number of seconds
  encode({ exp: '1539517391' }, key)
  // @ts-expect-error no such unit
  encode({}, key, { expiresIn: '15 minuts' })
  // @ts-expect-error a raw secret is for HS* alone, and there is no option to leave verification out
  decode(token, 'text', { verify: false })
  // @ts-expect-error claims cannot be changed
  claims.sub = 'other'
  // @ts-expect-error what nobody looked at is unknown
  const id: number = claims['user-id']
  return id
}

export async function issuer(): Promise<Jwk> {
  const key: PrivateKey<'ES256'> = await generateKey('ES256')
  const policy = { issuer: 'https://id.example', audience: 'https://api.example' } as const
  const token = await signJwt({ scope: 'a' }, key, { ...policy, subject: 'u', expiresIn: '10m' })
  const { claims, header } = await verifyJwt(token, key.publicKey, { ...policy, required: ['jti'] })
  const iss: 'https://id.example' = claims.iss
  const alg: 'ES256' = header.alg
  const jti: string = claims.jti
  // @ts-expect-error a public key cannot sign
  await signJwt({}, key.publicKey, { expiresIn: '10m' })
  // @ts-expect-error a private key cannot verify
  await verifyJwt(token, key, policy)
  // @ts-expect-error the audience has to be decided
  await verifyJwt(token, key.publicKey, { issuer: 'https://id.example' })
  // @ts-expect-error a misspelt option
  await verifyJwt(token, key.publicKey, { ...policy, audiance: 'x' })
  // @ts-expect-error a variable that may be missing is no decision
  await verifyJwt(token, key.publicKey, { issuer: variable, audience: null })
  // @ts-expect-error no such algorithm
  await generateKey('none')
  // @ts-expect-error a key of one algorithm is no key of another
  const other: PublicKey<'RS256'> = key.publicKey
  void [iss, alg, jti, other]
  return exportJwk(key.publicKey)
}

export async function kinds(keys: KeySet, key: PrivateKey<'ES256'>): Promise<string> {
  const policy = { issuer: 'https://id.example', audience: 'api' } as const
  const access = await verifyJwt('t', keys, { ...policy, profile: 'at+jwt' })
  const client: string = access.claims.client_id
  await signJwt({ client_id: 'c' }, key, {
    ...policy,
    profile: 'at+jwt',
    subject: 's',
    jwtId: 'j',
    expiresIn: 60,
  })
  // @ts-expect-error the client is missing
  await signJwt({}, key, { ...policy, profile: 'at+jwt', subject: 's', jwtId: 'j', expiresIn: 60 })
  // @ts-expect-error the profile decides typ
  await verifyJwt('t', keys, { ...policy, profile: 'at+jwt', typ: 'JWT' })
  // @ts-expect-error a nonce is an ID token's
  await verifyJwt('t', keys, { ...policy, nonce: 'n' })
  const id = await verifyJwt('t', keys, { ...policy, profile: 'id_token', nonce: 'n' })
  return client + id.claims.nonce
}

export async function several(): Promise<string> {
  const audience = 'api'
  const verifier = createVerifier([
    { issuer: 'https://a', audience, keys: createRemoteJwkSet('https://a/keys'), profile: 'at+jwt' },
    { issuer: 'https://b', audience, keys: createLocalJwkSet({ keys: [] }), required: ['tenant'] },
  ])
  const { claims } = await verifier.verify('t')
  // @ts-expect-error only one of them has a client
  void claims.client_id.length
  // @ts-expect-error HS256 has no place beside a JWK Set
  createVerifier({ issuer: 'a', audience, keys: createRemoteJwkSet('https://a'), algorithms: ['HS256'] })
  const asked = createVerifier({
    issuers: async (issuer) =>
      issuer === 'https://a' ? { audience, keys: createRemoteJwkSet({ issuer }) } : undefined,
  })
  const iss: string = (await asked.verify('t')).claims.iss
  return claims.iss === 'https://a' ? claims.client_id : iss
}

export async function defined(key: PrivateKey<'ES256'>, keys: KeySet): Promise<string> {
  const Invitation = defineToken({
    typ: 'invitation+jwt',
    issuer: 'https://a',
    audience: 'b',
    expiresIn: '7d',
    required: ['email'],
  })
  const token = await Invitation.sign({ email: 'e' }, key, { subject: 's' })
  // @ts-expect-error a required claim is missing
  await Invitation.sign({}, key)
  const claims: typeof Invitation.$claims = (await Invitation.verify(token, keys)).claims
  return claims.iss
}

export async function refused(keys: KeySet): Promise<string> {
  const result = await safeVerifyJwt('t', keys, { issuer: null, audience: null })
  if (result.ok) return String(result.claims.sub)
  if (result.code === 'expired') return result.error.expiredAt.toISOString() + String(result.authentic.sub)
  // @ts-expect-error nothing is authentic in a forged token
  if (result.code === 'bad_signature') return result.authentic.sub
  // @ts-expect-error there is no such code
  if (result.code === 'outdated') return ''
  return result.error.message
}

export function caught(error: unknown): string {
  if (!isJoseError(error)) throw error
  if (error.code === 'expired') return error.expiredAt.toISOString()
  // @ts-expect-error the time is there only when the token expired
  return error.expiredAt.toISOString()
}

export async function hidden(key: PrivateKey<'ES256'>): Promise<void> {
  const shared = encryptionSecret('A256GCM', new Uint8Array(32))
  const token = await encryptJwt({ password: 'may be' }, shared, { expiresIn: '5m' })
  const opened = await decryptJwt(token, shared, { issuer: null, audience: null })
  serve(opened.claims)
  const sealed = await sealJwt({}, { signWith: key, encryptFor: shared, expiresIn: '5m' })
  const inner = await openJwt(sealed, {
    decryptWith: shared,
    verifyWith: key.publicKey,
    issuer: null,
    audience: null,
  })
  serve(inner.claims)
  // @ts-expect-error a key for signatures encrypts nothing
  await encryptJwt({}, key.publicKey, { expiresIn: '5m' })
  // @ts-expect-error what nobody verified is in a box
  serve(decodeUnverified(token).unverified.claims)
  const proof = await createDpopProof(key, { method: 'GET', url: 'https://a' })
  await verifyDpopProof(proof, {
    method: 'GET',
    url: 'https://a',
    accessToken: null,
    expectedThumbprint: null,
    replayStore: null,
  })
  const imported = await importKey('pem', { type: 'public', algorithm: 'RS256' })
  void [imported, jwe, jwk, jwks, jws, jwt]
}
