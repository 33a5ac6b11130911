/** The store of a server, opened beside it for the commands of whoever runs it; also while the server runs. */
import { createHasher } from '../accounts/hasher.ts'
import type { UserAdministration } from '../accounts/user-administration.ts'
import { createUserAdministration } from '../accounts/user-administration.ts'
import type { ClientAdministration } from '../clients/client-administration.ts'
import { createClientAdministration } from '../clients/client-administration.ts'
import { checkConfig } from '../config/check-config.ts'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import type { AccessTokenAlgorithm } from '../config/server-config.ts'
import type { KeyAdministration } from '../keys/key-administration.ts'
import { createKeyAdministration } from '../keys/key-administration.ts'
import { deriveServerSecrets, registerSecrets } from '../keys/server-secrets.ts'
import { leadSeconds } from '../keys/signing-keys.ts'
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

export interface Administration {
  readonly issuer: string
  readonly algorithm: AccessTokenAlgorithm
  readonly keys: KeyAdministration
  readonly clients: ClientAdministration
  readonly users: UserAdministration
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
      const keys = createKeyAdministration({
        store: store.signingKeys,
        secrets: deriveServerSecrets(config.secrets),
        issuer: config.issuer,
        leadSeconds,
        keepSeconds: longest + keepMarginSeconds + verifierSeconds,
        nowMs,
      })
      const shared = { store, keepSeconds: longest + keepMarginSeconds, nowMs }
      const clients = createClientAdministration({ ...shared, defaultAudience: config.audience })
      const users = createUserAdministration({ ...shared, hasher: createHasher() })
      const { issuer, algorithm } = config
      return { issuer, algorithm, keys, clients, users, close: () => store.close() }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  }
}
