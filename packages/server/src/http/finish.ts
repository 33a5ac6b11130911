/** What every answer carries, and the one line that the log gets of each request. */
import { randomBytes } from 'node:crypto'
import type { Log } from '../config/server-config.ts'
import type { Answer } from './answer.ts'
import type { Cors } from './cors.ts'
import type { Metrics } from './metrics.ts'

export interface Finish {
  /** @param route The pattern that matched: the log shows it in the place of the path. */
  begin(request: Request, route: string | undefined): FinishExchange
}

export interface FinishExchange {
  /** @param error Why the server could not do its work; for the log alone. */
  answer(answer: Answer, error?: unknown): Response
}

export interface FinishOptions {
  readonly cors: Cors
  readonly log: Log
  readonly issuer: string
  readonly metrics: Metrics
}

/** A document of ours is data: it runs nothing, loads nothing and stands in no frame. */
const security = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

export function createFinish({ cors, log, issuer, metrics }: FinishOptions): Finish {
  const nextId = createIds()
  const always: Readonly<Record<string, string>> = issuer.startsWith('https:')
    ? { ...security, 'strict-transport-security': 'max-age=31536000' }
    : security
  return {
    begin: (request, route) => {
      const startedMs = performance.now()
      const id = nextId()
      return {
        answer: ({ status, headers, body }, error) => {
          const seconds = (performance.now() - startedMs) / 1000
          metrics.observe({ method: request.method, route, status, seconds })
          const line = {
            requestId: id,
            method: request.method,
            path: route ?? loggedPath(request.url),
            status,
            ms: Math.round(seconds * 10_000) / 10,
          }
          if (error === undefined) log.info(line, 'request')
          else log.error({ ...line, err: describe(error) }, 'request failed')
          const origin = request.headers.get('origin')
          return new Response(body, {
            status,
            // Ours last: the guard exposes headers of its own, and fewer.
            headers: { ...always, ...headers, ...cors.headersFor(origin), 'x-request-id': id },
          })
        },
      }
    },
  }
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

/** An error for the log: its kind, message and place. Our messages hold no secrets; causes are named by code. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { cause } = error
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code !== undefined && { cause: code }),
  }
}
