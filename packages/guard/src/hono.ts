/** `@tessera/guard/hono`: the guard as a middleware for Hono 4, on every runtime that Hono runs on. */
import type { MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { authenticateOf, guardFrom } from './guard.ts'
import type { Auth, Guard } from './guard.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'

/** What the middleware adds to the variables of a context. */
export interface GuardEnv {
  Variables: {
    /** Set by the guard on a request that it let in. */
    auth: Auth
  }
}

/**
 * Makes a middleware that lets requests with a good token through and sets `c.get('auth')`: `app.use('/api/*',
 * guard({ … }))` or `app.get('/orders', guard({ … }), route)`. Takes a guard made by `createGuard` too, to share its
 * keys.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`
 */
export function guard(
  guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions,
): MiddlewareHandler<GuardEnv> {
  const authenticate = authenticateOf(guardFrom(guardOrOptions))
  return async (c, next) => {
    const { method, url, headers } = c.req.raw
    const result = await authenticate({ method, url, headers })
    if (result.ok) {
      c.set('auth', result.auth)
      return next()
    }
    for (const [name, value] of Object.entries(result.headers)) {
      // What the application exposes to other origins is its own choice. Set one by one on the context: Hono lets
      // headers that an earlier middleware set win over those of a finished response.
      if (name !== 'access-control-expose-headers' || !c.res.headers.has(name)) c.header(name, value)
    }
    return c.body(JSON.stringify(result.body), result.status as ContentfulStatusCode)
  }
}
