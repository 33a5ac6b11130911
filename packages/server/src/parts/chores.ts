/** `startChores`: what goes on beside the requests. */
import type { CheckedConfig } from '../config/check-config.ts'
import { beatMs } from '../keys/secret-registry.ts'
import { createCleanUp } from '../sessions/clean-up.ts'
import { createChore } from './chore.ts'
import type { Parts } from './parts.ts'

/** How soon what another process revoked is refused here. */
const followMs = 500
const sampleMs = 600_000
const cleanUpMs = 60_000

/** How soon a key that another process made or called back is known here. */
const followKeysMs = 1000

/** What goes on beside the requests. Neither keeps the process alive. */
export function startChores(
  { log, auditSeconds }: CheckedConfig,
  { store, registry, keys, feedKeys, revocations, decoys, nowMs, clock }: Parts,
): () => void {
  const every = (ms: number, name: string, work: () => Promise<void>): NodeJS.Timeout => {
    const chore = createChore(log, name, work)
    return setInterval(() => void chore(), ms).unref()
  }
  const follower = every(followMs, 'reading revocations', () => {
    // Looked at in passing, so that a step of the clock is known before the first request after it.
    clock.read()
    return revocations.follow()
  })
  const followKeys = async (): Promise<void> => {
    await keys.follow()
    await feedKeys.follow()
  }
  const keeper = every(followKeysMs, 'following the signing keys', () => registry.withCurrent(followKeys))
  const heart = every(beatMs, 'telling which secrets are held', registry.beat)
  const sampler = every(sampleMs, 'looking at the kinds of hashes', () => decoys.follow())
  const cleaner = every(cleanUpMs, 'clean-up', createCleanUp({ store, clock, auditSeconds, nowMs }))
  return () => {
    clearInterval(follower)
    clearInterval(keeper)
    clearInterval(heart)
    clearInterval(sampler)
    clearInterval(cleaner)
  }
}
