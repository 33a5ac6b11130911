/**
 * Leaky buckets in SQL, one number each: the time when the bucket will have drained. An attempt pushes it one interval
 * further; a refused attempt pushes nothing, so no flood can lock an account for longer than its own interval.
 */
import type { Kysely, Transaction } from 'kysely'
import type { Bucket, ThrottleStore } from './store.ts'
import type { Tables } from './tables.ts'

export function createThrottleStore(db: Kysely<Tables>): ThrottleStore {
  return {
    charge: (buckets, nowMs) =>
      db.transaction().execute(async (transaction) => {
        const levels = await readLevels(transaction, buckets)
        const charged = buckets.map((bucket) => {
          const drainedAt = Math.max(levels.get(bucket.key) ?? 0, nowMs) + bucket.refillMs
          return { bucket, drainedAt, waitMs: drainedAt - nowMs - bucket.capacity * bucket.refillMs }
        })
        const waitMs = Math.max(0, ...charged.map((charge) => charge.waitMs))
        if (waitMs > 0) return waitMs
        for (const { bucket, drainedAt } of charged) await writeLevel(transaction, bucket.key, drainedAt)
        return 0
      }),

    refund: (buckets, nowMs) =>
      db.transaction().execute(async (transaction) => {
        const levels = await readLevels(transaction, buckets)
        for (const { key, refillMs } of buckets) {
          const drainedAt = (levels.get(key) ?? 0) - refillMs
          if (drainedAt > nowMs) await writeLevel(transaction, key, drainedAt)
          else await transaction.deleteFrom('throttle_buckets').where('bucket', '=', key).execute()
        }
      }),
  }
}

async function readLevels(
  transaction: Transaction<Tables>,
  buckets: readonly Bucket[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('throttle_buckets')
    .selectAll()
    .where(
      'bucket',
      'in',
      buckets.map(({ key }) => key),
    )
    .execute()
  return new Map(rows.map((row) => [row.bucket, row.full_until_ms]))
}

async function writeLevel(
  transaction: Transaction<Tables>,
  bucket: string,
  drainedAtMs: number,
): Promise<void> {
  const full_until_ms = Math.ceil(drainedAtMs)
  await transaction
    .insertInto('throttle_buckets')
    .values({ bucket, full_until_ms })
    .onConflict((conflict) => conflict.column('bucket').doUpdateSet({ full_until_ms }))
    .execute()
}
