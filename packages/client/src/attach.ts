/** Attach: puts the access token on a request, for the allowed origins and for nobody else. */
import { follow } from './follow.ts'
import type { Settings } from './options.ts'

/** A request that can be sent with a token or without, and again if its body allows. */
export interface Outgoing {
  /** Whether the token may go on this request: its origin is allowed and the caller set no `Authorization`. */
  readonly takesToken: boolean
  readonly origin: string
  /** Whether the body can be sent a second time. A stream cannot, nor the body of a `Request`, which is one. */
  readonly isReplayable: boolean
  readonly signal: AbortSignal | null
  send(accessToken: string | null): Promise<Response>
}

/** Looks at what the caller wants to send, without sending it. */
export function prepareRequest(
  input: string | URL | Request,
  init: RequestInit | undefined,
  settings: Pick<Settings, 'issuer' | 'origins' | 'fetch'>,
): Outgoing {
  const request = isRequest(input) ? input : null
  const base = globalThis.document?.baseURI ?? globalThis.location?.href ?? `${settings.issuer}/`
  const url = new URL(isRequest(input) ? input.url : input, base)
  const target = request ?? url.href
  const callerHeaders = init?.headers ?? request?.headers
  const { fetch } = settings
  return {
    takesToken: settings.origins.has(url.origin) && !new Headers(callerHeaders).has('authorization'),
    origin: url.origin,
    isReplayable: isReplayable(request, init),
    signal: init?.signal ?? request?.signal ?? null,
    send(accessToken) {
      if (accessToken === null) return fetch(target, init)
      const headers = new Headers(callerHeaders)
      headers.set('authorization', `Bearer ${accessToken}`)
      const attached = { ...init, headers }
      const redirect = init?.redirect ?? request?.redirect ?? 'follow'
      // A browser follows redirects by itself and drops the header when the origin changes (Fetch standard, HTTP-
      // redirect fetch). Elsewhere this has not always been so: there the client follows by itself.
      if (redirect !== 'follow' || isBrowser()) return fetch(target, attached)
      return follow({ url, target, init: attached, request, fetch })
    },
  }
}

function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'headers' in input
}

function isReplayable(request: Request | null, init: RequestInit | undefined): boolean {
  const body = init?.body
  if (body !== undefined && body !== null) return !isStream(body)
  if (request === null) return true
  const method = init?.method ?? request.method
  return request.body === null || method === 'GET' || method === 'HEAD'
}

function isStream(body: NonNullable<RequestInit['body']>): boolean {
  return typeof body === 'object' && ('getReader' in body || Symbol.asyncIterator in body)
}

/** Only browsers, their workers included, name themselves so; Node, Deno, Bun and workerd use their own names. */
function isBrowser(): boolean {
  return globalThis.navigator?.userAgent?.startsWith('Mozilla/') ?? false
}
