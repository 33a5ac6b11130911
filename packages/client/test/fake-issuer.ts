/** A token server made of one fetch function, with the refresh rules of the real one and faults on request. */

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly authorization: string | null
  readonly idempotencyKey: string | null
  readonly body: string
}

/** What a fault does to the next requests of a path: drop them unseen, lose the reply, or answer instead. */
export type Fault = 'unreachable' | 'reply lost' | (() => Response)

export interface FakeIssuer {
  readonly fetch: typeof globalThis.fetch
  readonly seen: SeenRequest[]
  /** The requests of a path, in order. */
  to(path: string): SeenRequest[]
  /** The next `times` requests of a path meet this fault. */
  fail(path: string, fault: Fault, times?: number): void
  /** Replies of a path wait until the returned function is called. */
  hold(path: string): () => void
  /** Access tokens of this and earlier refreshes are refused from now on. */
  expireAccessTokens(): void
  endSession(): void
  readonly rotations: () => number
}

export const issuerUrl = 'https://id.example'
export const lifeSeconds = 100

export function createFakeIssuer(): FakeIssuer {
  const seen: SeenRequest[] = []
  const faults = new Map<string, Fault[]>()
  const holds = new Map<string, Promise<void>>()
  let session = { id: 's0', generation: 0, alive: false, lastKey: null as string | null }
  let logins = 0
  let goodFrom = 0
  let issued = 0
  let rotations = 0

  function tokens(status: number, isLogin = false): Response {
    issued++
    return Response.json(
      {
        access_token: `at.${issued}`,
        token_type: 'Bearer',
        expires_in: lifeSeconds,
        refresh_token: `rt.${session.generation}`,
        refresh_expires_in: 1_209_600,
        scope: 'account',
        session_id: session.id,
        ...(isLogin && { device_secret: `dv.${logins}` }),
      },
      { status },
    )
  }

  function refresh(form: URLSearchParams, key: string | null): Response {
    const generation = Number(form.get('refresh_token')?.slice(3))
    const refused = (code: string): Response =>
      Response.json(
        { error: 'invalid_grant', code, error_description: 'The refresh token is over.' },
        { status: 400 },
      )
    if (!session.alive) return refused('revoked')
    if (generation === session.generation) {
      session = { ...session, generation: generation + 1, lastKey: key }
      rotations++
      return tokens(200)
    }
    // A replay of the previous generation is the owner's only with the retry key of the rotation.
    if (generation === session.generation - 1 && key !== null && key === session.lastKey) return tokens(200)
    session.alive = false
    return refused('replayed')
  }

  function me(authorization: string | null): Response {
    if (authorization === null) return problem(401, 'token_missing', 'Bearer')
    const number = Number(authorization.slice('Bearer at.'.length))
    if (!session.alive) return problem(401, 'revoked', 'Bearer error="invalid_token"')
    if (!(number > goodFrom)) return problem(401, 'expired', 'Bearer error="invalid_token"')
    return Response.json({ sub: 'u1' })
  }

  function answer(request: SeenRequest): Response {
    const { pathname } = new URL(request.url)
    if (pathname === '/login' || pathname === '/signup') {
      if (!request.body.includes('right horse')) return problem(401, 'credentials_invalid')
      session = { id: `s${++logins}`, generation: 0, alive: true, lastKey: null }
      return tokens(pathname === '/login' ? 200 : 201, true)
    }
    if (pathname === '/token') return refresh(new URLSearchParams(request.body), request.idempotencyKey)
    if (pathname === '/logout') {
      session.alive = false
      return new Response(null, { status: 204 })
    }
    return me(request.authorization)
  }

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const sent = new Request(input, init)
    sent.signal.throwIfAborted()
    const { pathname } = new URL(sent.url)
    const request = {
      method: sent.method,
      url: sent.url,
      authorization: sent.headers.get('authorization'),
      idempotencyKey: sent.headers.get('idempotency-key'),
      body: await sent.text(),
    }
    seen.push(request)
    const fault = faults.get(pathname)?.shift()
    if (fault === 'unreachable') throw new TypeError('fetch failed')
    const response = typeof fault === 'function' ? fault() : answer(request)
    await holds.get(pathname)
    if (fault === 'reply lost') throw new TypeError('terminated')
    return response
  }

  return {
    fetch,
    seen,
    to: (path) => seen.filter((request) => new URL(request.url).pathname === path),
    fail(path, fault, times = 1) {
      faults.set(path, [...(faults.get(path) ?? []), ...Array.from({ length: times }, () => fault)])
    },
    hold(path) {
      let open = (): void => {}
      holds.set(path, new Promise((resolve) => (open = resolve)))
      return () => {
        holds.delete(path)
        open()
      }
    },
    expireAccessTokens() {
      goodFrom = issued
    },
    endSession() {
      session.alive = false
    },
    rotations: () => rotations,
  }
}

export function problem(
  status: number,
  code: string,
  challenge?: string,
  headers: HeadersInit = {},
): Response {
  const all = new Headers(headers)
  all.set('content-type', 'application/problem+json')
  if (challenge !== undefined) all.set('www-authenticate', challenge)
  return new Response(JSON.stringify({ status, code, title: code, detail: `Told: ${code}.` }), {
    status,
    headers: all,
  })
}
