/**
 * Server secrets: each is used only through HKDF (RFC 5869), one label per purpose, and is known by a `kid` that its
 * own bytes determine. The store registers them, so that a start with a secret missing is told from one with none.
 */
import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { currentSecret } from '../store/secret-turn.ts'
import type { SecretRow } from '../store/store.ts'

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
  /** The first of the configured ones. */
  readonly newest: ServerSecret
  /**
   * What new refresh tokens, seals and sealed keys are made with: the one that every live process holds (P6).
   *
   * @throws {NoUsableSecret}
   */
  readonly current: ServerSecret
  readonly all: readonly ServerSecret[]
  get(kid: string): ServerSecret | undefined
  /** Whether a secret was dropped on purpose: its refresh tokens are dead, and not merely unknown. */
  isDropped(kid: string): boolean
  /** Takes in what the registry says. Until then the newest one is the current one. */
  follow(registered: readonly SecretRow[]): void
  /** Names stand in the throttle's buckets under this key. */
  readonly throttleKey: Buffer
}

/** Every secret that this process holds was dropped, or is unknown to others: it can make nothing. */
export class NoUsableSecret extends Error {
  override readonly name = 'NoUsableSecret'
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
  let current: ServerSecret | undefined = newest
  let dropped: ReadonlySet<string> = new Set()
  return {
    newest,
    all,
    get current() {
      if (current === undefined) throw new NoUsableSecret('expected a server secret that is in use, got none')
      return current
    },
    get: (kid) => byKid.get(kid),
    isDropped: (kid) => dropped.has(kid),
    follow: (registered) => {
      const inUse = currentSecret(registered)
      if (registered.length > 0) current = inUse && byKid.get(inUse.kid)
      dropped = new Set(registered.filter(({ state }) => state === 'dropped').map(({ kid }) => kid))
    },
    throttleKey: derive(texts[0], 'throttle'),
  }
}
