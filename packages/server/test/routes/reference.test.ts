import { describe, expect, test } from 'vitest'
import { routeTable } from '../../src/app.ts'
import { createHasher } from '../../src/accounts/hasher.ts'
import { createUserAdministration } from '../../src/accounts/user-administration.ts'
import { operations } from '../../src/routes/reference/operations.ts'
import type { AnswerName } from '../../src/routes/reference/schemas.ts'
import { answerSchemas } from '../../src/routes/reference/schemas.ts'
import { cheapHash, createTestServer, issuer, password } from '../create-test-server.ts'
import type { SendOptions, TestServer } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

interface OpenApi {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

interface Described {
  readonly operationId: string
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

async function read(server: TestServer): Promise<OpenApi> {
  const reply = await server.send('GET', '/openapi.json')
  expect(reply.status).toBe(200)
  return reply.body as unknown as OpenApi
}

describe('the reference', () => {
  test('names every route and method of the server, and no other', () => {
    const parts = { config: { issuer }, keys: {}, feedKeys: {}, metrics: {} }
    const routes = routeTable(parts as unknown as Parameters<typeof routeTable>[0])
    const list = (table: Readonly<Record<string, object>>) =>
      Object.entries(table)
        .map(([path, methods]) => `${path} ${Object.keys(methods).sort().join(' ')}`)
        .sort((one, other) => one.localeCompare(other))
    expect(list(operations)).toEqual(list(routes))
  })

  test('is OpenAPI 3.1 whose references lead somewhere, and whose operations have names of their own', async () => {
    const document = await read(await createTestServer())
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toEqual([{ url: issuer }])
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? []
    expect(references.length).toBeGreaterThan(50)
    for (const reference of references) {
      expect(document.components.schemas).toHaveProperty(reference.split('/').at(-1) ?? '')
    }
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('describes bodies by the schemas that check them', async () => {
    const { paths } = await read(await createTestServer())
    expect(paths['/login']?.['post']?.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      properties: { username: { type: 'string' }, password: { type: 'string' }, scope: { maxLength: 1024 } },
      required: ['username', 'password'],
    })
    expect(paths['/sessions/{id}']?.['delete']?.responses).toHaveProperty('404')
  })

  test('/docs is a page that runs, loads and shows nothing from elsewhere', async () => {
    const server = await createTestServer()
    const response = await server.handle(new Request(`${issuer}/docs`))
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; frame-ancestors 'none'$/,
    )
    const html = await response.text()
    expect(html).not.toMatch(/<script|src=|https?:\/\/(?!auth\.example\.test)/)
    for (const path of Object.keys(operations)) expect(html).toContain(`${path}</code>`)
  })
})

describe('answers meet the schemas of the reference', () => {
  test('of everything that a person, a client and an administrator can read', async () => {
    const server = await createTestServer()
    const { store, nowMs } = server
    const hasher = createHasher({ parameters: cheapHash })
    const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
    await users.add({ username: 'root', password, scope: 'admin' })
    const client = await registerClient(server, { clientId: issuer, scope: 'introspect' })
    const headers = basic(client.clientId, client.secret)

    const check = async (name: AnswerName, method: string, path: string, request: SendOptions = {}) => {
      const { status, body } = await server.send(method, path, request)
      const result = answerSchemas[name].safeParse(body)
      expect([
        path,
        status < 400 || name === 'Problem' || name === 'OAuthError',
        result.error?.issues ?? [],
      ]).toEqual([path, true, []])
      return body
    }
    const credentials = { username: 'root', password }
    const session = await check('Tokens', 'POST', '/login', { json: { ...credentials, scope: 'admin' } })
    const bearer = session['access_token'] as string
    await check('Tokens', 'POST', '/signup', { json: { username: 'ada', password } })
    await check('Tokens', 'POST', '/token', { headers, form: { grant_type: 'client_credentials' } })
    await check('Me', 'GET', '/me', { bearer })
    await check('Sessions', 'GET', '/sessions', { bearer })
    await check('Introspection', 'POST', '/introspect', { headers, form: { token: bearer } })
    const { ticket } = await check('Ticket', 'POST', '/ticket', { bearer, json: { path: '/live' } })
    const form = { ticket: ticket as string, path: '/live' }
    await check('Introspection', 'POST', '/ticket/redeem', { headers, form })
    await check('Problem', 'GET', '/me')
    await check('Problem', 'POST', '/login', { json: {} })
    await check('OAuthError', 'POST', '/token', { form: {} })
    await check('OAuthError', 'POST', '/introspect', { form: {} })
    for (const path of ['/healthz', '/readyz']) await check('Status', 'GET', path)
    for (const path of ['/revocations/jwks.json', '/.well-known/jwks.json'])
      await check('JwkSet', 'GET', path)
    await check('Metadata', 'GET', '/.well-known/oauth-authorization-server')

    const refresh_token = session['refresh_token'] as string
    const admin = { grant_type: 'refresh_token', refresh_token, resource: `${issuer}/admin`, scope: 'admin' }
    const { access_token } = await check('Tokens', 'POST', '/token', { form: admin })
    const asAdmin = { bearer: access_token as string }
    const user = await check('User', 'POST', '/admin/users', {
      ...asAdmin,
      json: { username: 'bo', password },
    })
    await check('Users', 'GET', '/admin/users?limit=1', asAdmin)
    await check('User', 'GET', `/admin/users/${user['id'] as string}`, asAdmin)
    await check('UserSessions', 'GET', `/admin/users/${user['id'] as string}/sessions`, asAdmin)
    await check('NewClient', 'POST', '/admin/clients', { ...asAdmin, json: { client_id: 'x' } })
    await check('Clients', 'GET', '/admin/clients?limit=1', asAdmin)
    await check('Keys', 'GET', '/admin/keys', asAdmin)
    await check('Audit', 'GET', '/admin/audit?limit=3', asAdmin)
  })
})
