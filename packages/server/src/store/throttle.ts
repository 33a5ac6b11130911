/**
 * Leaky buckets in SQL, one number each: the time when the bucket will have drained. An attempt pushes it one interval
 * further; a refused attempt pushes nothing, so no flood can lock an account for longer than its own interval.
 */
import type { Transaction } from 'kysely'
import type { Waits } from './closed-buckets.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { Bucket } from './store.ts'
import type { Tables } from './tables.ts'

/** When buckets will have drained, in milliseconds; absent ones are empty. */
type Levels = Map<string, number>

/** What one attempt does to its buckets. */
export interface BucketChange {
  readonly buckets: readonly Bucket[]
  readonly nowMs: number
  /** Decides, and changes the levels. Runs again when the transaction does. */
  readonly decide: (levels: Levels, change: Pick<BucketChange, 'buckets' | 'nowMs'>) => Waits
}

/** Takes one drop's room in every bucket, or in none. */
export const charge: BucketChange['decide'] = (levels, { buckets, nowMs }) => {
  const charged = buckets.map(({ key, capacity, refillMs }) => {
    const drainedAt = Math.max(levels.get(key) ?? 0, nowMs) + refillMs
    return { key, drainedAt, waitMs: Math.max(0, drainedAt - nowMs - capacity * refillMs) }
  })
  if (charged.every(({ waitMs }) => waitMs === 0)) {
    for (const { key, drainedAt } of charged) levels.set(key, Math.ceil(drainedAt))
  }
  return new Map(charged.map(({ key, waitMs }) => [key, waitMs]))
}

export const refund: BucketChange['decide'] = (levels, { buckets, nowMs }) => {
  for (const { key, refillMs } of buckets) {
    levels.set(key, Math.max(Math.ceil((levels.get(key) ?? 0) - refillMs), Math.floor(nowMs)))
  }
  return new Map(buckets.map(({ key }) => [key, 0]))
}

/** Makes changes in their order, each seeing the earlier ones. Returns what each decided. */
export async function changeBuckets(
  transaction: Transaction<Tables>,
  engine: SqlEngine,
  changes: readonly BucketChange[],
): Promise<readonly Waits[]> {
  const keys = [...new Set(changes.flatMap(({ buckets }) => buckets.map(({ key }) => key)))].sort()
  if (keys.length === 0) return changes.map(() => new Map())
  if (engine.locksRows) await addMissing(transaction, keys)
  const before = await readLevels(transaction, engine, keys)
  const levels = new Map(before)
  const decided = changes.map((change) => change.decide(levels, change))
  await writeLevels(
    transaction,
    [...levels].filter(([key, level]) => before.get(key) !== level),
  )
  return decided
}

/** A row that is not there cannot be locked. */
async function addMissing(transaction: Transaction<Tables>, keys: readonly string[]): Promise<void> {
  await transaction
    .insertInto('throttle_buckets')
    .values(keys.map((bucket) => ({ bucket, full_until_ms: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Locks the rows where they are locked one by one: in the order of their keys, and as they are once that is done. */
async function readLevels(
  transaction: Transaction<Tables>,
  { locksRows }: SqlEngine,
  keys: readonly string[],
): Promise<Levels> {
  const rows = await transaction
    .selectFrom('throttle_buckets')
    .selectAll()
    .where('bucket', 'in', keys)
    .$if(locksRows, (query) => query.orderBy('bucket').forUpdate())
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
