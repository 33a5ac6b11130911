/** `createDesk`: what the endpoints work with, made of the parts. */
import type { Accounts } from '../accounts/accounts.ts'
import { createAccounts } from '../accounts/accounts.ts'
import type { BreachedPasswords } from '../accounts/breached-passwords.ts'
import { createBreachedPasswords } from '../accounts/breached-passwords.ts'
import { withGrants } from '../accounts/grants.ts'
import type { Hasher } from '../accounts/hasher.ts'
import { createHasher } from '../accounts/hasher.ts'
import { createKnownDevices } from '../accounts/known-devices.ts'
import type { Throttle } from '../accounts/throttle.ts'
import { createThrottle, noThrottle } from '../accounts/throttle.ts'
import { createClientAuthentication } from '../clients/authenticate-client.ts'
import { createAssertions } from '../clients/client-assertion.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import { createAdminDoor } from '../routes/admin-door.ts'
import { createAdministrations } from '../routes/administrations.ts'
import type { Desk } from '../routes/desk.ts'
import { createDoor } from '../routes/door.ts'
import { createRotationMemory } from '../sessions/rotation-memory.ts'
import { createAccessTokens } from '../tokens/access-token.ts'
import { createOwnAccessTokens } from '../tokens/own-access-tokens.ts'
import { createRefreshCounts } from '../tokens/refresh-counts.ts'
import { createSessionTokens } from '../tokens/session-tokens.ts'
import { createUnknownSecretAlarm } from '../tokens/unknown-secret-alarm.ts'
import type { Internals } from './internals.ts'
import { verifierSeconds } from './keep.ts'
import type { Parts } from './parts.ts'
import { withTracedAccounts, withTracedHasher, withTracedSigning, withTracedTokens } from './tracing.ts'

export function createDesk(config: CheckedConfig, parts: Parts, internals: Internals): Desk {
  const hasher = withTracedHasher(
    internals.hasher ?? createHasher({ parameters: config.hash, sharesFairly: config.throttle === 'on' }),
  )
  const { store, secrets, registry, keys, revocations, group, keepSeconds, nowMs, clock } = parts
  const { issuer, audiences, log } = config
  const [audience] = audiences
  const accessTokens = withTracedSigning(
    createAccessTokens({
      issuer,
      audience,
      lifeSeconds: config.accessTokenSeconds,
      jitterPercent: config.accessTokenJitterPercent,
      keys,
      secrets,
      claims: config.claims,
      nowMs,
    }),
  )
  const refreshCounts = createRefreshCounts()
  const tokens = withTracedTokens(
    createSessionTokens({
      issuer,
      audiences,
      sessions: store.sessions,
      group,
      secrets,
      withCurrentSecret: registry.withCurrent,
      accessTokens,
      epoch: store.epoch,
      recoveredUntil: store.recoveredUntil,
      idleSeconds: config.refreshIdleSeconds,
      absoluteSeconds: config.refreshAbsoluteSeconds,
      graceSeconds: config.refreshGraceSeconds,
      keepSeconds,
      nowMs,
      clock,
      rotations: createRotationMemory(parts.monotonicMs),
      refreshCounts,
      alarmUnknownSecret: createUnknownSecretAlarm(log, parts.monotonicMs),
      log,
    }),
  )
  const onError = (error: unknown): void => log.error({ err: String(error) }, 'a token could not be judged')
  const doors = {
    issuer,
    audiences,
    keys,
    revocations: revocations.source,
    accessTokens,
    nowMs,
    onError,
  }
  const throttle = createThrottleOf(config, parts)
  const breached = createBreachedPasswords({ address: config.breachAddress, log })
  return {
    config,
    accounts: withTracedAccounts(createAccountsOf(config, parts, { throttle, hasher, breached })),
    breached,
    messages: parts.messages,
    throttle,
    clients: createClientAuthentication({
      clients: store.clients,
      assertions: createAssertions([issuer, `${issuer.replace(/\/$/, '')}/token`], nowMs),
      throttle,
    }),
    accessTokens,
    ownTokens: createOwnAccessTokens({ issuer, keys, accessTokens, revocations, store, nowMs }),
    tokens,
    refreshCounts,
    registry,
    door: createDoor(doors),
    adminDoor: createAdminDoor(doors),
    admin: createAdministrations({ ...parts, issuer, audience, hasher, breached, verifierSeconds }),
    store,
    revocations,
    feed: parts.feed,
    ending: (reason) => ({ atMs: nowMs(), reason, keepSeconds }),
    nowMs,
    monotonicMs: parts.monotonicMs,
  }
}

function createThrottleOf({ throttle }: CheckedConfig, { store, secrets, nowMs }: Parts): Throttle {
  if (throttle === 'off') return noThrottle
  return createThrottle({ store: store.throttle, key: secrets.throttleKey, nowMs })
}

function createAccountsOf(
  config: CheckedConfig,
  { store, secrets, decoys, keepSeconds, nowMs }: Parts,
  { throttle, hasher, breached }: { throttle: Throttle; hasher: Hasher; breached: BreachedPasswords },
): Accounts {
  const accounts = createAccounts({
    users: store.users,
    hasher,
    breached,
    decoys,
    throttle,
    devices: createKnownDevices(secrets, nowMs),
    host: new URL(config.issuer).hostname,
    authenticate: config.authenticate,
    nowMs,
  })
  const { grants } = config
  return withGrants(accounts, { users: store.users, grants, keepSeconds, nowMs })
}
