/**
 * The revocations that a live token could still meet, in memory: what the server's own guard asks. Filled at start,
 * after every commit of this process, and by looking for what other processes wrote.
 */
import { revocationSet } from '@tessera/guard'
import type { RevocationSource } from '@tessera/guard'
import type { Revocation, RevocationStore } from '../store/store.ts'

export interface LiveRevocations {
  /** What the guard asks. */
  readonly source: RevocationSource
  /** Takes entries in that were committed. */
  add(entries: readonly Revocation[]): void
  /** Reads what was committed since the last look, by whichever process. */
  follow(): Promise<void>
}

/** More than a server ends within one access token's life; beyond it the guard answers 503 rather than guess. */
const maximumEntries = 1_000_000
const pageEntries = 10_000

/** @param onChange told when entries came in, of this process or another */
export function createLiveRevocations(
  store: RevocationStore,
  nowMs: () => number,
  onChange: () => void = () => undefined,
): LiveRevocations {
  const now = (): number => nowMs() / 1000
  const set = revocationSet({ maximumEntries, now })
  let cursor: string | undefined
  /** What the last look found that ended where it began: an open transaction keeps the place, and it is no change again. */
  let held = ''

  const remember = ({ kind, sid, sessionVersion, jti, kid, expiresAt: exp }: Revocation): void => {
    if (kind === 'session' && sid !== undefined) set.add({ sid, exp })
    if (kind === 'session_version' && sid !== undefined && sessionVersion !== undefined) {
      set.add({ sid, sv: sessionVersion, exp })
    }
    if (kind === 'token' && jti !== undefined) set.add({ jti, exp })
    if (kind === 'key' && kid !== undefined) set.add({ kid, exp })
  }
  return {
    source: set,
    add: (entries) => {
      entries.forEach(remember)
      if (entries.length > 0) onChange()
    },
    follow: async () => {
      let more = true
      while (more) {
        const after = cursor === undefined ? {} : { after: cursor }
        const page = await store.read({ ...after, now: Math.floor(now()), limit: pageEntries })
        page.entries.forEach(remember)
        const found = page.next === cursor ? JSON.stringify(page.entries) : ''
        if (page.entries.length > 0 && (found === '' || found !== held)) onChange()
        held = found
        cursor = page.next
        more = page.more
      }
    },
  }
}
