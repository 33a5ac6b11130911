/** `@tessera/guard/node`: the guard for a server of `node:http`, without a framework. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticateOf, guardFrom } from './guard.ts'
import type { Auth, Guard, GuardResult } from './guard.ts'
import { answerProblem } from './node-answer.ts'
import { headersOf } from './node-request.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'

/** A listener of `createServer` that is told who asks. */
export type GuardedListener = (request: IncomingMessage, response: ServerResponse, auth: Auth) => void

/**
 * Makes a function that puts the guard before a listener: `const guarded = guard({ … })`, then
 * `createServer(guarded((request, response, auth) => { … }))`. A request that is not let in is answered and never gets
 * there. Takes a guard made by `createGuard` too, to share its keys.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`
 */
export function guard(
  guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions,
): (listener: GuardedListener) => (request: IncomingMessage, response: ServerResponse) => void {
  const authenticate = authenticateOf(guardFrom(guardOrOptions))
  return (listener) => (request, response) => {
    const { method = 'GET', url = '/' } = request
    const result = authenticate({ method, url, headers: headersOf(request) })
    if (result instanceof Promise) passLater(result, { listener, request, response })
    else pass(result, { listener, request, response })
  }
}

interface Exchange {
  readonly listener: GuardedListener
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

function pass(result: GuardResult, { listener, request, response }: Exchange): void {
  if (result.ok) listener(request, response, result.auth)
  else answerProblem(response, result)
}

/** Apart from the listener: what it closes over would be made for every request, also for those that need no promise. */
function passLater(result: Promise<GuardResult>, exchange: Exchange): void {
  void result.then(
    (later) => pass(later, exchange),
    () => {
      // A guard of the application's own that failed: none of ours rejects.
      exchange.response.statusCode = 500
      exchange.response.end('')
    },
  )
}
