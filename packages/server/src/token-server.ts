/** `createTokenServer`: puts the rooms together. One store, one group commit, one memory of revocations. */
import type { Accounts } from './accounts/accounts.ts'
import { createAccounts } from './accounts/accounts.ts'
import type { Decoys } from './accounts/decoys.ts'
import { createDecoys } from './accounts/decoys.ts'
import type { Hasher } from './accounts/hasher.ts'
import { createHasher } from './accounts/hasher.ts'
import { createKnownDevices } from './accounts/known-devices.ts'
import type { Messages } from './accounts/messages.ts'
import { createMessages } from './accounts/messages.ts'
import type { Throttle } from './accounts/throttle.ts'
import { createThrottle, noThrottle } from './accounts/throttle.ts'
import type { App, Fallback, RequestInfo } from './app.ts'
import { createApp } from './app.ts'
import { createClientAuthentication } from './clients/authenticate-client.ts'
import { createAssertions } from './clients/client-assertion.ts'
import type { CheckedConfig } from './config/check-config.ts'
import { checkConfig } from './config/check-config.ts'
import type { ServerConfig } from './config/server-config.ts'
import { waitProblem } from './http/answer.ts'
import type { FinishedAnswer } from './http/finish.ts'
import { unfinished } from './http/finish.ts'
import type { Incoming } from './http/incoming.ts'
import { fromWebRequest, toWebResponse } from './http/web.ts'
import type { SecretRegistry } from './keys/secret-registry.ts'
import { beatMs, joinSecretRegistry } from './keys/secret-registry.ts'
import type { ServerSecrets } from './keys/server-secrets.ts'
import { deriveServerSecrets } from './keys/server-secrets.ts'
import type { SigningKeys } from './keys/signing-keys.ts'
import { loadSigningKeys } from './keys/signing-keys.ts'
import { createAdminDoor } from './routes/admin-door.ts'
import { createAdministrations } from './routes/administrations.ts'
import type { Desk } from './routes/desk.ts'
import { createDoor } from './routes/door.ts'
import { createCleanUp } from './sessions/clean-up.ts'
import type { ClockWatch } from './sessions/clock-watch.ts'
import { createClockWatch } from './sessions/clock-watch.ts'
import type { LiveRevocations } from './sessions/live-revocations.ts'
import { createLiveRevocations } from './sessions/live-revocations.ts'
import { createRotationMemory } from './sessions/rotation-memory.ts'
import type { SessionGroup } from './sessions/session-group.ts'
import { createSessionGroup } from './sessions/session-group.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'
import { createAccessTokens } from './tokens/access-token.ts'
import type { RevocationFeed } from './tokens/revocation-feed.ts'
import { createRevocationFeed } from './tokens/revocation-feed.ts'
import { createOwnAccessTokens } from './tokens/own-access-tokens.ts'
import { createRefreshCounts } from './tokens/refresh-counts.ts'
import { createSessionTokens } from './tokens/session-tokens.ts'

export interface TokenServer {
  /** Answers one request. Never rejects. Waits until the server is ready. */
  handle(request: Request, info?: RequestInfo): Promise<Response>
  /** Resolves when the store is open and the keys are loaded. @throws {StartError} when that cannot be */
  readonly ready: Promise<void>
  /** Finishes what was accepted and closes the store. */
  close(): Promise<void>
}

/** What tests put in the place of the machine's own: the clock, the store, the hasher. */
export interface Internals {
  /** Milliseconds since 1970. Default the wall clock. */
  readonly nowMs?: () => number
  /** Milliseconds on a clock that nobody sets. Default `nowMs` where that is given, else the machine's own. */
  readonly monotonicMs?: () => number
  readonly hasher?: Hasher
  readonly openStore?: (config: CheckedConfig) => Promise<Store>
  readonly fallback?: Fallback
}

/** How soon what another process revoked is refused here. */
const followMs = 500
const sampleMs = 600_000
const cleanUpMs = 60_000

