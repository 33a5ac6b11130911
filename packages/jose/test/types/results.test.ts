/** The types of results: marks that only a verification gives, algorithms, errors that tell what they have. Never called. */
import { expect, expectTypeOf, test } from 'vitest'
import {
  createLocalJwkSet,
  createRemoteJwkSet,
  createVerifier,
  decode,
  isJoseError,
  JoseError,
  openJwt,
  safeVerifyJwt,
  verifyJwt,
} from '../../src/index.ts'
import type {
  AnyJoseError,
  AsymmetricAlgorithm,
  ClaimsSet,
  HmacAlgorithm,
  KeySet,
  PublicKey,
  RemoteJwkSet,
  SecretKey,
  SignatureAlgorithm,
  Verified,
} from '../../src/index.ts'

declare const publicKey: PublicKey<'ES256'>
declare const eitherKey: PublicKey<'ES256'> | PublicKey<'RS256'>
declare const edwardsKey: PublicKey<'Ed25519'>
declare const olderKey: PublicKey<'EdDSA'>
declare const secretKey: SecretKey<'HS256'>
declare const ownSet: KeySet
declare const secretSet: KeySet<SecretKey<'HS384'>>
declare const remoteSet: RemoteJwkSet
declare const wideList: readonly SignatureAlgorithm[]
const policy = { issuer: 'https://a', audience: 'api' } as const

/** A function of an application that acts on what an issuer said. */
declare function serve(claims: Verified<ClaimsSet>): void

export async function marks(): Promise<void> {
  serve(decode('t', secretKey))
  serve((await verifyJwt('t', publicKey, policy)).claims)
  serve(createVerifier({ keys: publicKey, ...policy, required: ['jti'] }).verifySync('t').claims)
  const plain: ClaimsSet = { sub: 'me' }
  // @ts-expect-error claims that nobody verified
  serve(plain)
  // @ts-expect-error an object that looks like claims
  serve({ iss: 'https://a', sub: 'me' })
  const result = await safeVerifyJwt('t', publicKey, policy)
  // @ts-expect-error the claims of a token that was refused are authentic and not verified
  if (!result.ok && result.code === 'expired') serve(result.authentic)
}

/** A hover shows these very members: the claims are one object type, no intersection. */
export async function readable(): Promise<void> {
  const { claims } = await verifyJwt('t', publicKey, { ...policy, required: ['jti'] })
  type Shown = {
    readonly [
      Name in keyof typeof claims as string extends Name
        ? never
        : number extends Name
          ? never
          : symbol extends Name
            ? never
            : Name extends string
              ? Name
              : never
    ]: (typeof claims)[Name]
  }
  expectTypeOf<Shown>().toEqualTypeOf<{
    readonly iss: 'https://a'
    readonly aud: string | readonly string[]
    readonly exp: number
    readonly jti: string
    readonly sub?: string
    readonly nbf?: number
    readonly iat?: number
  }>()
}

export async function algorithms(): Promise<void> {
  expectTypeOf((await verifyJwt('t', eitherKey, policy)).header.alg).toEqualTypeOf<'ES256' | 'RS256'>()
  expectTypeOf((await verifyJwt('t', edwardsKey, policy)).header.alg).toEqualTypeOf<'Ed25519' | 'EdDSA'>()
  expectTypeOf((await verifyJwt('t', olderKey, policy)).header.alg).toEqualTypeOf<
    'EdDSA' | 'Ed25519' | 'Ed448'
  >()
  expectTypeOf((await verifyJwt('t', ownSet, policy)).header.alg).toEqualTypeOf<SignatureAlgorithm>()
  expectTypeOf((await verifyJwt('t', secretSet, policy)).header.alg).toEqualTypeOf<'HS384'>()
  expectTypeOf((await verifyJwt('t', remoteSet, policy)).header.alg).toEqualTypeOf<AsymmetricAlgorithm>()
  const listed = { ...policy, algorithms: ['ES256', 'Ed25519'] } as const
  expectTypeOf((await verifyJwt('t', remoteSet, listed)).header.alg).toEqualTypeOf<'ES256' | 'Ed25519'>()
  expectTypeOf((await verifyJwt('t', publicKey, listed)).header.alg).toEqualTypeOf<'ES256'>()
  const raw = await verifyJwt('t', 'a secret', { ...policy, algorithms: ['HS512'] })
  expectTypeOf(raw.header.alg).toEqualTypeOf<'HS512'>()
  const wide = await verifyJwt('t', 'a secret', { ...policy, algorithms: wideList })
  expectTypeOf(wide.header.alg).toEqualTypeOf<HmacAlgorithm>()
  expectTypeOf(
    (await verifyJwt('t', remoteSet, { ...policy, algorithms: wideList })).header.alg,
  ).toEqualTypeOf<AsymmetricAlgorithm>()
}

