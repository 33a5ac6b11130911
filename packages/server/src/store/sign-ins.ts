/**
 * What log-ins write: room taken in buckets before a password is looked at, given back when it was right, and the session
 * that begins then. What is asked in one turn of the event loop is one transaction, in the order of asking, so that one sync
 * to the disk serves all of it: a flood costs one transaction a turn, a log-in two at most, and none where a bucket is known
 * to be closed. Only a storage error undoes the group; then each is tried alone, so that one bad row harms nobody else.
 *
 * Nobody is answered before COMMIT has returned.
 */
import type { Kysely } from 'kysely'
import type { ClosedBuckets, Waits } from './closed-buckets.ts'
import { createClosedBuckets } from './closed-buckets.ts'
import type { InsertSession } from './insert-session.ts'
import { prepareInsertSession } from './insert-session.ts'
import type { SqlEngine } from './sql-engine.ts'
import { StoreError } from './store-error.ts'
import type { AuditEvent, Refund, Session, SessionStore, SessionWithUser, ThrottleStore } from './store.ts'
import type { Tables } from './tables.ts'
import type { BucketChange } from './throttle.ts'
import { changeBuckets, charge, refund } from './throttle.ts'
import { transact } from './transact.ts'

export interface SignIns extends ThrottleStore {
  readonly begin: SessionStore['insert']
}

interface Beginning {
  readonly session: Session
  readonly event: AuditEvent
}

interface Question extends BucketChange {
  readonly beginning?: Beginning
}

interface Outcome {
  readonly waits: Waits
  /** As it was begun, where one was asked for and the account is as it was (P2). */
  readonly session: SessionWithUser | undefined
}

interface Asked extends Question {
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** Bounds how long one group holds its rows, and SQLite the event loop. */
const largestGroup = 64

export function createSignIns(db: Kysely<Tables>, engine: SqlEngine): SignIns {
  const closed = createClosedBuckets()
  const parts = { db, engine, closed, insert: prepareInsertSession(db, engine) }
  let asked: Asked[] = []
  let working = false
  const work = async (): Promise<void> => {
    while (asked.length > 0) {
      const group = asked.slice(0, largestGroup)
      asked = asked.slice(largestGroup)
      await decideTogether(parts, group)
      // Where the database answers at once, nothing else would get a turn until everybody has been decided.
      if (asked.length > 0) await new Promise((go) => setImmediate(go))
    }
    working = false
  }
  const ask = (question: Question): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      asked.push({ ...question, resolve, reject })
      if (working) return
      working = true
      setImmediate(() => void work())
    })
  return {
    charge: async (buckets, nowMs) => {
      const waitMs = closed.waitMs(buckets, nowMs)
      if (waitMs > 0) return waitMs
      const { waits } = await ask({ buckets, nowMs, decide: charge })
      return Math.max(0, ...waits.values())
    },
    refund: async (buckets, nowMs) => void (await ask({ buckets, nowMs, decide: refund })),
    begin: async (session, event, { buckets, nowMs } = nothingTaken) => {
      const outcome = await ask({ buckets, nowMs, decide: refund, beginning: { session, event } })
      return outcome.session
    },
  }
}

const nothingTaken: Refund = { buckets: [], nowMs: 0 }

interface Parts {
  readonly db: Kysely<Tables>
  readonly engine: SqlEngine
  readonly closed: ClosedBuckets
  readonly insert: InsertSession
}

async function decideTogether(parts: Parts, group: readonly Asked[]): Promise<void> {
  try {
    const outcomes = await write(parts, group)
    group.forEach(({ nowMs, resolve }, index) => {
      const outcome = outcomes[index]!
      parts.closed.learn(outcome.waits, nowMs)
      resolve(outcome)
    })
  } catch (error) {
    if (group.length > 1 && error instanceof StoreError && error.phase === 'statement') {
      for (const one of group) await decideTogether(parts, [one])
      return
    }
    for (const { reject } of group) reject(error)
  }
}

function write({ db, engine, insert }: Parts, group: readonly Question[]): Promise<readonly Outcome[]> {
  return transact(db, async (transaction) => {
    const sessions: (SessionWithUser | undefined)[] = []
    for (const { beginning } of group) {
      sessions.push(beginning && (await insert(transaction, beginning.session, beginning.event)))
    }
    // Last, because all log-ins share a bucket: it stays locked for no longer than it takes to write and commit.
    const waits = await changeBuckets(transaction, engine, group)
    return group.map((_question, index) => ({ waits: waits[index]!, session: sessions[index] }))
  })
}
