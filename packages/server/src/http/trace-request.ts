/** Tells of a request on `tessera.request`, where somebody listens. */
import { channels, traceWork } from '../channels.ts'
import type { FinishedAnswer, FinishRequest } from './finish.ts'

/** W3C Trace Context §3.2; anything else is of no use to whoever follows the trace. */
const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

export function traceRequest(
  { request, route }: FinishRequest,
  answer: () => FinishedAnswer | Promise<FinishedAnswer>,
): FinishedAnswer | Promise<FinishedAnswer> {
  if (!channels.request.hasSubscribers) return answer()
  const sent = request.headers.get('traceparent') ?? ''
  const traceparent = traceparentForm.test(sent) ? sent : undefined
  return traceWork(channels.request, {
    trace: { method: request.method, route, traceparent },
    work: answer,
    told: ({ status, headers }) => ({ status, requestId: headers[headers.indexOf('x-request-id') + 1] }),
  })
}
