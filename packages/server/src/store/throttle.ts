/**
 * Leaky buckets in SQL, one number each: the time when the bucket will have drained. An attempt pushes it one interval
 * further; a refused attempt pushes nothing, so no flood can lock an account for longer than its own interval.
 *
 * What is asked in one turn of the event loop is decided in one transaction, in the order of asking: a flood costs one
 * transaction a turn, not one an attempt; and none where a bucket is known to be closed.
 */
import type { Kysely, Transaction } from 'kysely'
import type { ClosedBuckets, Waits } from './closed-buckets.ts'
import { createClosedBuckets } from './closed-buckets.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { Bucket, ThrottleStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** When buckets will have drained, in milliseconds; absent ones are empty. */
type Levels = Map<string, number>

interface Asked {
  readonly buckets: readonly Bucket[]
  readonly nowMs: number
  /** Decides, and changes the levels. Runs again when the transaction does. */
  readonly decide: (levels: Levels, asked: Pick<Asked, 'buckets' | 'nowMs'>) => Waits
  readonly resolve: (waitMs: number) => void
  readonly reject: (error: unknown) => void
}

/** Bounds how long one group holds its rows, and SQLite the event loop. */
const largestGroup = 64

export function createThrottleStore(db: Kysely<Tables>, engine: SqlEngine): ThrottleStore {
  const closed = createClosedBuckets()
  let asked: Asked[] = []
  let working = false
  const work = async (): Promise<void> => {
    while (asked.length > 0) {
      const group = asked.slice(0, largestGroup)
      asked = asked.slice(largestGroup)
      await decideTogether({ db, engine, closed }, group)
      // Where the database answers at once, nothing else would get a turn until everybody has been decided.
      if (asked.length > 0) await new Promise((go) => setImmediate(go))
    }
    working = false
  }
  const ask = (question: Pick<Asked, 'buckets' | 'nowMs' | 'decide'>): Promise<number> =>
    new Promise((resolve, reject) => {
      asked.push({ ...question, resolve, reject })
      if (working) return
      working = true
      setImmediate(() => void work())
    })
  return {
    charge: async (buckets, nowMs) => {
      const waitMs = closed.waitMs(buckets, nowMs)
      return waitMs > 0 ? waitMs : ask({ buckets, nowMs, decide: charge })
    },
    refund: async (buckets, nowMs) => void (await ask({ buckets, nowMs, decide: refund })),
  }
}

const charge: Asked['decide'] = (levels, { buckets, nowMs }) => {
  const charged = buckets.map(({ key, capacity, refillMs }) => {
    const drainedAt = Math.max(levels.get(key) ?? 0, nowMs) + refillMs
    return { key, drainedAt, waitMs: Math.max(0, drainedAt - nowMs - capacity * refillMs) }
  })
  if (charged.every(({ waitMs }) => waitMs === 0)) {
    for (const { key, drainedAt } of charged) levels.set(key, Math.ceil(drainedAt))
  }
  return new Map(charged.map(({ key, waitMs }) => [key, waitMs]))
}

const refund: Asked['decide'] = (levels, { buckets, nowMs }) => {
  for (const { key, refillMs } of buckets) {
    levels.set(key, Math.max(Math.ceil((levels.get(key) ?? 0) - refillMs), Math.floor(nowMs)))
  }
  return new Map(buckets.map(({ key }) => [key, 0]))
}

interface Deciding {
  readonly db: Kysely<Tables>
  readonly engine: SqlEngine
  readonly closed: ClosedBuckets
}

async function decideTogether({ db, engine, closed }: Deciding, group: readonly Asked[]): Promise<void> {
  const keys = [...new Set(group.flatMap(({ buckets }) => buckets.map(({ key }) => key)))].sort()
  try {
    const decisions = await transact(db, async (transaction) => {
      if (engine.locksRows) await lockBuckets(transaction, keys)
      const before = await readLevels(transaction, keys)
      const levels = new Map(before)
      const decided = group.map((one) => one.decide(levels, one))
      await writeLevels(
        transaction,
        [...levels].filter(([key, level]) => before.get(key) !== level),
      )
      return decided
    })
    group.forEach(({ nowMs, resolve }, index) => {
      const waits = decisions[index]!
      closed.learn(waits, nowMs)
      resolve(Math.max(0, ...waits.values()))
    })
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

/** Makes the rows that are missing, and locks all of them in one order. */
async function lockBuckets(transaction: Transaction<Tables>, keys: readonly string[]): Promise<void> {
  await transaction
    .insertInto('throttle_buckets')
    .values(keys.map((bucket) => ({ bucket, full_until_ms: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await transaction
    .selectFrom('throttle_buckets')
    .select('bucket')
    .where('bucket', 'in', keys)
    .orderBy('bucket')
    .forUpdate()
    .execute()
}

async function readLevels(transaction: Transaction<Tables>, keys: readonly string[]): Promise<Levels> {
  const rows = await transaction
    .selectFrom('throttle_buckets')
    .selectAll()
    .where('bucket', 'in', keys)
    .execute()
  return new Map(rows.map((row) => [row.bucket, row.full_until_ms]))
}

async function writeLevels(
  transaction: Transaction<Tables>,
  levels: readonly (readonly [string, number])[],
): Promise<void> {
  if (levels.length === 0) return
  await transaction
    .insertInto('throttle_buckets')
    .values(levels.map(([bucket, full_until_ms]) => ({ bucket, full_until_ms })))
    .onConflict((conflict) =>
      conflict.column('bucket').doUpdateSet((eb) => ({ full_until_ms: eb.ref('excluded.full_until_ms') })),
    )
    .execute()
}
