/** The types of verified tokens: what was asked for is in the type, and nothing else can make a `Verified`. */
import type {
  AsymmetricAlgorithm,
  HmacAlgorithm,
  ReadAlgorithm,
  SignatureAlgorithm,
} from '../jwa/algorithm.ts'
import type { KeySet } from '../jwk/key-set.ts'
import type { PublicKey, SecretKey } from '../jwk/key.ts'
import type { ProtectedHeader } from '../jws/header.ts'
import type { RawSecret } from '../jws/verification-keys.ts'
import type { NumericDate, RegisteredClaims } from './claims-set.ts'
import type { ClaimsOfProfile, ProfileOptionClaims } from './profile-claims.ts'
import type { SchemaOutput } from './schema.ts'
import type { VerifyJwtOptions } from './verify-options.ts'

declare const verified: unique symbol

/** Claims that came out of a verification. The mark exists in types alone. */
export type Verified<T> = T & { readonly [verified]: true }

/**
 * Claims that came out of a decryption with a private key. Anybody can encrypt to a public key, so nothing says who wrote
 * them, and they are never a `Verified`. The mark exists in types alone.
 */
export type Decrypted<T> = T & { readonly [verified]: false }

/**
 * Claims that were signed with a key that came along with them. They prove that their sender holds that key and nothing
 * else, and they are never a `Verified`. The mark exists in types alone.
 */
export type SelfSigned<T> = T & { readonly [verified]: 'self-signed' }

type IssuerClaim<O> = O extends { issuer: infer I extends string | readonly string[] }
  ? { readonly iss: OneOf<I> }
  : unknown

type OneOf<T> = T extends readonly (infer Member)[] ? Member : T

type AudienceClaim<O> = O extends { audience: string | readonly string[] }
  ? { readonly aud: string | readonly string[] }
  : unknown

/**
 * Promised unless it is waived, or could be: an option of type `boolean` promises nothing, nor does a profile that lives
 * without `exp`.
 */
type ExpirationClaim<O> = 'requireExp' extends keyof O
  ? false extends O['requireExp' & keyof O]
    ? unknown
    : { readonly exp: NumericDate }
  : 'profile' extends keyof O
    ? unknown
    : { readonly exp: NumericDate }

type SubjectClaim<O> = O extends { subject: infer S extends string } ? { readonly sub: S } : unknown

type AgeClaim<O> = O extends { maxAgeSeconds: number } ? { readonly iat: NumericDate } : unknown

/** Only a list whose length the compiler knows names its members for certain. */
type RequiredClaims<O> = O extends { required: infer Names extends readonly string[] }
  ? number extends Names['length']
    ? unknown
    : {
        readonly [Name in Names[number]]: Name extends keyof RegisteredClaims
          ? NonNullable<RegisteredClaims[Name]>
          : {} | null
      }
  : unknown

type SchemaClaims<O> = O extends { schema: infer S } ? SchemaOutput<S> : unknown

/** A schema may make something else of a claim than what a profile says of it: of `scope` a list, for example. */
type Without<T, Other> = T extends object
  ? string extends keyof Other
    ? T
    : { readonly [Name in keyof T as Name extends keyof Other ? never : Name]: T[Name] }
  : T

type PromisedClaims<O> = IssuerClaim<O> &
  AudienceClaim<O> &
  ExpirationClaim<O> &
  SubjectClaim<O> &
  AgeClaim<O> &
  RequiredClaims<O> &
  Without<ClaimsOfProfile<O>, SchemaClaims<O>> &
  ProfileOptionClaims<O> &
  SchemaClaims<O>

/** The registered claims that nothing was promised about: any of them may be there. */
type OtherClaims<Promised> = {
  readonly [Name in keyof RegisteredClaims as Name extends keyof Promised ? never : Name]?: NonNullable<
    RegisteredClaims[Name]
  >
}

/** One object type instead of an intersection of many, so that an editor shows the claims. */
type Simplify<T> = { [Name in keyof T]: T[Name] } & {}

type CheckedClaims<O> = PromisedClaims<O> &
  OtherClaims<PromisedClaims<O>> & { readonly [name: string]: unknown }

/** The claims that options promise: `issuer: 'x'` gives `iss: 'x'`, `required: ['jti']` gives `jti: string`. */
export type VerifiedClaims<O> = Simplify<Verified<CheckedClaims<O>>>

/** The same claims, checked alike, of a token that anybody could have encrypted. */
export type DecryptedClaims<O> = Simplify<Decrypted<CheckedClaims<O>>>

/** The values of `alg` that a key, or the keys of a set, can verify. */
export type AlgorithmOf<K> =
  K extends SecretKey<infer A extends HmacAlgorithm>
    ? A
    : K extends PublicKey<infer A extends AsymmetricAlgorithm>
      ? ReadAlgorithm<A>
      : K extends KeySet<infer Key>
        ? AlgorithmOf<Key>
        : K extends RawSecret
          ? HmacAlgorithm
          : SignatureAlgorithm

/** The values of `alg` that a token can have had: the key's, narrowed by the option `algorithms`. */
type VerifiedAlgorithm<O, K> = O extends { algorithms: readonly (infer A)[] }
  ? Extract<AlgorithmOf<K>, A>
  : AlgorithmOf<K>

/** What a verification gives. */
export interface VerifiedJwt<O extends Partial<VerifyJwtOptions> = VerifyJwtOptions, K = unknown> {
  /** The claims set, deeply frozen. */
  readonly claims: VerifiedClaims<O>
  readonly header: ProtectedHeader<VerifiedAlgorithm<O, K>>
}
