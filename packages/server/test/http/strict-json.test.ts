/** JSON of requests is read as strictly as that of tokens: RFC 8259 §4 leaves open which of two members counts. */
import { describe, expect, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import { createUserAdministration } from '../../src/accounts/user-administration.ts'
import { operations } from '../../src/routes/reference/operations.ts'
import { cheapHash, createTestServer, issuer, password } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

type Method = 'GET' | 'POST' | 'DELETE'

/** Every operation of the reference that takes JSON. */
const endpoints = Object.entries(operations).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    operation.json === undefined ? [] : [{ path, method: method as Method, caller: operation.caller }],
  ),
)

async function setUp(): Promise<{ server: TestServer; bearers: Record<string, string> }> {
  const server = await createTestServer({ config: { sendMessage: () => undefined } })
  const { store, nowMs } = server
  const users = createUserAdministration({
    store,
    hasher: createHasher({ parameters: cheapHash }),
    keepSeconds: 660,
    nowMs,
  })
  await users.add({ username: 'root', password, scope: 'admin' })
  const login = await server.send('POST', '/login', { json: { username: 'root', password, scope: 'admin' } })
  const form = {
    grant_type: 'refresh_token',
    refresh_token: String(login.body['refresh_token']),
    resource: `${issuer}/admin`,
    scope: 'admin',
  }
  const { body } = await server.send('POST', '/token', { form })
  return {
    server,
    bearers: { person: String(login.body['access_token']), admin: String(body['access_token']) },
  }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const refused: readonly (readonly [what: string, body: Uint8Array<ArrayBuffer>, why: string])[] = [
  ['a name twice', bytesOf('{"username":"ada","password":"x","username":"eve"}'), 'expected no name twice'],
  ['a name twice, once escaped', bytesOf('{"token":"a","t\\u006fken":"b"}'), 'expected no name twice'],
  ['a name twice, further in', bytesOf('{"roles":[{"a":1,"a":1}]}'), 'expected no name twice'],
  ['a __proto__', bytesOf('{"__proto__":{"username":"ada"}}'), 'expected no __proto__'],
  ['half a surrogate pair', bytesOf('{"username":"\\ud800"}'), 'expected no lone surrogate'],
  ['65 levels', bytesOf(`{"a":${'['.repeat(65)}${']'.repeat(65)}}`), 'expected at most 64 levels'],
  ['30,000 levels', bytesOf(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`), 'at most 64 levels'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]), 'UTF-8'],
  ['text that is no JSON', bytesOf('   nothing'), 'expected JSON'],
]

describe('CVE-2017-12635, RFC 8259 §4: every endpoint that takes JSON refuses what others may read otherwise', () => {
  test('the reference names them', () => {
    expect(endpoints.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['POST /login', 'DELETE /me', 'POST /ticket', 'POST /admin/users']),
    )
    expect(endpoints.length).toBeGreaterThanOrEqual(12)
  })

  test.each(refused)('%s', async (_, body, why) => {
    const { server, bearers } = await setUp()
    for (const { path, method, caller } of endpoints) {
      const bearer = bearers[caller]
      const reply = await server.send(method, path.replace(':id', 'x'), {
        headers: { 'content-type': 'application/json' },
        body,
        ...(bearer !== undefined && { bearer }),
      })
      expect([method, path, reply.status, reply.body['code']]).toEqual([method, path, 400, 'body_invalid'])
      expect(reply.body['detail']).toContain(why)
    }
  })

  test('what is refused is not told back', async () => {
    const { server } = await setUp()
    const body = '{"username":"ada","password":"the secret of ada","password":"the secret of eve"}'
    const reply = await server.send('POST', '/login', {
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(JSON.stringify(reply.body)).not.toContain('secret of')
    expect(JSON.stringify(server.lines)).not.toContain('secret of')
  })
})
