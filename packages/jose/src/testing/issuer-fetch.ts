/** An issuer's HTTP face without a network: its metadata, its JWK Set, and nothing else. */
import type { JwkSet } from '../jwk/jwk.ts'
import { badOption } from '../options.ts'

/** How the JWK Set is served at the moment. */
export interface JwksState {
  /** Why it is not: an answer of 503, or a connection that fails. */
  outage: 'status' | 'network' | undefined
  /** How long each answer takes. */
  delayMs: number
}

/** The switches of that, for a test. */
export interface JwksSwitches {
  /** The JWK Set answers 503, or the connection fails. */
  jwksDown(how?: 'status' | 'network'): void
  /** The JWK Set is served again, at once. */
  jwksUp(): void
  /** The JWK Set takes its time. */
  jwksSlow(ms: number): void
}

/** Makes the switches of a state. */
export function createJwksSwitches(state: JwksState): JwksSwitches {
  return {
    jwksDown: (how = 'status') => {
      if (how !== 'status' && how !== 'network') throw badOption('jwksDown', 'how', 'status or network', how)
      state.outage = how
    },
    jwksUp: () => {
      Object.assign(state, { outage: undefined, delayMs: 0 })
    },
    jwksSlow: (ms) => {
      if (typeof ms !== 'number' || !(ms >= 0)) throw badOption('jwksSlow', 'ms', 'milliseconds', ms)
      state.delayMs = ms
    },
  }
}

/** What is served, and where what was asked for is written down. */
export interface IssuerFace {
  readonly issuer: string
  readonly state: JwksState
  readonly requests: string[]
  jwks(): JwkSet
}

/** Where the issuer's JWK Set lies. */
function jwksUriOf(issuer: string): string {
  return new URL('/.well-known/jwks.json', issuer).href
}

/** A function like `fetch` that knows one issuer. It answers 404 to all else, and never goes out. */
export function createIssuerFetch(face: IssuerFace): typeof globalThis.fetch {
  const pages = pagesOf(face)
  return async (input, init) => {
    const request = new Request(input, init)
    face.requests.push(`${request.method} ${request.url}`)
    const page = pages.get(request.url.split(/[?#]/, 1)[0]!)
    if (page === undefined) return new Response(null, { status: 404 })
    if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } })
    return page(request)
  }
}

type Page = (request: Request) => Promise<Response>

function pagesOf(face: IssuerFace): ReadonlyMap<string, Page> {
  const { issuer } = face
  const metadata = { issuer, jwks_uri: jwksUriOf(issuer), response_types_supported: [] }
  const path = new URL(issuer).pathname.replace(/\/$/, '')
  const describe: Page = async () => Response.json(metadata)
  return new Map([
    // RFC 8414 §3.1, and OpenID Connect Discovery §4, which puts the same behind the path.
    [new URL(`/.well-known/oauth-authorization-server${path}`, issuer).href, describe],
    [new URL(`${path}/.well-known/openid-configuration`, issuer).href, describe],
    [jwksUriOf(issuer), (request: Request) => answerJwks(face, request)],
  ])
}

async function answerJwks({ state, jwks }: IssuerFace, { signal }: Request): Promise<Response> {
  if (state.delayMs > 0) await wait(state.delayMs, signal)
  if (state.outage === 'network') throw new TypeError('fetch failed')
  if (state.outage === 'status') return new Response(null, { status: 503, headers: { 'retry-after': '1' } })
  return Response.json(jwks(), { headers: { 'content-type': 'application/jwk-set+json' } })
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
