import { describe, expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'

const app = 'https://app.example.test'
const config = { origins: [app] }

describe('pages of other origins', () => {
  test('a listed origin may read the answer, and the headers that tell what to do', async () => {
    const server = await createTestServer({ config })
    const { headers } = await server.send('GET', '/me', { headers: { origin: app } })
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-expose-headers')).toMatch(/WWW-Authenticate, Retry-After, Date/)
    expect(headers.get('vary')).toBe('Origin')
  })

  test.each([
    'https://app.example.test.evil.test',
    'http://app.example.test',
    'https://sub.app.example.test',
    'null',
  ])('%s is not listed: nothing is allowed', async (origin) => {
    const server = await createTestServer({ config })
    const { headers } = await server.send('POST', '/login', { json: {}, headers: { origin } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('vary')).toBe('Origin')
  })

  test('a preflight of a listed origin is answered with what the path takes', async () => {
    const server = await createTestServer({ config })
    const preflight = (origin: string) =>
      server.send('OPTIONS', '/token', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'idempotency-key',
        },
      })
    const { status, headers } = await preflight(app)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-allow-methods')).toBe('POST')
    expect(headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect((await preflight('https://evil.test')).status).toBe(405)
  })

  test('is no other method, whatever headers it carries (Fetch §4.8)', async () => {
    const server = await createTestServer({ config })
    const headers = { origin: app, 'access-control-request-method': 'POST' }
    expect((await server.send('GET', '/token', { headers })).status).toBe(405)
  })

  test('the JWK Set and the metadata may be read by every page', async () => {
    const server = await createTestServer()
    for (const path of ['/.well-known/jwks.json', '/.well-known/oauth-authorization-server']) {
      const { headers } = await server.send('GET', path, { headers: { origin: 'https://anybody.test' } })
      expect(headers.get('access-control-allow-origin')).toBe('*')
    }
  })
})
