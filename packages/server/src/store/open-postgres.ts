/** Opens the store on PostgreSQL: a small pool, every commit on the disk before it is told. */
import { Pool, types } from 'pg'
import type { PoolClient } from 'pg'
import { StartError } from '../start-error.ts'
import { migratePostgres, pendingOnPostgres } from './migrate-postgres.ts'
import type { Migration } from './migrations/all.ts'
import { migrations as allMigrations } from './migrations/all.ts'
import { createPostgresEngine } from './postgres-engine.ts'
import type { DialectOptions } from './sql-engine.ts'
import { createSqlStore } from './sql-store.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

export interface OpenPostgresOptions extends DialectOptions {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string
  /** Connections at most. Default 10. */
  readonly connections?: number
  /** Default: every migration of this version. */
  readonly migrations?: readonly Migration[]
}

/** A database that does not answer is told as one: whoever waits gets 503 and not silence. */
const connectMs = 3000
const statementMs = 4000
/** Whoever hands everything over reads for as long as it takes, and waits for whoever reads from it. */
const handOverMs = 3_600_000

/** `xid8` and `pg_current_xact_id()`. */
const oldestVersion = 130_000

/**
 * Connects, checks and migrates.
 *
 * @throws {StartError} `database_unusable` when it cannot be reached, is too old, or acknowledges commits that are not
 *   on the disk; `database_foreign` when it was written by a newer version or belongs to another application
 */
export async function openPostgresStore(options: OpenPostgresOptions): Promise<Store> {
  const place = placeOf(options.url)
  const pool = createPool(options)
  try {
    const client = await pool.connect()
    try {
      await refuseUnsafe(client, place)
      await migratePostgres(client, options.migrations ?? allMigrations, place)
    } finally {
      client.release()
    }
    return await createSqlStore(createPostgresEngine(pool, options))
  } catch (error) {
    await pool.end()
    throw error instanceof StartError ? error : unusable(place, error)
  }
}

/**
 * The names of the migrations that a database has not seen yet. Changes nothing.
 *
 * @throws {StartError} as opening it
 */
export async function pendingPostgresMigrations(options: OpenPostgresOptions): Promise<readonly string[]> {
  const place = placeOf(options.url)
  const pool = createPool(options)
  try {
    const client = await pool.connect()
    try {
      await refuseUnsafe(client, place)
      const pending = await pendingOnPostgres(client, options.migrations ?? allMigrations, place)
      return pending.map(({ name }) => name)
    } finally {
      client.release()
    }
  } catch (error) {
    throw error instanceof StartError ? error : unusable(place, error)
  } finally {
    await pool.end()
  }
}

function createPool({ url, connections = 10, evenIfMoved = false }: OpenPostgresOptions): Pool {
  const patienceMs = evenIfMoved ? handOverMs : statementMs
  const pool = new Pool({
    connectionString: url,
    max: connections,
    fallback_application_name: 'tessera',
    connectionTimeoutMillis: connectMs,
    query_timeout: patienceMs,
    statement_timeout: patienceMs,
    idle_in_transaction_session_timeout: patienceMs,
    keepAlive: true,
    // Every number of ours is a whole one below 2^53; only `bigint` comes as text otherwise.
    types: { getTypeParser: (oid, format) => (oid === 20 ? Number : types.getTypeParser(oid, format)) },
  })
  // Whoever holds the connection learns of its end by the next query; nobody else has to.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function refuseUnsafe(client: PoolClient, place: string): Promise<void> {
  const { rows } = await client.query<{ version: string; synced: string }>(
    "select current_setting('server_version_num') as version, current_setting('synchronous_commit') as synced",
  )
  const { version, synced } = rows[0]!
  if (Number(version) < oldestVersion) {
    throw new StartError('database_unusable', `the database ${place}: expected PostgreSQL 13 or later`)
  }
  // An acknowledged rotation that a crash undoes looks like a stolen key (P7).
  if (synced === 'off') {
    throw new StartError(
      'database_unusable',
      `the database ${place}: expected synchronous_commit on, got off: a crash would undo what clients were told`,
    )
  }
}

/** Where the database is, without the password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`
}

function unusable(place: string, cause: unknown): StartError {
  const told: unknown = cause instanceof StoreError ? cause.cause : cause
  const { code, message } = told as { code?: unknown; message?: unknown }
  const setting = /unsupported startup parameter: (\w+)/.exec(String(message))?.[1]
  if (setting !== undefined) {
    const way = `a pooler before it refuses ${setting}: name it in PgBouncer's ignore_startup_parameters, and set it for the role`
    return new StartError('database_unusable', `cannot use the database ${place}: ${way}`, cause)
  }
  const reason = reasons[String(code)] ?? (typeof code === 'string' && code !== '' ? code : 'no answer')
  return new StartError('database_unusable', `cannot use the database ${place}: ${reason}`, cause)
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers there',
  ENOTFOUND: 'no such host',
  ETIMEDOUT: 'no answer in time',
  '28000': 'the user is not let in',
  '28P01': 'wrong user or password',
  '3D000': 'there is no database of that name',
  '42501': 'the user may not make tables there',
  '53300': 'it has no connection left',
  '57P03': 'it is starting or stopping',
  XX001: 'its files are damaged: restore a backup',
  XX002: 'an index is damaged: REINDEX it, or restore a backup',
}
