import { describe, expect, test } from 'vitest'
import { fromWebRequest } from '../../src/http/web.ts'
import { createPublicDocument } from '../../src/http/public-document.ts'
import { createTestServer } from '../create-test-server.ts'

const asking = (headers: Record<string, string> = {}) =>
  fromWebRequest(new Request('https://auth.example.test/', { headers }))

describe('a public document', () => {
  test('is made once for each change, and has a tag of its text', () => {
    let document = { text: '{"keys":[]}', maxAgeSeconds: 300 }
    const answer = createPublicDocument(() => document)
    const first = answer(asking())
    expect(answer(asking())).toBe(first)
    document = { ...document, maxAgeSeconds: 299 }
    const second = answer(asking())
    expect(second.headers['cache-control']).toBe('public, max-age=299')
    expect(second.headers['etag']).toBe(first.headers['etag'])
    document = { text: '{"keys":[1]}', maxAgeSeconds: 299 }
    expect(answer(asking()).headers['etag']).not.toBe(first.headers['etag'])
    expect(answer(asking()).body).toBe('{"keys":[1]}')
  })

  test('is not sent again to who has it, until it changes (RFC 9110 §13.1.2)', async () => {
    const server = await createTestServer()
    for (const path of ['/.well-known/jwks.json', '/revocations/jwks.json', '/openapi.json']) {
      const whole = await server.send('GET', path)
      const etag = whole.headers.get('etag') ?? ''
      const conditional = (tag: string) => server.send('GET', path, { headers: { 'if-none-match': tag } })
      for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const reply = await conditional(tag)
        expect([reply.status, reply.body, reply.headers.get('etag')]).toEqual([304, {}, etag])
        expect(reply.headers.get('cache-control')).toBe(whole.headers.get('cache-control'))
      }
      expect((await conditional('"other"')).status).toBe(200)
    }
  })
})