/** A token outlives its entry in the feed by no clock tolerance of ours. */
export const keepMarginSeconds = 60

/** A verifier keeps keys for five minutes, and follows the feed with a delay of one at most. */
export const verifierSeconds = 360

/** How soon a key that another process made or called back is known here. */
const followKeysMs = 1000

/**
 * Makes a token server for a route of an application: `handle` takes a `Request` and gives a `Response`.
 *
 * @throws {StartError} `config_invalid` at once; what goes wrong later rejects `ready`
 */
export function createTokenServer(config: ServerConfig, { openStore }: TokenServerOptions = {}): TokenServer {
  return createTokenServerWith(config, openStore === undefined ? {} : { openStore })
}

export interface TokenServerOptions {
  /**
   * Opens a store of your own, in the place of the configured database: one that passes `@tessera/server/store-contract`.
   * The server closes it.
   */
  readonly openStore?: () => Promise<Store>
}

/** What the stand-alone server asks of a token server beside that. */
export interface StreamingTokenServer extends TokenServer {
  /** What `handle` does, without a `Request` and a `Response`; at once where nothing has to be waited for. */
  answer: App
  /** Ends what never ends by itself, so that whoever waits for the last answer is not kept waiting. */
  endStreams(): void
}

export function createTokenServerWith(config: ServerConfig, internals: Internals): StreamingTokenServer {
  const checked = checkConfig(config)
  let running: Running | undefined
  let inFlight = 0
  let onIdle: (() => void) | undefined
  const ready = open(checked, internals).then((opened) => void (running = opened))
  // Whoever awaits `ready` is told; whoever does not gets 503 answers, and a line in the log for each.
  let fault: unknown
  const settled = ready.catch((error: unknown) => void (fault = error))
  const answerLater = async (request: Incoming, info: RequestInfo): Promise<FinishedAnswer> => {
    await settled
    if (running !== undefined) return running.app(request, info)
    const err = fault instanceof Error ? fault.message : 'closed'
    checked.log.error({ err }, 'the token server is not running')
    return notRunning
  }
  const answer = (request: Incoming, info: RequestInfo): FinishedAnswer | Promise<FinishedAnswer> => {
    const answered = running === undefined ? answerLater(request, info) : running.app(request, info)
    if (!(answered instanceof Promise)) return answered
    inFlight += 1
    return answered.finally(() => {
      inFlight -= 1
      if (inFlight === 0) onIdle?.()
    })
  }
  return {
    ready,
    answer,
    handle: async (request, info = {}) => {
      const answered = toWebResponse(await answer(fromWebRequest(request), info))
      return request.method === 'HEAD' ? new Response(null, answered) : answered
    },
    endStreams: () => running?.endStreams(),
    close: async () => {
      await settled
      running?.endStreams()
      if (inFlight > 0) await new Promise<void>((resolve) => (onIdle = resolve))
      await running?.close()
      running = undefined
    },
  }
}

const notRunning: FinishedAnswer = unfinished(waitProblem('unavailable', 'the server is not running', 30))

interface Running {
  readonly app: App
  endStreams(): void
  close(): Promise<void>
}

