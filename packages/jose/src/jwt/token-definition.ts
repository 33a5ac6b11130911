/** What `defineToken` is told, and what it makes of it: types only. */
import type { AsymmetricAlgorithm, HmacAlgorithm } from '../jwa/algorithm.ts'
import type { PrivateKey, SecretKey, SigningKey } from '../jwk/key.ts'
import type { SigningKeySet } from '../jwk/signing-key-set.ts'
import type { VerificationInput } from '../jws/verification-keys.ts'
import type { OnlyOptions, Refused } from '../options.ts'
import type { ClaimsSet, RegisteredClaims } from './claims-set.ts'
import type { Duration } from './numeric-date.ts'
import type { ClaimsOfProfile, OptionsFittingProfile } from './profile-claims.ts'
import type { SignableProfile } from './profiles.ts'
import type { SchemaInput } from './schema.ts'
import type { NoSecretClaims } from './secret-claims.ts'
import type { VerifiedClaims, VerifiedJwt } from './verified.ts'
import type { Verifier } from './verifier.ts'
import type { SafeVerifyResult } from './verify.ts'
import type { VerifyJwtOptions } from './verify-options.ts'

/** The options of verification that a definition may hold for every token of its kind. */
type SharedOptions = Pick<
  VerifyJwtOptions,
  | 'algorithms'
  | 'required'
  | 'schema'
  | 'maxAgeSeconds'
  | 'clockToleranceSeconds'
  | 'authorizedParty'
  | 'maxAuthenticationAgeSeconds'
  | 'allowUntyped'
  | 'now'
>

/** One kind of token. */
export interface TokenDefinition extends SharedOptions {
  /** The kind, where a standard describes it. One of this and `typ` is needed. */
  readonly profile?: SignableProfile
  /** The header's `typ` (RFC 8725 §3.11), such as `invitation+jwt`: written by the issuer, and the only one accepted. */
  readonly typ?: string
  /** Who issues it: claim `iss`. */
  readonly issuer: string
  /** Whom it is for: claim `aud`. Of a list, all are written, and any one suffices to accept a token. */
  readonly audience: string | readonly string[]
  /** How long it lives, from when it is issued. `null` makes tokens that never expire. */
  readonly expiresIn: Duration | null
}

/** What differs from token to token when one is issued. */
export interface IssueTokenOptions {
  /** Claim `sub`. */
  readonly subject?: string
  /** Claim `jti`. Default: a random one where the definition requires it. */
  readonly jwtId?: string
  /** How long from now the token becomes valid: claim `nbf`. Default: at once. */
  readonly notBefore?: Duration
}

/** What differs from token to token when one is verified. */
export type CheckTokenOptions = Pick<VerifyJwtOptions, 'subject' | 'maxAgeSeconds' | 'nonce' | 'accessToken'>

/** The options of `verifyJwt` that a definition stands for. */
export type OptionsOfToken<D> = Omit<D, 'expiresIn'> &
  (D extends { expiresIn: null } ? { readonly requireExp: false } : unknown)

/** Makes a compile error of what is refused at run time. */
export type FittingDefinition<D> = OnlyOptions<D, TokenDefinition> &
  OptionsFittingProfile<D> &
  (D extends { profile: string } | { typ: string }
    ? unknown
    : Refused<'a token says what it is (RFC 8725 §3.11): give profile or typ'>)

/** The keys that can sign, where the definition lists algorithms. */
export type SigningKeyOf<D> = D extends { algorithms: readonly (infer A)[] }
  ? SecretKey<Extract<A, HmacAlgorithm>> | PrivateKey<Extract<A, AsymmetricAlgorithm>>
  : SigningKey

/** The claims that an issuer has to give: those of schema, profile and `required` that nothing else gives. */
export type ClaimsToSign<D, O> = ClaimsSet &
  NoSecretClaims &
  Omit<ObjectOf<SchemaInput<D extends { schema: infer S } ? S : unknown>>, GivenClaims<O>> &
  Omit<ObjectOf<ClaimsOfProfile<D>>, GivenClaims<O>> &
  Omit<RequiredToSign<D>, GivenClaims<O>>

type ObjectOf<T> = T extends object ? T : {}

type GivenClaims<O> =
  | 'iss'
  | 'aud'
  | 'iat'
  | 'exp'
  | 'jti'
  | ('subject' extends keyof O ? 'sub' : never)
  | ('notBefore' extends keyof O ? 'nbf' : never)

type RequiredToSign<D> = D extends { required: infer Names extends readonly string[] }
  ? number extends Names['length']
    ? {}
    : {
        readonly [Name in Names[number]]: Name extends keyof RegisteredClaims
          ? NonNullable<RegisteredClaims[Name]>
          : {} | null
      }
  : {}

/** A defined token: issuer and verifier of one kind, which cannot drift apart. */
export interface DefinedToken<D> {
  /** The verified claims, for types alone: `type Claims = typeof AccessToken.$claims`. There is no such value. */
  readonly $claims: VerifiedClaims<OptionsOfToken<D>>

  /**
   * A signed token of this kind.
   *
   * @param claims - what schema, profile and `required` ask for, beside what the definition and `options` give
   * @throws {JoseError} `claim_missing`, `claim_invalid`, `schema_invalid` for claims that `verify` would refuse;
   *   `alg_not_allowed` for a key of another algorithm than the definition lists; `option_invalid`, `key_invalid`
   */
  sign<const O extends IssueTokenOptions = {}>(
    claims: ClaimsToSign<D, NoInfer<O>>,
    key: SigningKeyOf<D> | SigningKeySet<SigningKeyOf<D>>,
    options?: O & OnlyOptions<O, IssueTokenOptions>,
  ): Promise<string>

  /** Verifies a token of this kind. @throws {JoseError} as `verifyJwt` */
  verify<K extends VerificationInput, const O extends CheckTokenOptions = {}>(
    token: string,
    keys: K,
    options?: O & OnlyOptions<O, CheckTokenOptions>,
  ): Promise<VerifiedJwt<OptionsOfToken<D> & O, K>>

  /** `verify` as a value. @throws {JoseError} the caller's own mistakes */
  safeVerify<K extends VerificationInput, const O extends CheckTokenOptions = {}>(
    token: string,
    keys: K,
    options?: O & OnlyOptions<O, CheckTokenOptions>,
  ): Promise<SafeVerifyResult<OptionsOfToken<D> & O, K>>

  /** A verifier of this kind of token, prepared once. @throws {JoseError} as `createVerifier` */
  verifier<K extends VerificationInput>(keys: K): Verifier<OptionsOfToken<D>, K>
}
