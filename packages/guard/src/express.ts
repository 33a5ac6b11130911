/** `@tessera/guard/express`: the guard as a middleware for Express 4.18 and later. */
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { authenticateOf, guardFrom } from './guard.ts'
import type { Auth, Guard, GuardResult } from './guard.ts'
import { answerProblem } from './node-answer.ts'
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
  const authenticate = authenticateOf(guardFrom(guardOrOptions))
  return (req, res, next) => {
    const result = authenticate({ method: req.method, url: req.originalUrl, headers: headersOf(req) })
    // Express 4 does not see a rejected promise.
    if (result instanceof Promise) void result.then((later) => pass(later, { req, res, next }), next)
    else pass(result, { req, res, next })
  }
}

interface Exchange {
  readonly req: Request
  readonly res: Response
  readonly next: NextFunction
}

function pass(result: GuardResult, { req, res, next }: Exchange): void {
  if (!result.ok) {
    answerProblem(res, result)
    return
  }
  req.auth = result.auth
  next()
}
