/**
 * Everything that a store holds, row by row, for a move to another one (P9). A move is a hand-over: the store that gave its
 * sessions away is `moved` in the transaction that read them, and refuses every write from then on.
 */
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { endAllSessions, insertAuditEvents } from './end-sessions.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'
import type {
  ImportVerdict,
  TransferCounts,
  TransferOptions,
  TransferPage,
  TransferRow,
  TransferStore,
  TransferTable,
} from './transfer-store.ts'

interface Transferred {
  /** By which its rows are read in order. */
  readonly key: string
  /** Whether a copy without sessions holds it. */
  readonly isCopied: boolean
  readonly leftOut: readonly string[]
}

/** Of the copied tables in the order in which rows may be written: what others point at comes first. */
export const transferredTables: Readonly<Record<TransferTable, Transferred>> = {
  users: { key: 'id', isCopied: true, leftOut: [] },
  clients: { key: 'client_id', isCopied: true, leftOut: [] },
  secrets: { key: 'kid', isCopied: false, leftOut: [] },
  signing_keys: { key: 'kid', isCopied: false, leftOut: [] },
  sessions: { key: 'sid', isCopied: false, leftOut: [] },
  one_time_tokens: { key: 'id', isCopied: false, leftOut: [] },
  used_assertions: { key: 'id', isCopied: false, leftOut: [] },
  // Positions are the database's own: a guard's cursor of the old one begins anew at the new one.
  revocations: { key: 'position', isCopied: false, leftOut: ['position', 'xid'] },
  audit: { key: 'id', isCopied: true, leftOut: ['id'] },
}

const pageRows = 500

export function createTransferStore(db: Kysely<Tables>, engine: SqlEngine, epoch: string): TransferStore {
  return {
    handOver: ({ bundleId, nowMs }, take) =>
      db.transaction().execute(async (transaction) => {
        // After this nobody is in the middle of a change, and whoever begins one sees that the store has moved.
        await engine.excludeWriters(transaction)
        await writeMeta(transaction, 'moved', bundleId)
        const event = { atMs: nowMs, event: 'data.handed_over' as const, detail: { bundle: bundleId } }
        await insertAuditEvents(transaction, [event])
        return readAll(transaction, Object.keys(transferredTables) as TransferTable[], take)
      }),
    copy: (take) => {
      const copied = (Object.keys(transferredTables) as TransferTable[]).filter(
        (name) => transferredTables[name].isCopied,
      )
      return db.transaction().execute((transaction) => readAll(transaction, copied, take))
    },
    takeIn: (options, pages) =>
      db.transaction().execute((transaction) => takeIn(transaction, epoch, { ...options, pages })),
    reopen: (ending) =>
      transact(db, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('meta')
          .where('name', '=', 'moved')
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) return undefined
        const { length } = await endAllSessions(transaction, { epoch, ending })
        const detail = { sessions: length }
        await insertAuditEvents(transaction, [{ atMs: ending.atMs, event: 'data.reopened', detail }])
        return length
      }),
  }
}

async function writeMeta(transaction: Transaction<Tables>, name: string, value: string): Promise<void> {
  await transaction
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

async function readAll(
  transaction: Transaction<Tables>,
  names: readonly TransferTable[],
  take: (page: TransferPage) => Promise<void>,
): Promise<TransferCounts> {
  const counts: Partial<Record<TransferTable, number>> = {}
  for (const table of names) {
    const { key, leftOut } = transferredTables[table]
    let after: string | number = key === 'position' || table === 'audit' ? 0 : ''
    for (;;) {
      const { rows } = await sql<TransferRow>`select * from ${sql.table(table)}
        where ${sql.ref(key)} > ${after} order by ${sql.ref(key)} limit ${pageRows}`.execute(transaction)
      if (rows.length === 0) break
      after = rows.at(-1)?.[key] ?? after
      await take({ table, rows: rows.map((row) => without(row, leftOut)) })
      counts[table] = (counts[table] ?? 0) + rows.length
    }
  }
  return counts
}

function without(row: TransferRow, names: readonly string[]): TransferRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}

async function takeIn(
  transaction: Transaction<Tables>,
  epoch: string,
  { bundleId, nowMs, pages }: TransferOptions & { readonly pages: AsyncIterable<TransferPage> },
): Promise<ImportVerdict> {
  if (await isKnown(transaction, bundleId)) return { status: 'known' }
  if (!(await isEmpty(transaction))) return { status: 'not_empty' }
  // Keys that this store made before anybody had a token of them: those that come sign on.
  await transaction.deleteFrom('signing_keys').execute()
  await writeMeta(transaction, `imported.${bundleId}`, String(Math.floor(nowMs / 1000)))
  const counts: Partial<Record<TransferTable, number>> = {}
  for await (const { table, rows } of pages) {
    await insertRows(
      transaction,
      table,
      rows.map((row) => adopted(table, row, epoch)),
    )
    counts[table] = (counts[table] ?? 0) + rows.length
  }
  const event = { atMs: nowMs, event: 'data.taken_in' as const, detail: { bundle: bundleId, ...counts } }
  await insertAuditEvents(transaction, [event])
  return { status: 'imported', counts }
}

/** A row as it stands here. What was in use there is depended on, and what is in use here stays so. */
function adopted(table: TransferTable, row: TransferRow, epoch: string): TransferRow {
  if (table === 'revocations') return { ...row, epoch }
  if (table === 'secrets') return { ...row, turn: row['turn'] === 0 ? 0 : 1 }
  return row
}

async function isKnown(transaction: Transaction<Tables>, bundleId: string): Promise<boolean> {
  const known = await transaction
    .selectFrom('meta')
    .select('value')
    .where('name', '=', `imported.${bundleId}`)
    .executeTakeFirst()
  return known !== undefined
}

async function isEmpty(transaction: Transaction<Tables>): Promise<boolean> {
  const user = await transaction.selectFrom('users').select('id').limit(1).executeTakeFirst()
  const session = await transaction.selectFrom('sessions').select('sid').limit(1).executeTakeFirst()
  return user === undefined && session === undefined
}

async function insertRows(
  transaction: Transaction<Tables>,
  table: TransferTable,
  rows: readonly TransferRow[],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const names = Object.keys(first)
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => row[name] ?? null))})`)
  const columns = sql.join(names.map((name) => sql.ref(name)))
  // A secret that both stores know is one secret.
  const unless =
    table === 'secrets'
      ? sql`on conflict (kid) do update set turn = case when secrets.turn > 0 then secrets.turn else excluded.turn end`
      : sql``
  await sql`insert into ${sql.table(table)} (${columns}) values ${sql.join(values)} ${unless}`.execute(
    transaction,
  )
}
