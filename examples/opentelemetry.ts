/**
 * Spans of a token server, made of the channels that it tells of its work on. It depends on nothing: what it takes is as much of
 * OpenTelemetry's API as it needs, and `trace`, `context` of `@opentelemetry/api` fit:
 *
 *     import { context, trace } from '@opentelemetry/api'
 *     traceTesseraWith({
 *       startSpan: (name, parent) =>
 *         trace.getTracer('tessera').startSpan(name, {}, parent && trace.setSpan(context.active(), parent)),
 *     })
 *
 * Call it once, before the first request.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'

/** What is asked of a span. */
export interface Span {
  setAttribute(name: string, value: string | number): unknown
  /** 2 is OpenTelemetry's `SpanStatusCode.ERROR`. */
  setStatus(status: { code: number }): unknown
  end(): void
}

export interface SpanMaker<Kind extends Span> {
  startSpan(name: string, parent: Kind | undefined): Kind
}

const names = ['request', 'login', 'signup', 'refresh', 'hash', 'sign'] as const

/** Attributes as OpenTelemetry names them, and ours under `tessera.`. */
const attributes: Readonly<Record<string, string>> = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  requestId: 'tessera.request_id',
  outcome: 'tessera.outcome',
  code: 'tessera.code',
  operation: 'tessera.operation',
  subject: 'tessera.subject',
}

/** Begins to trace every server of this process; the function that it returns ends that. */
export function traceTesseraWith<Kind extends Span>({ startSpan }: SpanMaker<Kind>): () => void {
  const current = new AsyncLocalStorage<Kind>()
  const spans = new WeakMap<object, Kind>()
  const stops = names.map((name) => {
    const channel = tracingChannel<unknown, object>(`tessera.${name}`)
    // Everything that is done inside finds this span as its parent.
    channel.start.bindStore(current, (message) => {
      const span = startSpan(`tessera.${name}`, current.getStore())
      spans.set(message, span)
      return span
    })
    const subscribers = {
      start: () => undefined,
      end: () => undefined,
      asyncStart: () => undefined,
      asyncEnd: (message: object) => endSpan(spans.get(message), message),
      error: (message: object) => void spans.get(message)?.setStatus({ code: 2 }),
    }
    channel.subscribe(subscribers)
    return () => {
      channel.start.unbindStore(current)
      channel.unsubscribe(subscribers)
    }
  })
  return () => stops.forEach((stop) => stop())
}

function endSpan(span: Span | undefined, message: object): void {
  for (const [name, value] of Object.entries(message)) {
    const attribute = attributes[name]
    if (attribute === undefined || value === undefined) continue
    span?.setAttribute(attribute, value as string | number)
    if (name === 'status' && Number(value) >= 500) span?.setStatus({ code: 2 })
  }
  span?.end()
}
