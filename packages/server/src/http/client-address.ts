/** Where a request came from. */
import type { IncomingHeaders } from './incoming.ts'

/**
 * The address of the client: the peer of the connection, or, behind `trustedProxies` proxies that each append to
 * `X-Forwarded-For`, the entry that the outermost of them wrote. Entries before it are the client's own claims.
 */
export function clientAddress(
  headers: IncomingHeaders,
  remoteAddress: string | undefined,
  trustedProxies: number,
): string | undefined {
  if (trustedProxies === 0) return remoteAddress
  const forwarded = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const entry = forwarded.at(-trustedProxies)
  return entry === undefined ? remoteAddress : withoutPort(entry)
}

/** Whether a request came from this machine itself. Behind a proxy every request comes from there, and says so. */
export function isLocalRequest(headers: IncomingHeaders, remoteAddress: string | undefined): boolean {
  if (['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'].some((name) => headers.has(name))) return false
  return remoteAddress !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress)
}

/** Some proxies write `203.0.113.9:4711` or `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(entry)?.[1]
  if (bracketed !== undefined) return bracketed
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(':')) : entry
}
