/** What all endpoints share: made once, when the store is open. */
import type { Decoys } from '../accounts/decoys.ts'
import { createDecoys } from '../accounts/decoys.ts'
import type { Messages } from '../accounts/messages.ts'
import { createMessages } from '../accounts/messages.ts'
import { adminAudience } from '../config/audiences.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import type { SecretRegistry } from '../keys/secret-registry.ts'
import { joinSecretRegistry } from '../keys/secret-registry.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import { deriveServerSecrets } from '../keys/server-secrets.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { loadSigningKeys } from '../keys/signing-keys.ts'
import type { LiveRevocations } from '../sessions/live-revocations.ts'
import { createLiveRevocations } from '../sessions/live-revocations.ts'
import type { SessionGroup } from '../sessions/session-group.ts'
import { createSessionGroup } from '../sessions/session-group.ts'
import type { Store } from '../store/store.ts'
import type { RevocationFeed } from '../tokens/revocation-feed.ts'
import { createRevocationFeed } from '../tokens/revocation-feed.ts'
import type { Clocks } from './clocks.ts'
import { keepMarginSeconds, verifierSeconds } from './keep.ts'

export interface Parts extends Clocks {
  readonly store: Store
  readonly secrets: ServerSecrets
  readonly registry: SecretRegistry
  readonly keys: SigningKeys
  readonly feedKeys: SigningKeys
  readonly feed: RevocationFeed
  readonly revocations: LiveRevocations
  readonly group: SessionGroup
  readonly decoys: Decoys
  readonly messages: Messages
  readonly keepSeconds: number
}

export async function loadParts(config: CheckedConfig, store: Store, clocks: Clocks): Promise<Parts> {
  const { nowMs } = clocks
  const { issuer, audiences, algorithm, jwtSecret, accessTokenSeconds } = config
  const secrets = deriveServerSecrets(config.secrets)
  const registry = await joinSecretRegistry({ store: store.secrets, secrets, ...clocks, log: config.log })
  const keepSeconds = (await store.longestAccessTokenSeconds(accessTokenSeconds)) + keepMarginSeconds
  const shared = {
    store: store.signingKeys,
    secrets,
    issuer,
    rotateSeconds: config.keyRotationSeconds,
    keepSeconds: keepSeconds + verifierSeconds,
    nowMs,
  }
  const keys = await loadSigningKeys({
    ...shared,
    purpose: 'access',
    algorithm,
    jwtSecret,
    // The administration is one more, whose secret nobody else gets.
    ...(audiences.length > 1 && { audiences: [...audiences, adminAudience(issuer)] }),
  })
  // Keys of its own: where API servers hold the secret of access tokens, they must not be able to make a feed (P1).
  const feedKeys = await loadSigningKeys({
    ...shared,
    purpose: 'feed',
    algorithm: 'ES256',
    jwtSecret: undefined,
  })
  const { epoch } = store
  const feed = createRevocationFeed({ issuer, epoch, store: store.revocations, keys: feedKeys, nowMs })
  const revocations = createLiveRevocations(store.revocations, nowMs, feed.note)
  await revocations.follow()
  const group = createSessionGroup(store.sessions, revocations)
  const decoys = createDecoys(store.users, secrets.throttleKey)
  await decoys.follow()
  const messages = createMessages({ store, send: config.sendMessage, nowMs, log: config.log })
  const memory = { feed, revocations, group, decoys, messages }
  return { store, secrets, registry, keys, feedKeys, ...memory, keepSeconds, ...clocks }
}

/** Finishes what was accepted, and closes the store. */
export async function closeParts({ feed, group, messages, registry, store }: Parts): Promise<void> {
  feed.close()
  await messages.settled()
  await group.drain()
  await registry.leave()
  await store.close()
}
