/** From a request to its answer: the route, the endpoint, and what every answer has in common. */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { problemAnswer } from '../http/answer.ts'
import { createBound } from '../http/bounded.ts'
import type { Cors } from '../http/cors.ts'
import type { Finish, FinishedAnswer, FinishRequest } from '../http/finish.ts'
import type { Incoming } from '../http/incoming.ts'
import { createRoutesByPath } from '../http/routes-by-path.ts'
import { traceRequest } from '../http/trace-request.ts'
import type { Desk } from './desk.ts'
import type { RequestInfo } from './exchange.ts'
import { exchangeOf } from './exchange.ts'
import { isExpected, refusalOf, shapeRefusal } from './refusal.ts'
import { requestPath } from './request-path.ts'
import type { Methods, Route } from './route.ts'
import { routeOf } from './route.ts'

/** Answers one request; at once where nothing has to be waited for. Never rejects. */
export type App = (request: Incoming, info: RequestInfo) => FinishedAnswer | Promise<FinishedAnswer>

/** What answers where the table has no route: the console, in the stand-alone server. */
export type Fallback = (request: Incoming, path: string) => Answer | undefined

export interface DispatchOptions {
  readonly desk: Desk
  /** The methods of each path. */
  readonly table: Readonly<Record<string, Methods>>
  readonly cors: Cors
  readonly finish: Finish
  readonly fallback: Fallback | undefined
}

export function createDispatch({ desk, table, cors, finish, fallback }: DispatchOptions): App {
  const { config } = desk
  const withinBound = createBound()
  const routes = Object.entries(table).map(([pattern, methods]) => [pattern, routeOf(pattern, methods)])
  const find = createRoutesByPath<Route>(Object.fromEntries(routes))
  return (request, info) => {
    const startedMs = performance.now()
    const path = requestPath(request.path, config.basePath)
    const found = find(path)
    if (found === undefined) {
      const about = { request, route: undefined, startedMs }
      return answerBy(finish, about, () => fallback?.(request, path) ?? nothing)
    }
    const { route, params } = found
    return answerBy(finish, { request, route: route.pattern, startedMs }, () => {
      const endpoint = route.endpoints.get(request.method)
      if (endpoint === undefined) return cors.preflight(request, route.allowed) ?? route.wrongMethod
      if (typeof endpoint === 'object') return endpoint.document(request)
      // No id holds it, and PostgreSQL takes no text that does.
      const hasNul = Object.values(params).some((part) => part.includes('\0'))
      if (hasNul) return nothing
      const exchange = exchangeOf(request, { path: params, info, config })
      return withinBound(() => endpoint(desk, exchange), route.overloaded)
    })
  }
}

const nothing: Answer = problemAnswer(problem('not_found', 'there is no such path'))

function answerBy(
  finish: Finish,
  about: FinishRequest,
  act: () => Answer | Promise<Answer>,
): FinishedAnswer | Promise<FinishedAnswer> {
  const refuse = (error: unknown): FinishedAnswer =>
    finish(shapeRefusal(about.route, refusalOf(error)), {
      ...about,
      ...(isExpected(error) ? { refusal: error.message } : { error }),
    })
  return traceRequest(about, () => {
    try {
      const answer = act()
      return answer instanceof Promise
        ? answer.then((settled) => finish(settled, about), refuse)
        : finish(answer, about)
    } catch (error) {
      return refuse(error)
    }
  })
}
