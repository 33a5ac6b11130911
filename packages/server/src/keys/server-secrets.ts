/**
 * Server secrets: each is used only through HKDF (RFC 5869), one label per purpose, and is known by a `kid` that its
 * own bytes determine. The store registers them, so that a start with a secret missing is told from one with none.
 */
import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { StartError } from '../start-error.ts'
import type { SecretStore } from '../store/store.ts'

/** What is derived from one secret. */
export interface ServerSecret {
  readonly kid: string
  /** Tells two secrets of one kid apart; kept in the store. */
  readonly checkValue: string
  /** Wraps signing keys. */
  readonly keyEncryptionKey: KeyObject
  /** Makes the MAC of refresh tokens. */
  readonly refreshKey: KeyObject
  /** Bundles of data are encrypted under keys of it. */
  readonly bundleKey: KeyObject
  /** Marks access tokens that this server made, where API servers hold the signing secret too (P1). */
  readonly sealKey: KeyObject
  /** Makes the MAC of what a known device is recognised by (P15). */
  readonly deviceKey: KeyObject
}

export interface ServerSecrets {
  /** What new refresh tokens and sealed keys are made with. */
  readonly newest: ServerSecret
  readonly all: readonly ServerSecret[]
  get(kid: string): ServerSecret | undefined
  /** Names stand in the throttle's buckets under this key. */
  readonly throttleKey: Buffer
}

function derive(secret: string, label: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tessera/${label}`, bytes))
}

function deriveSecret(secret: string): ServerSecret {
  return {
    kid: derive(secret, 'kid', 6).toString('base64url'),
    checkValue: derive(secret, 'check', 16).toString('base64url'),
    keyEncryptionKey: createSecretKey(derive(secret, 'kek')),
    refreshKey: createSecretKey(derive(secret, 'refresh')),
    bundleKey: createSecretKey(derive(secret, 'bundle')),
    sealKey: createSecretKey(derive(secret, 'seal')),
    deviceKey: createSecretKey(derive(secret, 'device')),
  }
}

/** Derives every key of the server from its secrets, newest first. */
export function deriveServerSecrets(texts: readonly [string, ...string[]]): ServerSecrets {
  const newest = deriveSecret(texts[0])
  const all = [newest, ...texts.slice(1).map(deriveSecret)]
  const byKid = new Map(all.map((secret) => [secret.kid, secret]))
  return { newest, all, get: (kid) => byKid.get(kid), throttleKey: derive(texts[0], 'throttle') }
}

/**
 * Compares the configured secrets with the registered ones and registers the new ones (P6).
 *
 * @returns the kids that were dropped on purpose: their refresh tokens are dead, and not merely unknown
 * @throws {StartError} `secret_missing` when one is registered and not configured, or was dropped and is configured:
 *   serving on would end sessions that nobody decided to end, or revive what somebody did
 */
export async function registerSecrets(
  store: SecretStore,
  texts: readonly string[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const configured = texts.map(deriveSecret)
  const registered = new Map((await store.list()).map((row) => [row.kid, row]))
  for (const row of registered.values()) {
    const held = configured.find(({ kid }) => kid === row.kid)
    if (row.state === 'live' && held?.checkValue !== row.checkValue) {
      throw new StartError(
        'secret_missing',
        `TESSERA_SECRETS: the secret ${row.kid}, which sessions and keys of this database depend on, is missing: add it behind the newest one`,
      )
    }
    if (row.state === 'dropped' && held !== undefined) {
      throw new StartError(
        'secret_missing',
        `TESSERA_SECRETS: the secret ${row.kid} was dropped: take it out`,
      )
    }
  }
  const createdAt = Math.floor(nowMs / 1000)
  await store.register(
    configured
      .filter(({ kid }) => !registered.has(kid))
      .map(({ kid, checkValue }) => ({ kid, checkValue, state: 'live', createdAt })),
  )
  return new Set([...registered.values()].filter(({ state }) => state === 'dropped').map(({ kid }) => kid))
}