export async function lists(): Promise<void> {
  // @ts-expect-error HS256 has no place beside a JWK Set
  createVerifier({ keys: createRemoteJwkSet('https://a'), ...policy, algorithms: ['ES256', 'HS256'] })
  // @ts-expect-error HS256 has no place beside a JWK Set
  await verifyJwt('t', createLocalJwkSet({ keys: [] }), { ...policy, algorithms: ['HS256'] })
  // @ts-expect-error a list without the key's own algorithm
  await verifyJwt('t', publicKey, { ...policy, algorithms: ['RS256'] })
  // @ts-expect-error a list without the key's own algorithm
  await safeVerifyJwt('t', secretKey, { ...policy, algorithms: ['HS512'] })
  // @ts-expect-error a raw secret is for HS* alone
  await verifyJwt('t', 'a secret', { ...policy, algorithms: ['HS256', 'RS256'] })
  const inside = { ...policy, decryptWith: undefined as never, verifyWith: remoteSet } as const
  // @ts-expect-error HS256 has no place beside a JWK Set, for a token inside a token too
  await openJwt('t', { ...inside, algorithms: ['HS256'] })
  await verifyJwt('t', publicKey, { ...policy, algorithms: ['RS256', 'ES256'] })
  await verifyJwt('t', ownSet, { ...policy, algorithms: ['HS256', 'ES256'] })
}

export function errors(error: unknown): string {
  if (!isJoseError(error)) throw error
  expectTypeOf(error).toEqualTypeOf<AnyJoseError>()
  // @ts-expect-error the time is there only when the token expired
  error.expiredAt.getTime()
  if (error.code === 'expired') {
    expectTypeOf(error).toEqualTypeOf<JoseError<'expired'>>()
    return error.expiredAt.toISOString()
  }
  if (error.code === 'revoked') expectTypeOf(error.expiredAt).toEqualTypeOf<undefined>()
  // @ts-expect-error there is no such code
  if (error.code === 'outdated') return ''
  return error.message
}

export async function refusals(): Promise<void> {
  const result = await safeVerifyJwt('t', publicKey, policy)
  if (result.ok) return
  if (result.code === 'expired') {
    expectTypeOf(result.error).toEqualTypeOf<JoseError<'expired'>>()
    expectTypeOf(result.error.expiredAt).toEqualTypeOf<Date>()
  }
  if (result.code === 'bad_signature') expectTypeOf(result.error).toEqualTypeOf<JoseError<'bad_signature'>>()
  expectTypeOf(result.error.message).toEqualTypeOf<string>()
}

export function made(): void {
  const expired = new JoseError('expired', 'x', { claim: 'exp', expiredAt: new Date(0) })
  expectTypeOf(expired).toEqualTypeOf<JoseError<'expired'>>()
  expectTypeOf(new JoseError('revoked', 'x').code).toEqualTypeOf<'revoked'>()
  // @ts-expect-error an expired token expired at some time
  void new JoseError('expired', 'x')
  // @ts-expect-error and no other has one
  void new JoseError('revoked', 'x', { expiredAt: new Date(0) })
  // @ts-expect-error there is no such code
  void new JoseError('outdated', 'x')
}

test('the compiler knows what results hold', () => {
  expect([marks, readable, algorithms, lists, errors, refusals, made]).toHaveLength(7)
})
