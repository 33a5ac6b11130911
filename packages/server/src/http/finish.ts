/** What every answer carries, and the one line that the log gets of each request. */
import { randomBytes } from 'node:crypto'
import type { ProblemAnswer } from '@tessera/guard'
import type { Log } from '../config/server-config.ts'
import type { Answer } from './answer.ts'
import type { Cors } from './cors.ts'
import type { Incoming } from './incoming.ts'
import { createMergeHeaders } from './merge-headers.ts'
import type { Metrics } from './metrics.ts'

/** An answer as it goes out. */
export interface FinishedAnswer {
  readonly status: number
  /** Names and values in turn, as `node:http` takes them: merging objects costs more than the rest of a short answer. */
  readonly headers: readonly string[]
  readonly body: Answer['body']
}

export interface FinishRequest {
  readonly request: Incoming
  /** The pattern that matched: the log shows it in the place of the path. */
  readonly route: string | undefined
  /** When the request came, on the clock of `performance.now`. */
  readonly startedMs: number
  /** Why the server could not do its work; for the log alone. */
  readonly error?: unknown
  /** Why it would not, with nothing wrong anywhere: it has too much to do, or was told to stop. For the log alone. */
  readonly refusal?: string
}

export type Finish = (answer: Answer, about: FinishRequest) => FinishedAnswer

export interface FinishOptions {
  readonly cors: Cors
  readonly log: Log
  readonly issuer: string
  readonly metrics: Metrics
  /** Whether the log has not just told of an error in full. */
  readonly isNews: (error: unknown) => boolean
}

/** A document of ours is data: it runs nothing, loads nothing and stands in no frame. */
const security = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

export function createFinish({ cors, log, issuer, metrics, isNews }: FinishOptions): Finish {
  const nextId = createIds()
  const mergeHeaders = createMergeHeaders(
    issuer.startsWith('https:') ? { ...security, 'strict-transport-security': 'max-age=31536000' } : security,
  )
  return ({ status, headers, body }, { request, route, startedMs, error, refusal }) => {
    const { method } = request
    const requestId = nextId()
    const seconds = (performance.now() - startedMs) / 1000
    metrics.observe({ method, route, status, seconds })
    const ms = Math.round(seconds * 10_000) / 10
    const line = { requestId, method, path: route ?? loggedPath(request.url), status, ms }
    if (refusal !== undefined) log.warn({ ...line, why: refusal }, 'request refused')
    else if (error === undefined) log.info(line, 'request')
    else log.error({ ...line, err: describe(error, isNews(error)) }, 'request failed')
    const merged = mergeHeaders(headers, cors.headersFor(request.headers.get('origin')))
    return { status, headers: [...merged, 'x-request-id', requestId], body }
  }
}

/** A refusal of what never came to be a request of the server. */
export function unfinished({ status, headers, body }: ProblemAnswer): FinishedAnswer {
  return { status, headers: Object.entries(headers).flat(), body: JSON.stringify(body) }
}

/** Unique in this process and not to be guessed across restarts: a random beginning, then a count. */
function createIds(): () => string {
  const beginning = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${beginning}-${(count++).toString(36)}`
}

/** A path that no route knows may hold anything, a token by mistake too: long parts and the query are left out. */
function loggedPath(url: string): string {
  const { pathname } = new URL(url)
  return pathname
    .split('/')
    .map((part) => (part.length > 24 ? '*' : part))
    .join('/')
    .slice(0, 200)
}

/** An error for the log: its kind and message, in full its place too. Our messages hold no secrets; causes are named by code. */
function describe(error: unknown, isInFull: boolean): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { cause } = error
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined
  return {
    type: error.name,
    message: error.message,
    ...(isInFull && { stack: error.stack }),
    ...(code !== undefined && { cause: code }),
  }
}
