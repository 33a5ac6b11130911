/**
 * Brings a SQLite database to this version's schema: forward only, under an exclusive lock, each migration with the
 * checksum of its text. A database that was written by a newer version, whose migrations read differently, or whose
 * tables were changed from outside is refused and left as it is.
 */
import { createHash } from 'node:crypto'
import Libsql from 'libsql'
import { StartError } from '../start-error.ts'
import type { Migration } from './migrations/all.ts'

/** "TSRA": marks the file as ours (SQLite's `application_id`). */
const applicationId = 0x54_53_52_41

const ledger = `CREATE TABLE schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  checksum TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

interface Applied {
  readonly name: string
  readonly checksum: string
}

/** @throws {StartError} `database_foreign` when the database is not one that this version may touch */
export function migrateSqlite(
  database: Libsql.Database,
  migrations: readonly Migration[],
  path: string,
): void {
  if (pendingMigrations(database, migrations, path).length > 0) {
    database.exec('BEGIN EXCLUSIVE')
    try {
      // Another process may have migrated while this one waited for the lock.
      apply(database, pendingMigrations(database, migrations, path))
      database.exec('COMMIT')
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  refuseAlteredSchema(database, migrations, path)
}

function apply(database: Libsql.Database, pending: readonly Migration[]): void {
  if (pending.length > 0 && objectNames(database).length === 0) {
    database.exec(`PRAGMA application_id = ${applicationId}`)
    database.exec(ledger)
  }
  const note = database.prepare('INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
  for (const migration of pending) {
    database.exec(migration.sqlite)
    note.run([migration.name, checksumOf(migration), Math.floor(Date.now() / 1000)])
  }
}

/** The migrations of this version that a database has not seen yet. @throws {StartError} `database_foreign` */
export function pendingMigrations(
  database: Libsql.Database,
  migrations: readonly Migration[],
  path: string,
): readonly Migration[] {
  const applied = readApplied(database, path)
  for (const [index, { name, checksum }] of applied.entries()) {
    const known = migrations[index]
    if (known === undefined) {
      throw refusal(path, `was written by a newer version of Tessera (migration ${name}): start that version`)
    }
    if (known.name !== name || checksumOf(known) !== checksum) {
      throw refusal(path, `holds migration ${name} in another form than this version: it was altered`)
    }
  }
  return migrations.slice(applied.length)
}

function readApplied(database: Libsql.Database, path: string): readonly Applied[] {
  const names = objectNames(database)
  if (names.length === 0) return []
  if (!names.includes('schema_migrations')) {
    throw refusal(path, 'is a SQLite database of another application')
  }
  return database.prepare('SELECT name, checksum FROM schema_migrations ORDER BY name').all([]) as Applied[]
}

/**
 * Every table and index that the migrations make must stand as they made it. What others added is left alone.
 *
 * @throws {StartError} `database_foreign`
 */
export function refuseAlteredSchema(
  database: Libsql.Database,
  migrations: readonly Migration[],
  path: string,
): void {
  const model = new Libsql(':memory:')
  try {
    for (const migration of migrations) model.exec(migration.sqlite)
    const found = new Map(readSchema(database).map(({ name, sql }) => [name, sql]))
    for (const { name, sql } of readSchema(model)) {
      if (found.get(name) !== sql) throw refusal(path, `has a changed schema (${name}): restore a backup`)
    }
  } finally {
    model.close()
  }
}

function readSchema(database: Libsql.Database): readonly { name: string; sql: string }[] {
  return database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .all([]) as { name: string; sql: string }[]
}

function objectNames(database: Libsql.Database): readonly string[] {
  return readSchema(database).map(({ name }) => name)
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sqlite).digest('base64url')
}

function refusal(path: string, why: string): StartError {
  return new StartError('database_foreign', `the database ${path} ${why}`)
}
