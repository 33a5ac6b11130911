/** Opens the store at an address. `pg` is loaded only where it is used: a server on SQLite starts without it. */
import type { StoreAddress } from '../config/store-address.ts'
import type { OpenSqliteOptions } from './open-sqlite.ts'
import { openSqliteStore } from './open-sqlite.ts'
import type { DialectOptions } from './sql-engine.ts'
import type { Store } from './store.ts'

export type OpenOptions = DialectOptions & Pick<OpenSqliteOptions, 'evenIfOlder'>

/** @throws {StartError} `database_unusable`, `database_foreign` */
export async function openStore(address: StoreAddress, options: OpenOptions = {}): Promise<Store> {
  if (address.kind === 'sqlite') return openSqliteStore({ path: address.path, ...options })
  const { evenIfMoved = false } = options
  const { openPostgresStore } = await import('./open-postgres.ts')
  return openPostgresStore({ url: address.url, evenIfMoved })
}
