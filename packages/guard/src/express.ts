/** `@tessera/guard/express`: the guard as a middleware for Express 4.18 and later. */
import type { RequestHandler } from 'express'
import { guardFrom } from './guard.ts'
import type { Auth, Guard, GuardResult } from './guard.ts'
import { headersOf } from './node-request.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'

declare global {
  namespace Express {
    interface Request {
      /** Set by the guard on a request that it let in. */
      auth?: Auth
    }
  }
}

/**
 * Makes a middleware that lets requests with a good token through and sets `req.auth`: `app.use(guard({ … }))` or
 * `app.get('/orders', guard({ … }), route)`. Takes a guard made by `createGuard` too, to share its keys.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`
 */
export function guard(guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions): RequestHandler {
  const door = guardFrom(guardOrOptions)
  return async (req, res, next) => {
    let result: GuardResult
    try {
      result = await door.authenticate({ method: req.method, url: req.originalUrl, headers: headersOf(req) })
    } catch (error) {
      // Express 4 does not see a rejected promise.
      next(error)
      return
    }
    if (result.ok) {
      req.auth = result.auth
      next()
      return
    }
    res.statusCode = result.status
    for (const [name, value] of Object.entries(result.headers)) {
      // What the application exposes to other origins is its own choice.
      if (name !== 'access-control-expose-headers' || !res.hasHeader(name)) res.setHeader(name, value)
    }
    // Not `send`, which would add a charset that JSON does not have and an ETag.
    res.end(JSON.stringify(result.body))
  }
}
