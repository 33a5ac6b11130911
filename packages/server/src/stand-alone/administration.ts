/** The store of a server, opened beside it for the commands of whoever runs it; also while the server runs. */
import { createHasher } from '../accounts/hasher.ts'
import { checkConfig } from '../config/check-config.ts'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import type { AccessTokenAlgorithm } from '../config/server-config.ts'
import { deriveServerSecrets, registerSecrets } from '../keys/server-secrets.ts'
import type { Administrations } from '../routes/administrations.ts'
import { createAdministrations } from '../routes/administrations.ts'
import { isStartError } from '../start-error.ts'
import { openStore } from '../store/open-store.ts'
import { keepMarginSeconds, verifierSeconds } from '../token-server.ts'
import { inEnvironmentNames } from './serve.ts'

export interface AdministrationOptions {
  /** Default the process's own. */
  readonly environment?: Environment
  /** Where `.tessera/` lies. Default the working directory. */
  readonly directory?: string
  /** Milliseconds since 1970. Default the wall clock. */
  readonly nowMs?: () => number
}

export interface Administration extends Administrations {
  readonly issuer: string
  readonly algorithm: AccessTokenAlgorithm
  close(): Promise<void>
}

/** @throws {StartError} as a start of the server with the same settings */
export async function openAdministration(options: AdministrationOptions = {}): Promise<Administration> {
  const { environment = process.env, directory = process.cwd(), nowMs = Date.now } = options
  try {
    const { issuer: given, port, server } = configFromEnvironment(environment, { directory })
    const config = checkConfig({ ...server, issuer: given ?? `http://127.0.0.1:${port}` })
    const store = await openStore(config.database)
    try {
      await registerSecrets(store.secrets, config.secrets, nowMs())
      const longest = await store.longestAccessTokenSeconds(config.accessTokenSeconds)
      const { issuer, audience, algorithm } = config
      const parts = createAdministrations({
        store,
        secrets: deriveServerSecrets(config.secrets),
        issuer,
        audience,
        hasher: createHasher(),
        keepSeconds: longest + keepMarginSeconds,
        verifierSeconds,
        nowMs,
      })
      return { issuer, algorithm, ...parts, close: () => store.close() }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  }
}
