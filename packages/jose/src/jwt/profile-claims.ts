/** The claims that each profile promises: types only, of what `jwt/profiles.ts` makes sure of. */
import type { Refused } from '../options.ts'
import type { NumericDate } from './claims-set.ts'
import type { ProfileName, ProfileOption } from './profiles.ts'

/** Claims of an access token (RFC 9068 §2.2). */
export interface AccessTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: NumericDate
  readonly iat: NumericDate
  readonly jti: string
  /** The OAuth client that it was issued to (RFC 8693 §4.3). */
  readonly client_id: string
  /** Scopes with spaces between them (RFC 8693 §4.2). */
  readonly scope?: string
  /** When the person signed in. */
  readonly auth_time?: NumericDate
  /** How strongly the person was authenticated. */
  readonly acr?: string
  /** How the person was authenticated (RFC 8176). */
  readonly amr?: readonly string[]
}

/** Claims of an ID token (OpenID Connect Core §2). */
export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: NumericDate
  readonly iat: NumericDate
  /** When the person signed in. */
  readonly auth_time?: NumericDate
  /** The nonce of the request. */
  readonly nonce?: string
  /** How strongly the person was authenticated. */
  readonly acr?: string
  /** How the person was authenticated (RFC 8176). */
  readonly amr?: readonly string[]
  /** The party that it was issued to. */
  readonly azp?: string
  /** The hash of the access token (§3.1.3.6). */
  readonly at_hash?: string
  /** The session at the issuer (OpenID Connect Front-Channel Logout §3). */
  readonly sid?: string
}

/** Claims of a logout token (OpenID Connect Back-Channel Logout §2.4); `sub`, `sid` or both are there. */
export interface LogoutTokenClaims {
  readonly iss: string
  readonly aud: string | readonly string[]
  readonly exp: NumericDate
  readonly iat: NumericDate
  readonly jti: string
  readonly events: { readonly 'http://schemas.openid.net/event/backchannel-logout': object }
  readonly sub?: string
  /** The session that ended. */
  readonly sid?: string
}

/** Claims of a DPoP proof (RFC 9449 §4.2): which request it was made for. */
export interface DpopClaims {
  /** A name that no other proof of this key has. */
  readonly jti: string
  /** The method of the request. */
  readonly htm: string
  /** The URI of the request, without query and fragment. */
  readonly htu: string
  readonly iat: NumericDate
  /** The hash of the access token that goes along. */
  readonly ath?: string
  /** What the server asked to be repeated (RFC 9449 §8). */
  readonly nonce?: string
}

/** Claims of a security event token (RFC 8417 §2.2). */
export interface SecurityEventClaims {
  readonly iss: string
  readonly iat: NumericDate
  readonly jti: string
  /** What happened: an object for each event, by its URI. */
  readonly events: { readonly [event: string]: object }
  /** The transaction. */
  readonly txn?: string
  /** When it happened. */
  readonly toe?: NumericDate
}

/** The claims of each profile. */
export interface ProfileClaims {
  readonly 'at+jwt': AccessTokenClaims
  readonly id_token: IdTokenClaims
  readonly 'logout+jwt': LogoutTokenClaims
  readonly 'dpop+jwt': DpopClaims
  readonly 'secevent+jwt': SecurityEventClaims
}

/** The options that go with each profile. */
interface OptionsOfProfile {
  readonly 'at+jwt': 'maxAuthenticationAgeSeconds'
  readonly id_token: 'nonce' | 'authorizedParty' | 'accessToken' | 'maxAuthenticationAgeSeconds'
  readonly 'logout+jwt': 'allowUntyped'
  readonly 'dpop+jwt': never
  readonly 'secevent+jwt': 'allowUntyped'
}

/** Makes options that a profile decides itself, or has no use for, a compile error. */
export type OptionsFittingProfile<O> = O extends { profile: infer P extends ProfileName }
  ? {
      readonly [
        Name in Exclude<ProfileOption, OptionsOfProfile[P]>
      ]?: Refused<`the profile ${P} has no use for it`>
    } & TypFittingProfile<O> &
      (P extends 'dpop+jwt' | 'secevent+jwt'
        ? unknown
        : { readonly requireExp?: true | Refused<`the profile ${P} wants exp`> })
  : 'profile' extends keyof O
    ? unknown
    : { readonly [Name in ProfileOption]?: Refused<'it belongs to a profile'> }

/** Makes a `typ` beside a profile a compile error, for verifiers and signers. */
export type TypFittingProfile<O> = O extends { profile: infer P extends ProfileName }
  ? { readonly typ?: Refused<`the profile ${P} decides it`> }
  : unknown

/** The claims that a profile wants and no option of a signer gives. */
export type ClaimsForProfile<O> = O extends { profile: infer P extends ProfileName }
  ? Omit<ProfileClaims[P], ClaimsOfOptions<O>>
  : unknown

type ClaimsOfOptions<O> =
  | 'iat'
  | ('issuer' extends keyof O ? 'iss' : never)
  | ('audience' extends keyof O ? 'aud' : never)
  | ('subject' extends keyof O ? 'sub' : never)
  | ('jwtId' extends keyof O ? 'jti' : never)
  | ('expiresIn' extends keyof O ? 'exp' : never)

/** What the options of a profile promise beyond its claims. */
export type ProfileOptionClaims<O> = (O extends { nonce: string } ? { readonly nonce: string } : unknown) &
  (O extends { accessToken: string } ? { readonly at_hash: string } : unknown) &
  (O extends { maxAuthenticationAgeSeconds: number } ? { readonly auth_time: NumericDate } : unknown)

/** The claims that the profile of options promises; those of one of several where the compiler does not know which. */
export type ClaimsOfProfile<O> = O extends { profile: infer P extends ProfileName }
  ? ProfileClaims[P]
  : unknown
