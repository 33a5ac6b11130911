/**
 * Leaky buckets in SQL, one number each: the time when the bucket will have drained. An attempt pushes it one interval
 * further; a refused attempt pushes nothing, so no flood can lock an account for longer than its own interval.
 *
 * What is asked in one turn of the event loop is decided in one transaction, in the order of asking: a flood costs one
 * transaction a turn, not one an attempt.
 */
import type { Kysely, Transaction } from 'kysely'
import type { SqlEngine } from './sql-engine.ts'
import type { Bucket, ThrottleStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** When buckets will have drained, in milliseconds; absent ones are empty. */
type Levels = Map<string, number>

interface Asked {
  readonly buckets: readonly Bucket[]
  /** Decides, and changes the levels. Runs again when the transaction does. */
  readonly decide: (levels: Levels) => number
  readonly resolve: (waitMs: number) => void
  readonly reject: (error: unknown) => void
}

/** Bounds how long one group holds its rows, and SQLite the event loop. */
const largestGroup = 64

export function createThrottleStore(db: Kysely<Tables>, engine: SqlEngine): ThrottleStore {
  let asked: Asked[] = []
  let working = false
  const work = async (): Promise<void> => {
    while (asked.length > 0) {
      const group = asked.slice(0, largestGroup)
      asked = asked.slice(largestGroup)
      await decideTogether(db, engine, group)
      // Where the database answers at once, nothing else would get a turn until everybody has been decided.
      if (asked.length > 0) await new Promise((go) => setImmediate(go))
    }
    working = false
  }
  const ask = (buckets: readonly Bucket[], decide: Asked['decide']): Promise<number> =>
    new Promise((resolve, reject) => {
      asked.push({ buckets, decide, resolve, reject })
      if (working) return
      working = true
      setImmediate(() => void work())
    })
  return {
    charge: (buckets, nowMs) => ask(buckets, (levels) => charge(levels, buckets, nowMs)),
    refund: async (buckets, nowMs) => void (await ask(buckets, (levels) => refund(levels, buckets, nowMs))),
  }
}

function charge(levels: Levels, buckets: readonly Bucket[], nowMs: number): number {
  const charged = buckets.map(({ key, capacity, refillMs }) => {
    const drainedAt = Math.max(levels.get(key) ?? 0, nowMs) + refillMs
    return { key, drainedAt, waitMs: drainedAt - nowMs - capacity * refillMs }
  })
  const waitMs = Math.max(0, ...charged.map((one) => one.waitMs))
  if (waitMs === 0) for (const { key, drainedAt } of charged) levels.set(key, Math.ceil(drainedAt))
  return waitMs
}

function refund(levels: Levels, buckets: readonly Bucket[], nowMs: number): number {
  for (const { key, refillMs } of buckets) {
    levels.set(key, Math.max(Math.ceil((levels.get(key) ?? 0) - refillMs), Math.floor(nowMs)))
  }
  return 0
}

async function decideTogether(db: Kysely<Tables>, engine: SqlEngine, group: readonly Asked[]): Promise<void> {
  const keys = [...new Set(group.flatMap(({ buckets }) => buckets.map(({ key }) => key)))].sort()
  try {
    const waits = await transact(db, async (transaction) => {
      if (engine.locksRows) await lockBuckets(transaction, keys)
      const before = await readLevels(transaction, keys)
      const levels = new Map(before)
      const decided = group.map(({ decide }) => decide(levels))
      await writeLevels(
        transaction,
        [...levels].filter(([key, level]) => before.get(key) !== level),
      )
      return decided
    })
    group.forEach(({ resolve }, index) => resolve(waits[index]!))
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
