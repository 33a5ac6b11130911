/** `createTokenServer`: puts the rooms together. One store, one group commit, one memory of revocations. */
import { createApp } from './app.ts'
import type { CheckedConfig } from './config/check-config.ts'
import { checkConfig } from './config/check-config.ts'
import type { ServerConfig } from './config/server-config.ts'
import { waitProblem } from './http/answer.ts'
import type { FinishedAnswer } from './http/finish.ts'
import { unfinished } from './http/finish.ts'
import type { Incoming } from './http/incoming.ts'
import { fromWebRequest, toWebResponse } from './http/web.ts'
import { startChores } from './parts/chores.ts'
import { clocksOf } from './parts/clocks.ts'
import { createDesk } from './parts/create-desk.ts'
import type { Events, OnEvent } from './parts/events.ts'
import { createEvents } from './parts/events.ts'
import type { Internals } from './parts/internals.ts'
import type { Parts } from './parts/parts.ts'
import { closeParts, loadParts } from './parts/parts.ts'
import type { App } from './routes/dispatch.ts'
import type { RequestInfo } from './routes/exchange.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'

export interface TokenServer {
  /** Answers one request. Never rejects. Waits until the server is ready. */
  handle(request: Request, info?: RequestInfo): Promise<Response>
  /** Resolves when the store is open and the keys are loaded. @throws {StartError} when that cannot be */
  readonly ready: Promise<void>
  /**
   * Tells a function of what this server does (`user.created`, `session.ended`, …, or `*`), each line of its audit trail once,
   * after it is committed. Other processes on the same database tell of theirs.
   */
  readonly on: OnEvent
  /** Finishes what was accepted and closes the store. */
  close(): Promise<void>
}

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
  const events = createEvents(checked.log)
  const ready = open(checked, internals, events).then((opened) => void (running = opened))
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
    on: events.on,
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

async function open(config: CheckedConfig, internals: Internals, events: Events): Promise<Running> {
  const { openStore = openDefaultStore, fallback } = internals
  const store = await openStore(config)
  store.audit.follow?.(events.tell)
  try {
    const parts = await loadParts(config, store, clocksOf(internals))
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

function openDefaultStore({ database, changesFile }: CheckedConfig): Promise<Store> {
  return openStore(database, { changesFile })
}

async function close(parts: Parts, stopChores: () => void): Promise<void> {
  stopChores()
  await closeParts(parts)
}
