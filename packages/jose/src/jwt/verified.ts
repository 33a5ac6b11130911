/** The types of verified tokens: what was asked for is in the type, and nothing else can make a `Verified`. */
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeySet } from '../jwk/key-set.ts'
import type { PublicKey, SecretKey } from '../jwk/key.ts'
import type { ProtectedHeader } from '../jws/header.ts'
import type { NumericDate, RegisteredClaims } from './claims-set.ts'
import type { SchemaOutput } from './schema.ts'
import type { VerifyJwtOptions } from './verify-options.ts'

declare const verified: unique symbol

/** Claims that came out of a verification. The mark exists in types alone. */
export type Verified<T> = T & { readonly [verified]?: true }

/**
 * Claims that came out of a decryption with a private key. Anybody can encrypt to a public key, so nothing says who wrote
 * them, and they are never a `Verified`. The mark exists in types alone.
 */
export type Decrypted<T> = T & { readonly [verified]?: false }

type IssuerClaim<O> = O extends { issuer: infer I extends string }
  ? { readonly iss: I }
  : O extends { issuer: readonly (infer I extends string)[] }
    ? { readonly iss: I }
    : unknown

type AudienceClaim<O> = O extends { audience: string | readonly string[] }
  ? { readonly aud: string | readonly string[] }
  : unknown

type ExpirationClaim<O> = O extends { requireExp: false } ? unknown : { readonly exp: NumericDate }

type SubjectClaim<O> = O extends { subject: infer S extends string } ? { readonly sub: S } : unknown

type AgeClaim<O> = O extends { maxAgeSeconds: number } ? { readonly iat: NumericDate } : unknown

type RequiredClaims<O> = O extends { required: readonly (infer Name extends string)[] }
  ? { readonly [N in Name]: N extends keyof RegisteredClaims ? NonNullable<RegisteredClaims[N]> : {} | null }
  : unknown

type SchemaClaims<O> = O extends { schema: infer S } ? SchemaOutput<S> : unknown

type PromisedClaims<O> = IssuerClaim<O> &
  AudienceClaim<O> &
  ExpirationClaim<O> &
  SubjectClaim<O> &
  AgeClaim<O> &
  RequiredClaims<O> &
  SchemaClaims<O>

/** The registered claims that nothing was promised about: any of them may be there. */
type OtherClaims<Promised> = {
  readonly [Name in keyof RegisteredClaims as Name extends keyof Promised ? never : Name]?: NonNullable<
    RegisteredClaims[Name]
  >
}

/** The claims that options promise: `issuer: 'x'` gives `iss: 'x'`, `required: ['jti']` gives `jti: string`. */
export type VerifiedClaims<O> = Verified<CheckedClaims<O>>

/** The same claims, checked alike, of a token that anybody could have encrypted. */
export type DecryptedClaims<O> = Decrypted<CheckedClaims<O>>

type CheckedClaims<O> = PromisedClaims<O> &
  OtherClaims<PromisedClaims<O>> & { readonly [name: string]: unknown }

/** The `alg` that a token can have had, given what verified it. */
export type AlgorithmOf<K> =
  K extends SecretKey<infer A extends HmacAlgorithm>
    ? A
    : K extends PublicKey<infer A extends AsymmetricAlgorithm>
      ? A
      : K extends KeySet
        ? SignatureAlgorithm
        : SignatureAlgorithm

/** What a verification gives. */
export interface VerifiedJwt<O extends Partial<VerifyJwtOptions> = VerifyJwtOptions, K = unknown> {
  /** The claims set, deeply frozen. */
  readonly claims: VerifiedClaims<O>
  readonly header: ProtectedHeader<AlgorithmOf<K>>
}
