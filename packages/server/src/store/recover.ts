/** Makes a restored backup fit to serve again (P8): what it would undo is done once more, in one transaction. */
import { randomBytes } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import { endAllSessions, insertAuditEvents, insertRevocations } from './end-sessions.ts'
import type { LastingChange } from './recovery-files.ts'
import type { RecoverOptions, Recovery } from './recovery-store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** A guard that keeps a JWK Set through an outage keeps it for a day. */
const revokedKeySeconds = 2 * 86_400

export function newEpoch(): string {
  return randomBytes(6).toString('base64url')
}

export function recover(
  db: Kysely<Tables>,
  changes: readonly LastingChange[] | undefined,
  options: RecoverOptions,
): Promise<Recovery> {
  const { ending, keepSessions, windowSeconds } = options
  const now = Math.floor(ending.atMs / 1000)
  return transact(db, async (transaction) => {
    const epoch = newEpoch()
    // Guards that know an older epoch read the whole feed anew.
    await setMeta(transaction, 'epoch', epoch)
    await setMeta(transaction, 'recovered_until', String(keepSessions ? now + windowSeconds : 0))
    const kids = changes === undefined ? await listKids(transaction) : calledBack(changes)
    const revokedKeys = await revokeAgain(transaction, { kids, epoch, now })
    const retired = await transaction
      .updateTable('signing_keys')
      .set({ state: 'retired', retired_at: now })
      .where('state', 'in', ['active', 'next'])
      .executeTakeFirstOrThrow()
    const lockedUsers = await lockOut(transaction, changes ?? [], now)
    const ended = keepSessions ? [] : await endAllSessions(transaction, { epoch, ending })
    const recovery = {
      epoch,
      endedSessions: ended.length,
      retiredKeys: Number(retired.numUpdatedRows),
      revokedKeys,
      lockedUsers,
    }
    await insertAuditEvents(transaction, [
      { atMs: ending.atMs, event: 'data.recovered', detail: { ...recovery, keepSessions } },
    ])
    return recovery
  })
}

async function setMeta(transaction: Transaction<Tables>, name: string, value: string): Promise<void> {
  await transaction
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

function calledBack(changes: readonly LastingChange[]): readonly string[] {
  return changes.flatMap((change) => ('revokedKid' in change ? [change.revokedKid] : []))
}

/** Every key of access tokens that could still verify one. Those of the feed are retired: guards have to read it. */
async function listKids(transaction: Transaction<Tables>): Promise<readonly string[]> {
  const rows = await transaction
    .selectFrom('signing_keys')
    .select('kid')
    .where('state', '<>', 'gone')
    .where('purpose', '<>', 'feed')
    .execute()
  return rows.map(({ kid }) => kid)
}

/** Keys that were called back after the backup was made are so again. */
async function revokeAgain(
  transaction: Transaction<Tables>,
  { kids, epoch, now }: { kids: readonly string[]; epoch: string; now: number },
): Promise<number> {
  if (kids.length === 0) return 0
  const { numUpdatedRows } = await transaction
    .updateTable('signing_keys')
    .set({ state: 'gone', sealed_key: null, gone_at: now, revoked_at: now })
    .where('kid', 'in', kids)
    .where('state', '<>', 'gone')
    .executeTakeFirstOrThrow()
  const expiresAt = now + revokedKeySeconds
  await insertRevocations(
    transaction,
    kids.map((kid) => ({ kind: 'key', kid, createdAt: now, expiresAt })),
    epoch,
  )
  return Number(numUpdatedRows)
}

/**
 * A password that was changed after the backup is not known any more, and the old one must not work again: these users set a
 * new one, and whoever was disabled stays so.
 */
async function lockOut(
  transaction: Transaction<Tables>,
  changes: readonly LastingChange[],
  now: number,
): Promise<number> {
  let locked = 0
  for (const change of changes) {
    if (!('userId' in change)) continue
    const { numUpdatedRows } = await transaction
      .updateTable('users')
      .set({
        password_hash: null,
        credential_version: change.credentialVersion,
        ...(change.isDisabled && { disabled_at: now }),
      })
      .where('id', '=', change.userId)
      .where('credential_version', '<', change.credentialVersion)
      .executeTakeFirstOrThrow()
    locked += Number(numUpdatedRows)
  }
  return locked
}
