/**
 * Revocations: what has ended although its tokens have not expired. The look-up is synchronous and in memory, so that
 * verification stays offline; whoever fills the source (this process, or a follower of an issuer's feed) works beside
 * the requests.
 */
import { JoseError } from '@tessera/jose'
import type { ClaimsSet, Clock, NumericDate } from '@tessera/jose'

/** Where a guard asks whether a verified token was revoked. One source speaks for one issuer. */
export interface RevocationSource {
  /** The issuer that it speaks for, where it says so. A guard refuses the source of another. */
  readonly issuer?: string
  /**
   * Whether the token with these verified claims, verified by the key of this `kid`, has been revoked. Without claims the
   * question is whether the key was, before it verifies anything.
   */
  isRevoked(claims: ClaimsSet, kid?: string): boolean
  /** Whether the source knows all that was revoked up to its stated bound. */
  isCurrent(): boolean
}

/** One revocation. `exp` is the last NumericDate at which a token that it names could still be alive. */
export type Revocation =
  /** A session; with `sv`, only its tokens of a smaller session version. */
  | { readonly sid: string; readonly sv?: number; readonly exp: NumericDate }
  /** One token. */
  | { readonly jti: string; readonly exp: NumericDate }
  /** A signing key; for ever when `exp` is left out, for a revoked key never becomes good again. */
  | { readonly kid: string; readonly exp?: NumericDate }

export interface RevocationSetOptions {
  /** The most entries that are kept. Default 100 000. */
  readonly maximumEntries?: number
  /** The time in seconds, or a function that tells it. Default the wall clock. */
  readonly now?: Clock
}

/** A `RevocationSource` in memory. */
export interface RevocationSet extends RevocationSource {
  /** Adds one revocation; one that is known already keeps the later `exp` and the wider reach. */
  add(revocation: Revocation): void
  /** How many entries are kept, expired ones that were not yet dropped included. */
  readonly size: number
}

interface Entry {
  exp: NumericDate
  /** Session versions below this are revoked; infinite when all are. */
  below: number
}

/**
 * Makes an empty set of revocations. Entries are dropped after their `exp`. Where there is no room for one, the set
 * says that it is not current until that entry's `exp`: what it could not keep it does not deny.
 *
 * @throws {JoseError} `option_invalid`
 */
export function revocationSet(options: RevocationSetOptions = {}): RevocationSet {
  const { maximumEntries = 100_000, now = () => Date.now() / 1000 } = options
  if (!Number.isSafeInteger(maximumEntries) || maximumEntries < 1) {
    throw new JoseError('option_invalid', 'maximumEntries: expected a positive whole number')
  }
  const clock = typeof now === 'function' ? now : () => now
  const entries = new Map<string, Entry>()
  let incompleteUntil = -Infinity
  let purgeAt = 1024
  /** No entry expires before this. */
  let soonest = Infinity

  function dropExpired(): void {
    const time = clock()
    if (time <= soonest) return
    soonest = Infinity
    for (const [name, entry] of entries) {
      if (entry.exp < time) entries.delete(name)
      else soonest = Math.min(soonest, entry.exp)
    }
    // Twice what is left: dropping then costs each entry a constant share.
    purgeAt = Math.max(1024, entries.size * 2)
  }

  function add(revocation: Revocation): void {
    const { name, exp, below } = readRevocation(revocation)
    const known = entries.get(name)
    if (known !== undefined) {
      known.exp = Math.max(known.exp, exp)
      known.below = Math.max(known.below, below)
      return
    }
    if (entries.size >= Math.min(purgeAt, maximumEntries)) dropExpired()
    if (entries.size >= maximumEntries) {
      incompleteUntil = Math.max(incompleteUntil, exp)
      return
    }
    entries.set(name, { exp, below })
    soonest = Math.min(soonest, exp)
  }

  function holds(kind: 'sid' | 'jti' | 'kid', value: unknown, version: number): boolean {
    if (typeof value !== 'string') return false
    const entry = entries.get(`${kind} ${value}`)
    return entry !== undefined && version < entry.below && entry.exp >= clock()
  }

  return {
    add,
    isRevoked: (claims, kid) =>
      holds('sid', claims['sid'], versionOf(claims)) || holds('jti', claims.jti, 0) || holds('kid', kid, 0),
    isCurrent: () => clock() > incompleteUntil,
    get size() {
      return entries.size
    },
  }
}

/** The session version of a token. One without it is older than every version. */
function versionOf(claims: ClaimsSet): number {
  const version = claims['sv']
  return typeof version === 'number' ? version : -Infinity
}

/** @throws {JoseError} `option_invalid` for what is no revocation */
function readRevocation(revocation: Revocation): { name: string; exp: number; below: number } {
  const { sid, jti, kid, sv = Infinity, exp } = revocation as { [name: string]: unknown }
  const named = Object.entries({ sid, jti, kid }).filter(([, value]) => value !== undefined)
  const [kind, value] = named[0] ?? []
  if (named.length !== 1 || typeof value !== 'string' || value === '') {
    throw new JoseError(
      'option_invalid',
      'revocation: expected exactly one of sid, jti and kid, as non-empty text',
    )
  }
  const until = exp === undefined && kind === 'kid' ? Infinity : exp
  if (typeof until !== 'number' || Number.isNaN(until)) {
    throw new JoseError('option_invalid', `revocation: expected exp as NumericDate, got ${typeof exp}`)
  }
  if (typeof sv !== 'number' || Number.isNaN(sv) || (sv !== Infinity && kind !== 'sid')) {
    throw new JoseError('option_invalid', 'revocation: expected sv as a number, and only beside sid')
  }
  return { name: `${kind} ${value}`, exp: until, below: sv }
}
