import { expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'

test('beyond 4096 requests under way the next one is told to come back, while /healthz and the JWK Set answer', async () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  const server = await createTestServer({
    wrapStore: (store) => ({ ...store, check: () => opened.then(store.check) }),
  })
  const waiting = Array.from({ length: 4096 }, () => server.send('GET', '/readyz'))
  for (const [path, method] of [
    ['/readyz', 'GET'],
    ['/login', 'POST'],
  ] as const) {
    const reply = await server.send(method, path)
    expect([reply.status, reply.body['code'], reply.headers.get('retry-after')]).toEqual([
      503,
      'overloaded',
      '2',
    ])
  }
  const token = await server.send('POST', '/token')
  expect(token.body).toMatchObject({ error: 'temporarily_unavailable', code: 'overloaded' })
  expect((await server.send('GET', '/healthz')).status).toBe(200)
  expect((await server.send('GET', '/.well-known/jwks.json')).status).toBe(200)
  open()
  const answered = await Promise.all(waiting)
  expect(answered.every(({ status }) => status === 200)).toBe(true)
  expect((await server.send('POST', '/login')).status).toBe(415)
})
