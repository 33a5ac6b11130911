/**
 * The revocation feed: what has ended although its tokens live on, as signed documents that anybody may read (P12, P31).
 * Guards follow it, so that a log-out is known everywhere within a second while verification stays offline.
 *
 * A document is a JWS of its own type and audience, made with a key that signs nothing else. It echoes the cursor that it
 * answers, so that an old one, or one of somebody else, is not taken for news.
 */
import { signJwt } from '@tessera/jose'
import type { ClaimsSet } from '@tessera/jose'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Revocation, RevocationStore } from '../store/store.ts'

/** `typ` of a document. */
const feedType = 'tessera-revocations+jwt'

/** The `aud` of a document: whoever follows the feed of this issuer. */
function feedAudience(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/revocations`
}

/** Entries of one document: with them it stays under the 16 KiB that a verifier reads. */
const pageEntries = 150

/** A document that is asked for again within this time is the same one: one signature serves every reader. */
const shareMs = 1000

/** How long a document can be news. Whoever follows counts from its `iat` and has a bound of his own. */
const lifeSeconds = 300

export interface FeedPage {
  /** The signed document. */
  readonly token: string
  /** The cursor after it. */
  readonly next: string
  /**
   * What a reader knows with it: the cursor after it or, when there is nothing new, the one that was asked. The store's
   * place moves on with every transaction, what is known does not.
   */
  readonly known: string
  readonly isEmpty: boolean
  readonly more: boolean
  /** How many changes the feed had been told of when this was read. */
  readonly changes: number
}

export interface RevocationFeed {
  /** The document of what was committed after a cursor; without one, of all that is kept. */
  read(since: string | undefined): Promise<FeedPage>
  /** Resolves when something was committed since a document was read, after a time, or when the feed is closed. */
  changed(since: FeedPage, withinMs: number): Promise<void>
  /** Tells that something was committed. */
  note(): void
  /** Lets everybody go who waits; `isClosed` is true from then on. */
  close(): void
  readonly isClosed: boolean
}

export interface RevocationFeedOptions {
  readonly issuer: string
  readonly epoch: string
  readonly store: RevocationStore
  readonly keys: SigningKeys
  readonly nowMs: () => number
}

export function createRevocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { nowMs } = options
  const waiting = new Set<() => void>()
  let shared = new Map<string | undefined, { readonly page: Promise<FeedPage>; readonly madeMs: number }>()
  let isClosed = false
  let changes = 0
  const release = (): void => {
    for (const go of waiting) go()
    waiting.clear()
  }
  return {
    read: (since) => {
      const known = shared.get(since)
      const ageMs = nowMs() - (known?.madeMs ?? -Infinity)
      if (known !== undefined && ageMs >= 0 && ageMs < shareMs) return known.page
      if (shared.size > 1000) shared = new Map()
      const page = makePage(options, since, changes)
      shared.set(since, { page, madeMs: nowMs() })
      page.catch(() => shared.delete(since))
      return page
    },
    changed: (since, withinMs) =>
      new Promise((resolve) => {
        if (isClosed || since.changes !== changes) return resolve()
        const timer = setTimeout(go, withinMs)
        function go(): void {
          clearTimeout(timer)
          waiting.delete(go)
          resolve()
        }
        waiting.add(go)
      }),
    note: () => {
      changes += 1
      shared = new Map()
      release()
    },
    close: () => {
      isClosed = true
      release()
    },
    get isClosed() {
      return isClosed
    },
  }
}

async function makePage(
  { issuer, epoch, store, keys, nowMs }: RevocationFeedOptions,
  since: string | undefined,
  changes: number,
): Promise<FeedPage> {
  // The time comes first: what is committed meanwhile may or may not be in, and freshness counts from here.
  const iat = nowMs() / 1000
  const page = await store.read({
    ...(since !== undefined && { after: since }),
    now: Math.floor(iat),
    limit: pageEntries,
  })
  const { entries, next, more, reset } = page
  const claims: ClaimsSet = {
    iss: issuer,
    aud: feedAudience(issuer),
    iat,
    exp: iat + lifeSeconds,
    epoch,
    since: since ?? null,
    next,
    more,
    reset,
    entries: entries.map(toClaim),
  }
  const token = await signJwt(claims, keys.signingKey, { typ: feedType })
  const isEmpty = entries.length === 0
  return { token, next, known: isEmpty && !reset ? (since ?? next) : next, more, isEmpty, changes }
}

/** Random identifiers and times, and nothing of whose they are (P31). */
function toClaim({ kind, sid, sessionVersion, jti, kid, expiresAt: exp }: Revocation): object {
  if (kind === 'session') return { sid, exp }
  if (kind === 'session_version') return { sid, sv: sessionVersion, exp }
  // A key that was called back never becomes good again.
  return kind === 'token' ? { jti, exp } : { kid }
}
