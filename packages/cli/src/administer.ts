/** Opens the store of the server that the environment describes, for one command. */
import type { Administration, AdministrationOptions } from '@tessera/server'
import { CliFault } from './fault.ts'
import type { Io } from './io.ts'
import { startFailures } from './start-failures.ts'

/** The server's own package is loaded here, so that no other command waits for its native parts. */
export async function administer<T>(
  io: Io,
  work: (administration: Administration) => Promise<T>,
  options: Pick<AdministrationOptions, 'evenIfMoved' | 'evenIfOlder' | 'evenIfSecretMissing'> = {},
): Promise<T> {
  const { isStartError, openAdministration } = await import('@tessera/server')
  try {
    const administration = await openAdministration({
      ...options,
      environment: io.env,
      nowMs: () => io.now() * 1000,
    })
    try {
      return await work(administration)
    } finally {
      await administration.close()
    }
  } catch (error) {
    if (isStartError(error)) throw new CliFault(startFailures[error.code], error.message)
    throw error
  }
}
