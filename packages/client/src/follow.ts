/** Follows redirects where the platform's own way is not to be relied on with a token in the header. */

export interface Hop {
  readonly url: URL
  /** What is sent: the address, or the caller's `Request` at the first hop. */
  readonly target: string | Request
  readonly init: RequestInit & { readonly headers: Headers }
  /** The caller's `Request`, whose method and body count where `init` has none. */
  readonly request: Request | null
  readonly fetch: typeof globalThis.fetch
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const maxHops = 20

/**
 * Sends a request and follows its redirects by the Fetch standard ("HTTP-redirect fetch"): the token goes along only
 * while the origin stays the same, and never comes back once it was dropped.
 *
 * @throws {TypeError} like `fetch`: more than 20 redirects, an address that is not http, a stream that would have to
 *   be sent again.
 */
export async function follow(first: Hop): Promise<Response> {
  let hop = first
  for (let hops = 0; hops <= maxHops; hops++) {
    const response = await hop.fetch(hop.target, { ...hop.init, redirect: 'manual' })
    const location = response.headers.get('location')
    if (!redirects.has(response.status) || location === null) return response
    void response.body?.cancel().catch(() => {})
    hop = nextHop(hop, { status: response.status, url: new URL(location, hop.url) })
  }
  throw new TypeError(`fetch: expected at most ${maxHops} redirects, got more`)
}

function nextHop(hop: Hop, redirect: { readonly status: number; readonly url: URL }): Hop {
  const { status, url } = redirect
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('fetch: expected a redirect to an http address')
  }
  const headers = new Headers(hop.init.headers)
  if (url.origin !== hop.url.origin) {
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name)
  }
  const method = hop.init.method?.toUpperCase() ?? hop.request?.method ?? 'GET'
  const signal = hop.init.signal ?? hop.request?.signal ?? null
  const init = { ...hop.init, headers, method, signal }
  const next = { url, target: url.href, request: null, fetch: hop.fetch }
  if (becomesGet(status, method)) {
    for (const name of [
      'content-type',
      'content-length',
      'content-encoding',
      'content-language',
      'content-location',
    ]) {
      headers.delete(name)
    }
    return { ...next, init: { ...init, method: 'GET', body: null } }
  }
  const body = hop.init.body ?? hop.request?.body ?? null
  if (body instanceof ReadableStream) {
    throw new TypeError(`fetch: expected a body that can be sent again to follow a ${status}, got a stream`)
  }
  return { ...next, init }
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
