/**
 * The kinds of token that have rules of their own (RFC 8725 §3.12): one row each. A token of one kind is never taken for
 * another: the rows differ in `typ`, and where that may be absent, in claims that one requires and the other forbids.
 */

/** A kind of token, named by its `typ` where it has one. */
export type ProfileName = 'at+jwt' | 'id_token' | 'logout+jwt' | 'dpop+jwt' | 'secevent+jwt'

/** Those that `signJwt` makes: a DPoP proof carries its key in the header, and `@tessera/jose/dpop` makes it. */
export type SignableProfile = Exclude<ProfileName, 'dpop+jwt'>

/** The options that speak of a profile's own claims. */
export type ProfileOption =
  | 'nonce'
  | 'authorizedParty'
  | 'accessToken'
  | 'maxAuthenticationAgeSeconds'
  | 'allowUntyped'

/** What sets one kind of token apart. */
export interface ProfileRow {
  /** The header's `typ` as a signer writes it. */
  readonly typ: string
  /** The `typ` values to accept, short and in lower case; '' stands for an absent one. */
  readonly types: readonly string[]
  /** Claims that must be there. */
  readonly required: readonly string[]
  /** Claims that must not be there. */
  readonly forbidden: readonly string[]
  /** The options that only make sense with it. */
  readonly options: readonly ProfileOption[]
  /** Whether every member of `aud` must be expected, and not any one (OpenID Connect Core §3.1.3.7, item 3). */
  readonly wholeAudience?: true
}

/** The `typ` of a token that does not say what it is: RFC 8725 §3.11 does not count `JWT`. */
export const untyped: readonly string[] = ['', 'jwt']

/** The member of `events` that makes a logout token (OpenID Connect Back-Channel Logout §2.4). */
export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

const row = (typ: string, required: string, rest: Partial<ProfileRow> = {}): ProfileRow => ({
  typ,
  types: [typ],
  required: required.split(' '),
  forbidden: [],
  options: [],
  ...rest,
})

const rows: { readonly [Name in ProfileName]: ProfileRow } = {
  // Access token: RFC 9068 §2.1, §2.2, §4.
  'at+jwt': row('at+jwt', 'iss exp aud sub client_id iat jti', { options: ['maxAuthenticationAgeSeconds'] }),
  // ID token: OpenID Connect Core §2, §3.1.3.7. It has no `typ` of its own; `events` would make it a logout token.
  id_token: row('JWT', 'iss sub aud exp iat', {
    types: untyped,
    forbidden: ['events'],
    options: ['nonce', 'authorizedParty', 'accessToken', 'maxAuthenticationAgeSeconds'],
    wholeAudience: true,
  }),
  // Logout token: OpenID Connect Back-Channel Logout §2.4, §2.6.
  'logout+jwt': row('logout+jwt', 'iss aud iat exp jti events', {
    forbidden: ['nonce'],
    options: ['allowUntyped'],
    wholeAudience: true,
  }),
  // DPoP proof: RFC 9449 §4.2. The key that proves it stands in its header: `@tessera/jose/dpop` verifies it.
  'dpop+jwt': row('dpop+jwt', 'jti htm htu iat'),
  // Security event token: RFC 8417 §2.2, §2.3. It tells of the past, and so `exp` is not required.
  'secevent+jwt': row('secevent+jwt', 'iss iat jti events', { options: ['allowUntyped'] }),
}

/** The options that only make sense with some profile. */
export const profileOptions: readonly ProfileOption[] = [
  ...new Set(Object.values(rows).flatMap(({ options }) => options)),
]

/** The names of the profiles. */
export const profileNames: readonly ProfileName[] = Object.keys(rows) as ProfileName[]

/** The row of a name; undefined for any other value. */
export function profileRow(name: unknown): ProfileRow | undefined {
  return typeof name === 'string' && Object.hasOwn(rows, name) ? rows[name as ProfileName] : undefined
}

type ClaimKind = 'text' | 'date' | 'texts'

/** The kinds of claims that the profiles know beyond the registered ones; checked whenever present. */
export const profileClaimKinds: ReadonlyMap<string, ClaimKind> = new Map([
  ...kinds('client_id scope nonce azp acr sid at_hash htm htu ath txn', 'text'),
  ...kinds('auth_time toe', 'date'),
  ...kinds('amr', 'texts'),
])

function kinds(claims: string, kind: ClaimKind): (readonly [string, ClaimKind])[] {
  return claims.split(' ').map((claim) => [claim, kind])
}
