/** The store of a server, opened beside it for the commands of whoever runs it; also while the server runs. */
import { createBreachedPasswords } from '../accounts/breached-passwords.ts'
import { createHasher } from '../accounts/hasher.ts'
import { checkConfig } from '../config/check-config.ts'
import type { Environment } from '../config/environment.ts'
import { configFromEnvironment } from '../config/environment.ts'
import type { AccessTokenAlgorithm } from '../config/server-config.ts'
import type { DataAdministration } from '../data/data-administration.ts'
import { createDataAdministration } from '../data/data-administration.ts'
import type { AudienceSecretResult } from '../keys/audience-secrets.ts'
import { readAudienceSecret } from '../keys/audience-secrets.ts'
import type { SecretAdministration } from '../keys/secret-administration.ts'
import { createSecretAdministration } from '../keys/secret-administration.ts'
import { refuseSecrets } from '../keys/registered-secrets.ts'
import { deriveServerSecrets } from '../keys/server-secrets.ts'
import type { Administrations } from '../routes/administrations.ts'
import { createAdministrations } from '../routes/administrations.ts'
import { isStartError } from '../start-error.ts'
import { openStore } from '../store/open-store.ts'
import { keepMarginSeconds, verifierSeconds } from '../parts/keep.ts'
import { inEnvironmentNames } from './serve.ts'

export interface AdministrationOptions {
  /** Default the process's own. */
  readonly environment?: Environment
  /** Where `.tessera/` lies. Default the working directory. */
  readonly directory?: string
  /** Works on a database that was handed over, too. Default not. */
  readonly evenIfMoved?: boolean
  /** Works where a secret is missing, too: for whoever drops it. Default not. */
  readonly evenIfSecretMissing?: boolean
  /** Works on a restored backup, too. Default not. */
  readonly evenIfOlder?: boolean
  /** Milliseconds since 1970. Default the wall clock. */
  readonly nowMs?: () => number
}

export interface Administration extends Administrations {
  readonly issuer: string
  readonly algorithm: AccessTokenAlgorithm
  readonly data: DataAdministration
  readonly secrets: SecretAdministration
  /** The secret that one API verifies its tokens with, where several have one each (P1). */
  audienceSecret(audience: string): AudienceSecretResult
  close(): Promise<void>
}

/** @throws {StartError} as a start of the server with the same settings */
export async function openAdministration(options: AdministrationOptions = {}): Promise<Administration> {
  const { environment = process.env, directory = process.cwd(), nowMs = Date.now } = options
  const { evenIfMoved = false, evenIfOlder = false, evenIfSecretMissing = false } = options
  try {
    const { issuer: given, port, server } = configFromEnvironment(environment, { directory })
    const config = checkConfig({ ...server, issuer: given ?? `http://127.0.0.1:${port}` })
    const store = await openStore(config.database, {
      evenIfMoved,
      evenIfOlder,
      changesFile: config.changesFile,
    })
    try {
      const secrets = deriveServerSecrets(config.secrets)
      const registered = await store.secrets.list()
      if (!evenIfSecretMissing) refuseSecrets(registered, secrets)
      secrets.follow(registered)
      const longest = await store.longestAccessTokenSeconds(config.accessTokenSeconds)
      const { issuer, audiences, algorithm } = config
      const shared = { store, keepSeconds: longest + keepMarginSeconds, nowMs }
      const parts = createAdministrations({
        ...shared,
        secrets,
        issuer,
        audience: audiences[0],
        hasher: createHasher({ parameters: config.hash }),
        breached: createBreachedPasswords({ address: config.breachAddress, log: config.log }),
        verifierSeconds,
      })
      const data = createDataAdministration({ ...shared, secrets })
      const own = { data, secrets: createSecretAdministration(shared), close: () => store.close() }
      const audienceSecret: Administration['audienceSecret'] = (name) => readAudienceSecret(config, name)
      return { issuer, algorithm, audienceSecret, ...parts, ...own }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    throw isStartError(error) ? inEnvironmentNames(error) : error
  }
}
