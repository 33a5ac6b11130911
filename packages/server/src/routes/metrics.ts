/** `GET /metrics`, for whoever is on this machine, and for administrators: figures tell how an installation is used. */
import { problemAnswer } from '../http/answer.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Endpoint } from './desk.ts'

export function metricsEndpoint(metrics: Metrics): Endpoint {
  return async ({ adminDoor }, { request, isLocal }) => {
    if (!isLocal) {
      const entry = await adminDoor.admit(request)
      if (!entry.ok) return problemAnswer(entry.problem)
    }
    const headers = {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    }
    return { status: 200, headers, body: metrics.text() }
  }
}
