/** `GET /metrics`, for whoever is on this machine: figures tell how an installation is used. */
import { problem } from '@tessera/guard'
import { problemAnswer } from '../http/answer.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Endpoint } from './desk.ts'

export function metricsEndpoint(metrics: Metrics): Endpoint {
  return async (_desk, { isLocal }) => {
    if (!isLocal) {
      const detail = 'expected a request from this machine itself, with no proxy in between'
      return problemAnswer(problem('insufficient_scope', detail))
    }
    const headers = {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    }
    return { status: 200, headers, body: metrics.text() }
  }
}
