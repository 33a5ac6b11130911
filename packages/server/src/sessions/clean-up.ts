/** Removes what nobody needs any more, beside the requests and in small steps (P21). */
import type { Store } from '../store/store.ts'
import type { ClockWatch } from './clock-watch.ts'

export interface CleanUpOptions {
  readonly store: Pick<Store, 'removeExpired'> & {
    readonly sessions: Pick<Store['sessions'], 'removeOver'>
    readonly audit: Pick<Store['audit'], 'removeBefore'>
  }
  readonly clock: Pick<ClockWatch, 'hasJumped'>
  /** How long a line of the audit trail is kept. */
  readonly auditSeconds: number
  readonly nowMs: () => number
}

/** Rows of one step: each holds the one connection for a moment only, and requests come in between. */
const stepRows = 500
/** Steps through the sessions of one run: 10,000 rows a minute are looked at, a million in less than two hours. */
const stepsOfRun = 20
/** A session that is over is kept for so long: what comes of it is told from what never was. */
const keepSessionSeconds = 30 * 86_400

/** One run, to be called every minute. It rejects, and removes nothing, when nobody knows what time it is. */
export function createCleanUp({ store, clock, auditSeconds, nowMs }: CleanUpOptions): () => Promise<void> {
  let after = ''
  return async () => {
    if (clock.hasJumped())
      throw new Error('the clock moved by more than a day: what has expired is not known')
    const atMs = nowMs()
    while (await store.removeExpired(atMs, stepRows)) await breath()
    while (await store.audit.removeBefore(atMs - auditSeconds * 1000, stepRows)) await breath()
    const overSince = Math.floor(atMs / 1000) - keepSessionSeconds
    for (let step = 0; step < stepsOfRun; step += 1) {
      const next = await store.sessions.removeOver({ overSince, after, limit: stepRows })
      after = next ?? ''
      if (next === undefined) return
      await breath()
    }
  }
}

function breath(): Promise<void> {
  return new Promise((go) => setImmediate(go))
}
