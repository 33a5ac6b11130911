/** The text of `WWW-Authenticate` for the Bearer scheme (RFC 6750 §3, RFC 9110 §11.6.1). */
import { JoseError } from '@tessera/jose'

/** The error codes of RFC 6750 §3.1. */
export type BearerErrorCode = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

export interface ChallengeParameters {
  /** The protection space, shown to the client (RFC 9110 §11.5). */
  readonly realm?: string
  /** Absent when the request presented no token: RFC 6750 §3.1 wants no error code then. */
  readonly error?: BearerErrorCode
  /** The scopes that the resource needs, separated by spaces (RFC 6750 §3). */
  readonly scope?: string
}

/** What a quoted-string can carry without obs-text: HTAB, SP and visible ASCII. A line break would split the header. */
const quotable = /^[\t\x20-\x7e]*$/

/**
 * Writes a value as a quoted-string (RFC 9110 §5.6.4).
 *
 * @throws {JoseError} `option_invalid` for text that no header may carry
 */
function quotedString(name: string, value: string): string {
  if (!quotable.test(value)) {
    throw new JoseError(
      'option_invalid',
      `${name}: expected printable ASCII, got a character that no header may carry`,
    )
  }
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

/**
 * Builds the challenge: `Bearer`, or `Bearer realm="…", error="…", scope="…"`.
 *
 * @throws {JoseError} `option_invalid` for a realm or scope that no header may carry
 */
export function challenge(parameters: ChallengeParameters = {}): string {
  const written = (['realm', 'error', 'scope'] as const).flatMap((name) => {
    const value = parameters[name]
    return value === undefined ? [] : [`${name}=${quotedString(name, value)}`]
  })
  return written.length === 0 ? 'Bearer' : `Bearer ${written.join(', ')}`
}
