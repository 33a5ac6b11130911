/**
 * The cookie that carries a refresh token in cookie mode: `__Host-` binds it to this host and to https, HttpOnly keeps it
 * from scripts, SameSite=Strict from requests of other sites (RFC 6265bis §4.1.3).
 */

const sessionCookieName = '__Host-tessera'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** The header that sets the cookie. */
export function setSessionCookie(refreshToken: string, maxAgeSeconds: number): string {
  return `${sessionCookieName}=${refreshToken}; ${attributes}; Max-Age=${maxAgeSeconds}`
}

/** The header that takes it away. */
export const clearSessionCookie: string = `${sessionCookieName}=; ${attributes}; Max-Age=0`

export type SessionCookie =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly refreshToken: string }
  /** Two of the name: one of them is not ours. */
  | { readonly kind: 'several' }

/** Reads the cookie of a request. */
export function readSessionCookie(header: string | null): SessionCookie {
  if (header === null) return { kind: 'none' }
  const values = header.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    const isOurs = equals > 0 && pair.slice(0, equals).trim() === sessionCookieName
    return isOurs ? [pair.slice(equals + 1).trim()] : []
  })
  const [value] = values
  if (value === undefined) return { kind: 'none' }
  return values.length === 1 ? { kind: 'one', refreshToken: value } : { kind: 'several' }
}
