import { expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'

test('each request is one line: method, route, status, time and an id that the answer carries too', async () => {
  const server = await createTestServer()
  const reply = await server.send('GET', '/healthz?token=not-for-the-log')
  expect(server.lines).toEqual([
    {
      requestId: reply.headers.get('x-request-id'),
      method: 'GET',
      path: '/healthz',
      status: 200,
      ms: expect.any(Number),
      message: 'request',
    },
  ])
})

test('a path is logged as its route; what no route knows is logged without its long parts and its query', async () => {
  const server = await createTestServer()
  const { access_token, refresh_token, session_id } = await server.signup()
  await server.send('DELETE', `/sessions/${session_id}`, { bearer: access_token })
  await server.send('GET', `/${access_token}/x/${refresh_token}?refresh_token=${refresh_token}`)
  const paths = server.lines.map(({ path }) => path)
  expect(paths.slice(1)).toEqual(['/sessions/:id', '/*/x/*'])
})

test('every answer forbids what a document of ours does not need', async () => {
  const server = await createTestServer()
  for (const path of ['/healthz', '/me', '/nowhere', '/.well-known/jwks.json']) {
    const { headers } = await server.send('GET', path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/)
  }
})

test('HEAD answers as GET does, without the body', async () => {
  const server = await createTestServer()
  const [get, head] = [await server.send('GET', '/readyz'), await server.send('HEAD', '/readyz')]
  expect(head.status).toBe(get.status)
  expect(head.body).toEqual({})
})

test('a method that is the name of an object’s own member is a wrong method', async () => {
  const server = await createTestServer()
  for (const method of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const reply = await server.send(method, '/me')
    expect([method, reply.status, reply.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD, DELETE'])
  }
})
