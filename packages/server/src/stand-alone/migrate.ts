/** Brings the database to this version's schema and ends, or says whether it is there: for deployments that migrate first. */
import { checkConfig } from '../config/check-config.ts'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import { isStartError } from '../start-error.ts'
import type { StoreAddress } from '../config/store-address.ts'
import { openStore, pendingMigrations } from '../store/open-store.ts'
import { inEnvironmentNames } from './serve.ts'

export interface MigrateOptions {
  /** Default the process's own. */
  readonly environment?: Environment
  /** Where `.tessera/` lies. Default the working directory. */
  readonly directory?: string
}

/**
 * Migrates under the database's lock, as a start does; several at once are one after the other. A database that is up to date
 * stays as it is.
 *
 * @throws {StartError} as a start of the server with the same settings; `database_foreign` when a newer version wrote it
 */
export async function migrate(options: MigrateOptions = {}): Promise<void> {
  await withDatabase(options, async (database) => (await openStore(database, { evenIfMoved: true })).close())
}

/**
 * The names of the migrations that a start of this version would apply, in their order; none when the database is up to date.
 * Changes nothing: no file, no table.
 *
 * @throws {StartError} as `migrate`
 */
export function checkMigrations(options: MigrateOptions = {}): Promise<readonly string[]> {
  return withDatabase(options, pendingMigrations)
}

async function withDatabase<Result>(
  { environment = process.env, directory = process.cwd() }: MigrateOptions,
  act: (database: StoreAddress) => Promise<Result>,
): Promise<Result> {
  try {
    const { issuer, port, server } = configFromEnvironment(environment, { directory })
    const { database } = checkConfig({ ...server, issuer: issuer ?? `http://127.0.0.1:${port}` })
    return await act(database)
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  }
}
