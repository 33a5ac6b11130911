/** Brings the database to this version's schema and ends: for deployments that migrate before they start anything. */
import { checkConfig } from '../config/check-config.ts'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import { isStartError } from '../start-error.ts'
import { openStore } from '../store/open-store.ts'
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
export async function migrate({
  environment = process.env,
  directory = process.cwd(),
}: MigrateOptions = {}): Promise<void> {
  try {
    const { issuer, port, server } = configFromEnvironment(environment, { directory })
    const { database } = checkConfig({ ...server, issuer: issuer ?? `http://127.0.0.1:${port}` })
    await (await openStore(database, { evenIfMoved: true })).close()
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  }
}
