/**
 * Brings a PostgreSQL database to this version's schema: forward only, in one transaction under an advisory lock, each
 * migration with the checksum of its text. A database that was written by a newer version, or whose migrations read
 * differently, is refused and left as it is. Tables go into the first schema of the connection's `search_path`.
 */
import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import { StartError } from '../start-error.ts'
import type { Migration } from './migrations/all.ts'

/** "TSRA", as SQLite files carry it. One migration at a time in one database. */
const lockKey = 0x54_53_52_41

const ledger = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  checksum TEXT NOT NULL,
  applied_at BIGINT NOT NULL
)`

/** @throws {StartError} `database_foreign` when the database is not one that this version may touch */
export async function migratePostgres(
  client: PoolClient,
  migrations: readonly Migration[],
  place: string,
): Promise<void> {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [lockKey])
    const pending = await pendingOnPostgres(client, migrations, place)
    if (pending.length > 0) await client.query(ledger)
    for (const migration of pending) await apply(client, migration)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** The migrations of this version that a database has not seen yet; it is read only. @throws {StartError} `database_foreign` */
export async function pendingOnPostgres(
  client: PoolClient,
  migrations: readonly Migration[],
  place: string,
): Promise<readonly Migration[]> {
  const applied = await readApplied(client, place)
  refuseUnknown(applied, migrations, place)
  return migrations.slice(applied.length)
}

interface Applied {
  readonly name: string
  readonly checksum: string
}

async function readApplied(client: PoolClient, place: string): Promise<readonly Applied[]> {
  const { rows: tables } = await client.query<{ relname: string }>(
    `select relname from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r' order by relname`,
  )
  const names = tables.map(({ relname }) => relname)
  if (!names.includes('schema_migrations')) {
    if (!names.some((name) => ours.includes(name))) return []
    throw refusal(place, 'holds tables of another application that have the names of ours')
  }
  const { rows } = await client.query<Applied>('select name, checksum from schema_migrations order by name')
  return rows
}

const ours: readonly string[] = [
  'meta',
  'users',
  'sessions',
  'revocations',
  'signing_keys',
  'secrets',
  'audit',
]

function refuseUnknown(applied: readonly Applied[], migrations: readonly Migration[], place: string): void {
  for (const [index, { name, checksum }] of applied.entries()) {
    const known = migrations[index]
    if (known === undefined) {
      throw refusal(
        place,
        `was written by a newer version of Tessera (migration ${name}): start that version`,
      )
    }
    if (known.name !== name || checksumOf(known) !== checksum) {
      throw refusal(place, `holds migration ${name} in another form than this version: it was altered`)
    }
  }
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query(migration.postgres)
  await client.query('insert into schema_migrations (name, checksum, applied_at) values ($1, $2, $3)', [
    migration.name,
    checksumOf(migration),
    Math.floor(Date.now() / 1000),
  ])
}

function checksumOf({ postgres }: Migration): string {
  return createHash('sha256').update(postgres).digest('base64url')
}

function refusal(place: string, why: string): StartError {
  return new StartError('database_foreign', `the database ${place} ${why}`)
}
