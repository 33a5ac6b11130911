/** Which pages may call the server: exact origins only (Fetch §3.3). */
import type { Answer } from './answer.ts'
import type { Incoming } from './incoming.ts'

export interface Cors {
  /** Headers of every answer to a request with this `Origin`. */
  headersFor(origin: string | null): Readonly<Record<string, string>>
  /** The answer to a preflight, or undefined when the request is none or its origin is not listed. */
  preflight(request: Incoming, methods: readonly string[]): Answer | undefined
}

const exposed = 'WWW-Authenticate, Retry-After, Date'
const allowedHeaders = 'Authorization, Content-Type, Idempotency-Key, Tessera-Transport'
const maxAgeSeconds = 600

export function createCors(origins: ReadonlySet<string>): Cors {
  const none = origins.size === 0 ? {} : { vary: 'Origin' }
  const prepared = new Map(
    [...origins].map((origin) => [
      origin,
      {
        vary: 'Origin',
        'access-control-allow-origin': origin,
        // Cookie mode. What a cookie can do is for `routes/transport.ts` to say.
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': exposed,
      },
    ]),
  )
  return {
    headersFor: (origin) => (origin === null ? none : (prepared.get(origin) ?? none)),
    preflight: (request, methods) => {
      const origin = request.headers.get('origin')
      if (request.method !== 'OPTIONS' || origin === null || !origins.has(origin)) return undefined
      if (request.headers.get('access-control-request-method') === null) return undefined
      const headers = {
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': String(maxAgeSeconds),
      }
      return { status: 204, headers, body: null }
    },
  }
}
