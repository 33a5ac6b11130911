import { describe, expect, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

async function scrape(server: TestServer): Promise<string> {
  const response = await server.handle(new Request(`${issuer}/metrics`), { remoteAddress: '127.0.0.1' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return response.text()
}

describe('/metrics', () => {
  test('counts answers by route and status, and how long they took', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    await server.me(access_token)
    await server.me(access_token)
    await server.send('GET', '/me')
    const text = await scrape(server)
    expect(text).toContain('tessera_http_requests_total{method="GET",route="/me",status="200"} 2')
    expect(text).toContain('tessera_http_requests_total{method="GET",route="/me",status="401"} 1')
    expect(text).toContain('tessera_http_request_seconds_count{route="/me"} 3')
    expect(text).toContain('tessera_http_request_seconds_bucket{route="/me",le="+Inf"} 3')
    expect(text).toContain('tessera_revocations_current 1')
  })

  test('P13: counts refreshes by what they came to: first, replay, clashed, reuse, and the rest', async () => {
    const server = await createTestServer()
    const key = (letter: string): { retryKey: string } => ({ retryKey: letter.repeat(22) })
    const { refresh_token: token0 } = await server.signup()
    const { body } = await server.refresh(token0, key('a'))
    await server.refresh(token0, key('a'))
    await server.refresh(token0, key('b'))
    server.wait(31)
    await server.refresh(token0)
    await server.refresh(String(body['refresh_token']))
    await server.refresh('no refresh token')
    await server.refresh(token0.replace(/^rt_[^.]+/, 'rt_AAAAAAAA'))
    const counts = (await scrape(server)).matchAll(/^tessera_refresh_status_total\{status="(\w+)"\} (\d+)$/gm)
    const seen = [...counts].map(([, status, count]) => [status, Number(count)])
    expect(seen.filter(([, count]) => count !== 0)).toEqual([
      ['first', 1],
      ['replay', 1],
      ['clashed', 1],
      ['reuse', 1],
      ['ended', 1],
      ['malformed', 1],
      ['kid_unknown', 1],
    ])
    // A status that has not come yet is there with 0: a rate can be drawn from the first one on.
    expect(seen).toContainEqual(['lockstep', 0])
  })

  test('every line is of the text format of Prometheus', async () => {
    const server = await createTestServer()
    await server.signup()
    const sample = /^[a-z_]+(?:\{[a-z_]+="[^"\\]*"(?:,[a-z_]+="[^"\\]*")*\})? [\d.e+-]+$/
    for (const line of (await scrape(server)).trimEnd().split('\n')) {
      expect(line).toMatch(line.startsWith('#') ? /^# (?:HELP|TYPE) [a-z_]+ .+$/ : sample)
    }
  })

  test('what a request says is in no label: a path of its own is "other", a method of its own too', async () => {
    const server = await createTestServer()
    for (const [method, path] of [
      ['GET', '/a-secret-path'],
      ['BREW', '/me'],
    ] as const) {
      await server.send(method, path)
    }
    const text = await scrape(server)
    expect(text).not.toMatch(/a-secret-path|BREW/)
    expect(text).toContain('route="other"')
  })

  test.each([
    ['another machine', { remoteAddress: '203.0.113.7' }, {}],
    ['nobody knows where', {}, {}],
    ['a proxy on this machine', { remoteAddress: '127.0.0.1' }, { 'x-forwarded-for': '203.0.113.7' }],
  ])('is for this machine and for administrators: from %s it is 401', async (_, info, headers) => {
    const server = await createTestServer()
    const response = await server.handle(new Request(`${issuer}/metrics`, { headers }), info)
    expect(response.status).toBe(401)
  })
})
