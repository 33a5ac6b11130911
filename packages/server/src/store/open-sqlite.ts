/** Opens the embedded store: one SQLite file, write-ahead log, every commit synced to the disk. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Libsql from 'libsql'
import { StartError } from '../start-error.ts'
import { migrateSqlite, pendingMigrations, refuseAlteredSchema } from './migrate-sqlite.ts'
import type { Migration } from './migrations/all.ts'
import { migrations as allMigrations } from './migrations/all.ts'
import type { DialectOptions } from './sql-engine.ts'
import { refuseOlder, withRecoveryFiles } from './guard-recovery.ts'
import { createSqlStore } from './sql-store.ts'
import { createSqliteEngine } from './sqlite-engine.ts'
import type { Store } from './store.ts'

export interface OpenSqliteOptions extends DialectOptions {
  /** The file, made when absent; `:memory:` for a store that ends with the process. */
  readonly path: string
  /** Opens a restored backup, too: for whoever makes it fit to serve (P8). Default not. */
  readonly evenIfOlder?: boolean
  /** Default: every migration of this version. */
  readonly migrations?: readonly Migration[]
}

/** While opening. Afterwards whoever waits for another process does so beside the event loop. */
const busyTimeoutMs = 2000
const startPatienceMs = 30_000

/**
 * Opens, checks and migrates the database.
 *
 * @throws {StartError} `database_unusable` when it cannot be opened, is damaged or is no database; `database_foreign`
 *   when it was written by a newer version, altered, or belongs to another application; `database_older` when it is a
 *   backup of what was served from here later
 */
export async function openSqliteStore(options: OpenSqliteOptions): Promise<Store> {
  const { path } = options
  const database = openDatabase(options)
  try {
    database.pragma('busy_timeout = 0')
    const store = await createSqlStore(createSqliteEngine(database, options))
    return path === ':memory:' ? store : await withRecoveryFiles(store, database, path)
  } catch (error) {
    database.close()
    throw unusable(path, error)
  }
}

/**
 * The names of the migrations that a database has not seen yet. Changes nothing, and makes no file.
 *
 * @throws {StartError} `database_unusable`, `database_foreign`
 */
export function pendingSqliteMigrations({
  path,
  migrations = allMigrations,
}: Pick<OpenSqliteOptions, 'path' | 'migrations'>): readonly string[] {
  if (!existsSync(path)) return migrations.map(({ name }) => name)
  const database = openFile(path)
  try {
    let pending = migrations
    withPatience(() => {
      database.pragma(`busy_timeout = ${busyTimeoutMs}`)
      database.pragma('query_only = ON')
      refuseDamage(database, path)
      pending = pendingMigrations(database, migrations, path)
      if (pending.length === 0) refuseAlteredSchema(database, migrations, path)
    })
    return pending.map(({ name }) => name)
  } catch (error) {
    throw error instanceof StartError ? error : unusable(path, error)
  } finally {
    database.close()
  }
}

/** The checked and migrated database itself. */
function openDatabase({
  path,
  migrations = allMigrations,
  evenIfOlder = false,
}: OpenSqliteOptions): Libsql.Database {
  const database = openFile(path)
  try {
    withPatience(() => {
      database.pragma(`busy_timeout = ${busyTimeoutMs}`)
      database.pragma('journal_mode = WAL')
      // NORMAL would lose acknowledged commits when the power goes; a revocation has to stay.
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      refuseDamage(database, path)
      migrateSqlite(database, migrations, path)
      if (path !== ':memory:' && !evenIfOlder) refuseOlder(database, path)
    })
    return database
  } catch (error) {
    database.close()
    throw error instanceof StartError ? error : unusable(path, error)
  }
}

function openFile(path: string): Libsql.Database {
  try {
    if (path !== ':memory:') {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      // Made here so that the file, and the log beside it, belong to this user alone.
      closeSync(openSync(path, 'a', 0o600))
    }
    return new Libsql(path)
  } catch (error) {
    throw unusable(path, error)
  }
}

function refuseDamage(database: Libsql.Database, path: string): void {
  const [row] = database.pragma('quick_check(1)') as { quick_check?: unknown }[]
  if (row?.quick_check !== 'ok') throw damaged(path)
}

/** Two processes that open a new file at once block each other in ways that SQLite's own time-out does not cover. */
function withPatience(open: () => void): void {
  const giveUpAt = performance.now() + startPatienceMs
  for (;;) {
    try {
      open()
      return
    } catch (error) {
      const isBusy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > giveUpAt) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}

function unusable(path: string, cause: unknown): StartError {
  const { code } = cause as { code?: unknown }
  if (code === 'SQLITE_NOTADB') {
    return new StartError(
      'database_unusable',
      `the file ${path} is not a SQLite database: restore a backup, or move it away to begin with an empty one`,
      cause,
    )
  }
  if (typeof code === 'string' && code.startsWith('SQLITE_CORRUPT')) return damaged(path, cause)
  const reason =
    reasons[String(code)] ?? (typeof code === 'string' && code !== '' ? code : 'it does not open')
  return new StartError('database_unusable', `cannot open the database ${path}: ${reason}`, cause)
}

function damaged(path: string, cause?: unknown): StartError {
  return new StartError('database_unusable', `the database ${path} is damaged: restore a backup`, cause)
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ENOSPC: 'the disk is full',
  SQLITE_BUSY: 'another process holds it',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_CANTOPEN: 'it does not open',
}
