/** The JWT Claims Set (RFC 7519 §4): types only. */

/** Seconds since 1970-01-01T00:00:00Z, a finite JSON number, fractions allowed (RFC 7519 §2). */
export type NumericDate = number

/** The claims registered by RFC 7519 §4.1. */
export interface RegisteredClaims {
  /** Issuer (§4.1.1). */
  readonly iss?: string
  /** Subject (§4.1.2). */
  readonly sub?: string
  /** Audience (§4.1.3): one recipient or several. */
  readonly aud?: string | readonly string[]
  /** Expiration time (§4.1.4): the token is refused at this second and after. */
  readonly exp?: NumericDate
  /** Not before (§4.1.5). */
  readonly nbf?: NumericDate
  /** Issued at (§4.1.6). */
  readonly iat?: NumericDate
  /** JWT ID (§4.1.7). */
  readonly jti?: string
}

/** A JWT Claims Set: the registered claims and whatever issuer and verifier agreed on. */
export interface ClaimsSet extends RegisteredClaims {
  readonly [name: string]: unknown
}
