/** The configured secrets held against the registered ones (P6). */
import { StartError } from '../start-error.ts'
import type { SecretRow } from '../store/store.ts'
import type { ServerSecrets } from './server-secrets.ts'

/** Secrets that sessions and keys may depend on and that are not configured. One that was never in use is not missed. */
export function missingSecrets(
  registered: readonly SecretRow[],
  secrets: ServerSecrets,
): readonly SecretRow[] {
  return registered.filter(
    ({ kid, checkValue, state, turn }) =>
      state === 'live' && turn > 0 && secrets.get(kid)?.checkValue !== checkValue,
  )
}

/**
 * @throws {StartError} `secret_missing` when one is registered and not configured, or was dropped and is configured: serving
 *   on would end sessions that nobody decided to end, or revive what somebody did
 */
export function refuseSecrets(registered: readonly SecretRow[], secrets: ServerSecrets): void {
  const [missing] = missingSecrets(registered, secrets)
  if (missing !== undefined) {
    throw new StartError(
      'secret_missing',
      `TESSERA_SECRETS: the secret ${missing.kid}, which sessions and keys of this database depend on, is missing: add it behind the newest one`,
    )
  }
  const dropped = registered.find(({ kid, state }) => state === 'dropped' && secrets.get(kid) !== undefined)
  if (dropped !== undefined) {
    throw new StartError(
      'secret_missing',
      `TESSERA_SECRETS: the secret ${dropped.kid} was dropped: take it out`,
    )
  }
}