async function open(config: CheckedConfig, internals: Internals): Promise<Running> {
  const { openStore = openDefaultStore, fallback } = internals
  const store = await openStore(config)
  try {
    const parts = await load(config, store, clocksOf(internals))
    const desk = createDesk(config, parts, internals)
    const { keys, feedKeys } = parts
    const app = createApp({ desk, keys, feedKeys, ...(fallback !== undefined && { fallback }) })
    const stopChores = startChores(config, parts)
    return { app, endStreams: () => parts.feed.close(), close: () => close(parts, stopChores) }
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Clocks {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly clock: ClockWatch
}

function clocksOf({ nowMs, monotonicMs = nowMs ?? (() => performance.now()) }: Internals): Clocks {
  const wallMs = nowMs ?? Date.now
  return { nowMs: wallMs, monotonicMs, clock: createClockWatch({ nowMs: wallMs, monotonicMs }) }
}

function openDefaultStore({ database, changesFile }: CheckedConfig): Promise<Store> {
  return openStore(database, { changesFile })
}

interface Parts extends Clocks {
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

async function load(config: CheckedConfig, store: Store, clocks: Clocks): Promise<Parts> {
  const { nowMs } = clocks
  const { issuer, algorithm, jwtSecret, accessTokenSeconds } = config
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
  const keys = await loadSigningKeys({ ...shared, purpose: 'access', algorithm, jwtSecret })
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

function createDesk(config: CheckedConfig, parts: Parts, internals: Internals): Desk {
  const { hasher = createHasher({ sharesFairly: config.throttle === 'on' }) } = internals
  const { store, secrets, registry, keys, revocations, group, keepSeconds, nowMs, clock } = parts
  const { issuer, audience, log } = config
  const accessTokens = createAccessTokens({
    issuer,
    audience,
    lifeSeconds: config.accessTokenSeconds,
    keys,
    secrets,
    claims: config.claims,
    nowMs,
  })
  const refreshCounts = createRefreshCounts()
  const tokens = createSessionTokens({
    issuer,
    audience,
    sessions: store.sessions,
    group,
    secrets,
    ensureSecrets: registry.ensureCurrent,
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
    log,
  })
  const onError = (error: unknown): void => log.error({ err: String(error) }, 'a token could not be judged')
  const doors = {
    issuer,
    audience,
    keys,
    revocations: revocations.source,
    accessTokens,
    nowMs,
    onError,
  }
  const throttle = createThrottleOf(config, parts)
  return {
    config,
    accounts: createAccountsOf(config, parts, { throttle, hasher }),
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
    admin: createAdministrations({ ...parts, issuer, audience, hasher, verifierSeconds }),
    store,
    revocations,
    feed: parts.feed,
    ending: (reason) => ({ atMs: nowMs(), reason, keepSeconds }),
    nowMs,
  }
}

function createThrottleOf({ throttle }: CheckedConfig, { store, secrets, nowMs }: Parts): Throttle {
  if (throttle === 'off') return noThrottle
  return createThrottle({ store: store.throttle, key: secrets.throttleKey, nowMs })
}

function createAccountsOf(
  config: CheckedConfig,
  { store, secrets, decoys, nowMs }: Parts,
  { throttle, hasher }: { throttle: Throttle; hasher: Hasher },
): Accounts {
  return createAccounts({
    users: store.users,
    hasher,
    decoys,
    throttle,
    devices: createKnownDevices(secrets, nowMs),
    host: new URL(config.issuer).hostname,
    authenticate: config.authenticate,
    nowMs,
  })
}

/** What goes on beside the requests. Neither keeps the process alive. */
function startChores(
  { log, auditSeconds }: CheckedConfig,
  { store, registry, keys, feedKeys, revocations, decoys, nowMs, clock }: Parts,
): () => void {
  const every = (ms: number, name: string, chore: () => Promise<void>): NodeJS.Timeout =>
    setInterval(() => {
      chore().catch((error: unknown) =>
        log.warn({ err: String(error) }, `${name} failed: it will be tried again`),
      )
    }, ms).unref()
  const follower = every(followMs, 'reading revocations', () => {
    // Looked at in passing, so that a step of the clock is known before the first request after it.
    clock.read()
    return revocations.follow()
  })
  const keeper = every(followKeysMs, 'following the signing keys', async () => {
    await keys.follow()
    await feedKeys.follow()
  })
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

async function close(
  { feed, group, messages, registry, store }: Parts,
  stopChores: () => void,
): Promise<void> {
  stopChores()
  feed.close()
  await messages.settled()
  await group.drain()
  await registry.leave()
  await store.close()
}
