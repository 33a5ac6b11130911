/** Opens the store at an address. `pg` is loaded only where it is used: a server on SQLite starts without it. */
import type { StoreAddress } from '../config/store-address.ts'
import { withChangesFile } from './guard-recovery.ts'
import type { OpenSqliteOptions } from './open-sqlite.ts'
import { openSqliteStore, pendingSqliteMigrations } from './open-sqlite.ts'
import type { DialectOptions } from './sql-engine.ts'
import type { Store } from './store.ts'

export interface OpenOptions extends DialectOptions, Pick<OpenSqliteOptions, 'evenIfOlder'> {
  /** Where PostgreSQL's changes that no backup may undo are noted (P8). SQLite has such a file beside it. Default none. */
  readonly changesFile?: string | undefined
}

/** @throws {StartError} `database_unusable`, `database_foreign` */
export async function openStore(address: StoreAddress, options: OpenOptions = {}): Promise<Store> {
  if (address.kind === 'sqlite') return openSqliteStore({ path: address.path, ...options })
  const { evenIfMoved = false, changesFile } = options
  const { openPostgresStore } = await import('./open-postgres.ts')
  const store = await openPostgresStore({ url: address.url, evenIfMoved })
  return changesFile === undefined ? store : withChangesFile(store, changesFile)
}

/**
 * The names of the migrations of this version that the database at an address has not seen yet. Changes nothing.
 *
 * @throws {StartError} `database_unusable`, `database_foreign`
 */
export async function pendingMigrations(address: StoreAddress): Promise<readonly string[]> {
  if (address.kind === 'sqlite') return pendingSqliteMigrations({ path: address.path })
  const { pendingPostgresMigrations } = await import('./open-postgres.ts')
  return pendingPostgresMigrations({ url: address.url })
}
