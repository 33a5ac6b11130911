/** One row of the route table, prepared: what each method of a path is answered by, and what every other one is. */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { waitProblem } from '../http/answer.ts'
import type { Endpoint, PublicEndpoint } from './desk.ts'
import { shapeRefusal } from './refusal.ts'

/** The endpoints of a path by their methods. HEAD is answered as GET is. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Endpoint | PublicEndpoint>>>

export interface Route {
  readonly pattern: string
  readonly endpoints: ReadonlyMap<string, Endpoint | PublicEndpoint>
  readonly allowed: readonly string[]
  readonly wrongMethod: Answer
  readonly overloaded: Answer
}

export function routeOf(pattern: string, methods: Methods): Route {
  const endpoints = new Map(Object.entries(methods))
  const get = methods.GET
  if (typeof get === 'object') endpoints.set('HEAD', get)
  if (typeof get === 'function') {
    endpoints.set('HEAD', async (desk, exchange) => withoutStream(await get(desk, exchange)))
  }
  const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const allow = allowed.join(', ')
  const refusal = problem('method_not_allowed', `expected ${allow}, got another method`, {
    headers: { allow },
  })
  const overload = waitProblem('overloaded', 'too many requests are being answered: try again shortly', 2)
  const overloaded = shapeRefusal(pattern, overload)
  return { pattern, endpoints, allowed, wrongMethod: shapeRefusal(pattern, refusal), overloaded }
}

/** The answer to HEAD: whoever sends it leaves the body out, and a stream has no end to wait for. */
function withoutStream(answer: Answer): Answer {
  if (!(answer.body instanceof ReadableStream)) return answer
  void answer.body.cancel()
  return { ...answer, body: null }
}
