import { expect, onTestFinished, test } from 'vitest'
import { createTestServer } from '../../packages/server/test/create-test-server.ts'
import type { Span } from '../opentelemetry.ts'
import { traceTesseraWith } from '../opentelemetry.ts'

interface NotedSpan extends Span {
  readonly name: string
  readonly parent: string | undefined
  readonly attributes: Record<string, string | number>
  status: number
  ended: number
}

/** Notes spans, as an exporter would get them. */
function noteSpans(): readonly NotedSpan[] {
  const spans: NotedSpan[] = []
  const stop = traceTesseraWith<NotedSpan>({
    startSpan: (name, parent) => {
      const span: NotedSpan = {
        name,
        parent: parent?.name,
        attributes: {},
        status: 0,
        ended: 0,
        setAttribute: (key, value) => void (span.attributes[key] = value),
        setStatus: ({ code }) => void (span.status = code),
        end: () => void (span.ended += 1),
      }
      spans.push(span)
      return span
    },
  })
  onTestFinished(stop)
  return spans
}

test('a log-in is a span with the work inside it as its children, each ended once', async () => {
  const server = await createTestServer()
  await server.signup()
  const spans = noteSpans()
  await server.login()
  expect(spans.map(({ name, parent, ended }) => [name, parent, ended])).toEqual([
    ['tessera.request', undefined, 1],
    ['tessera.login', 'tessera.request', 1],
    ['tessera.hash', 'tessera.login', 1],
    ['tessera.sign', 'tessera.request', 1],
  ])
  expect(spans[0]?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/login',
    'http.response.status_code': 200,
  })
  expect(spans[1]?.attributes).toEqual({ 'tessera.outcome': 'ok' })
})

test('requests at once do not get into one another', async () => {
  const server = await createTestServer()
  const { refresh_token: token } = await server.signup()
  const spans = noteSpans()
  await Promise.all([server.refresh(token, { retryKey: 'a'.repeat(22) }), server.send('GET', '/me')])
  const parents = spans
    .filter(({ name }) => name !== 'tessera.request')
    .map(({ name, parent }) => [name, parent])
  expect(parents).toEqual([
    ['tessera.refresh', 'tessera.request'],
    ['tessera.sign', 'tessera.refresh'],
  ])
})

test('what the server could not do is an error; what it refused is none', async () => {
  const server = await createTestServer({
    config: {
      claims: () => {
        throw new Error('the hook is broken')
      },
    },
  })
  const spans = noteSpans()
  await server.send('GET', '/me')
  await server.send('POST', '/signup', {
    json: { username: 'ada', password: 'correct horse battery staple' },
  })
  const requests = spans.filter(({ name }) => name === 'tessera.request')
  expect(requests.map(({ status }) => status)).toEqual([0, 2])
  expect(spans.find(({ name }) => name === 'tessera.sign')?.status).toBe(2)
})
