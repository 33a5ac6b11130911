/** The heartbeat of a process, and what it does to the registry of secrets: one process at a time (P6). */
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { insertAuditEvents } from './end-sessions.ts'
import { listSecrets } from './list-secrets.ts'
import { currentSecret, nextSecret } from './secret-turn.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { ProcessBeat, SecretRow } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** "secs" */
const secretLock = 0x73_65_63_73

export function beat(
  db: Kysely<Tables>,
  engine: SqlEngine,
  process: ProcessBeat,
): Promise<readonly SecretRow[]> {
  return transact(db, async (transaction) => {
    if (engine.locksRows) await sql`select pg_advisory_xact_lock(${secretLock})`.execute(transaction)
    const atMs = await engine.readClock(transaction, process.nowMs)
    const known = await listSecrets(transaction)
    process.admit(known)
    const secrets = [...known, ...(await register(transaction, process, { known, atMs }))]
    await keepAlive(transaction, process, atMs)
    // A clock that was set forward makes live processes look dead: they speak up before anything comes of it.
    const isAnyDead = await removeDead(transaction, process, atMs)
    const isPatient = isAnyDead && currentSecret(secrets) !== undefined
    const kid = isPatient ? undefined : nextSecret(secrets, await listHeld(transaction))
    if (kid === undefined) return secrets
    const turn = Math.max(...secrets.map((row) => row.turn)) + 1
    await transaction.updateTable('secrets').set({ turn }).where('kid', '=', kid).execute()
    const detail = { kid, before: currentSecret(secrets)?.kid }
    await insertAuditEvents(transaction, [{ atMs, event: 'secret.in_use', detail }])
    return secrets.map((row) => (row.kid === kid ? { ...row, turn } : row))
  })
}

async function register(
  transaction: Transaction<Tables>,
  { secrets }: ProcessBeat,
  { known, atMs }: { readonly known: readonly SecretRow[]; readonly atMs: number },
): Promise<readonly SecretRow[]> {
  const createdAt = Math.floor(atMs / 1000)
  const missing = secrets
    .filter(({ kid }) => known.every((row) => row.kid !== kid))
    .map(({ kid, checkValue }) => ({ kid, checkValue, state: 'live', turn: 0, createdAt }) as const)
  for (const { kid, checkValue, state, turn } of missing) {
    const row = { kid, check_value: checkValue, state, turn, created_at: createdAt }
    await transaction.insertInto('secrets').values(row).execute()
  }
  return missing
}

async function keepAlive(
  transaction: Transaction<Tables>,
  { processId, secrets }: ProcessBeat,
  atMs: number,
): Promise<void> {
  const row = { kids: JSON.stringify(secrets.map(({ kid }) => kid)), seen_at_ms: atMs }
  await transaction
    .insertInto('processes')
    .values({ id: processId, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

async function removeDead(
  transaction: Transaction<Tables>,
  { processId, lifeMs }: ProcessBeat,
  atMs: number,
): Promise<boolean> {
  const { numDeletedRows } = await transaction
    .deleteFrom('processes')
    .where('seen_at_ms', '<=', atMs - lifeMs)
    .where('id', '<>', processId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

async function listHeld(transaction: Transaction<Tables>): Promise<readonly (readonly string[])[]> {
  const rows = await transaction.selectFrom('processes').select('kids').orderBy('id').execute()
  return rows.map(({ kids }) => JSON.parse(kids) as string[])
}
