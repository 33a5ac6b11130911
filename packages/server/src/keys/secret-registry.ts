/**
 * A process among others: it says which secrets it holds, and makes nothing with one that another lacks (P6). A rolling change
 * of configuration signs nobody out, in whatever order it goes: until every process has the new secret, the old one is used.
 */
import { randomBytes } from 'node:crypto'
import type { Log } from '../config/server-config.ts'
import { currentSecret } from '../store/secret-turn.ts'
import { StoreError } from '../store/store-error.ts'
import type { SecretStore } from '../store/store.ts'
import { missingSecrets, refuseSecrets } from './registered-secrets.ts'
import type { ServerSecrets } from './server-secrets.ts'

export interface SecretRegistry {
  /** Says that this process lives, and follows what the registry says. */
  beat(): Promise<void>
  /**
   * Does what makes something with the secret in use. It waits, where this process was silent for so long that others may have
   * given it up; and where that secret was dropped before this process heard of it, the store refuses, and it is done once more
   * with the one that is in use then.
   */
  withCurrent<T>(work: () => Promise<T>): Promise<T>
  /** Secrets in use that this process does not hold: a fault of its configuration. */
  readonly missing: readonly string[]
  /** The secret that this process prefers waits for processes that lack it. */
  readonly isWaiting: boolean
  /** Nobody waits for this process any more. */
  leave(): Promise<void>
}

export interface SecretRegistryOptions {
  readonly store: SecretStore
  readonly secrets: ServerSecrets
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly log: Log
}

/** How often a process says that it lives, and after how long a silence it counts as dead. */
export const beatMs = 5000
const lifeMs = 30_000

/** @throws {StartError} `secret_missing` */
export async function joinSecretRegistry(options: SecretRegistryOptions): Promise<SecretRegistry> {
  const { store, secrets, nowMs, monotonicMs, log } = options
  const processId = randomBytes(16).toString('base64url')
  let missing: readonly string[] = []
  let isWaiting = false
  let heardAt = { wallMs: -Infinity, monotonicMs: -Infinity }
  let beating: Promise<void> | undefined

  const send = async (admit: Parameters<SecretStore['beat']>[0]['admit']): Promise<void> => {
    const sentAt = { wallMs: nowMs(), monotonicMs: monotonicMs() }
    const held = secrets.all.map(({ kid, checkValue }) => ({ kid, checkValue }))
    const rows = await store.beat({ processId, secrets: held, nowMs: sentAt.wallMs, lifeMs, admit })
    secrets.follow(rows)
    isWaiting = currentSecret(rows)?.kid !== secrets.newest.kid
    const lacking = missingSecrets(rows, secrets).map(({ kid }) => kid)
    // Once, and not at every beat: `/metrics` says it for as long as it lasts.
    const isChanged = lacking.join() !== missing.join()
    missing = lacking
    if (isChanged && missing.length > 0)
      log.error({ kids: missing }, 'a server secret is in use that this process lacks')
    heardAt = sentAt
  }
  const beat = (): Promise<void> => {
    beating ??= send(() => undefined).finally(() => (beating = undefined))
    return beating
  }
  const isSilent = (): boolean =>
    Math.max(Math.abs(nowMs() - heardAt.wallMs), monotonicMs() - heardAt.monotonicMs) >= lifeMs

  const known = await store.list()
  refuseSecrets(known, secrets)
  secrets.follow(known)
  try {
    await send((rows) => refuseSecrets(rows, secrets))
  } catch (error) {
    // A store that was handed over, or that is full, is served as it is: what must be written is answered with 503.
    if (!(error instanceof StoreError) || known.length === 0) throw error
    log.warn({ err: error.message }, 'the server secrets could not be registered: it will be tried again')
  }
  return {
    beat,
    withCurrent: async (work) => {
      if (isSilent()) await beat()
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof StoreError && error.isOfDroppedSecret)) throw error
        // One that is under way may have looked before the drop.
        await beating?.catch(() => undefined)
        await beat()
        return work()
      }
    },
    get missing() {
      return missing
    },
    get isWaiting() {
      return isWaiting
    },
    leave: () => store.leave(processId).catch(() => undefined),
  }
}
