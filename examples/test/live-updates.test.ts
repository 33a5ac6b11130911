import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTicketGuard, revocationSet } from '@tessera/guard'
import { expect, onTestFinished, test } from 'vitest'
import { createTestServer, issuer } from '../../packages/server/test/create-test-server.ts'
import { registerClient } from '../../packages/server/test/register-client.ts'
import { createLiveApi } from '../live-updates.ts'

const page = 'https://app.example.test'

async function setUp() {
  const server = await createTestServer()
  const { clientId: id, secret } = await registerClient(server, { clientId: 'live', scope: '' })
  const now = (): number => server.nowMs() / 1000
  const revocations = revocationSet({ now })
  const tickets = createTicketGuard({
    issuer,
    audience: issuer,
    client: { id, secret },
    origins: [page],
    revocations,
    now,
    fetch: (input, init) => server.handle(new Request(input, { ...init, signal: null })),
  })
  const api = createLiveApi(tickets).listen(0, '127.0.0.1')
  await new Promise((resolve) => api.once('listening', resolve))
  onTestFinished(async () => {
    api.closeAllConnections()
    await new Promise((resolve) => api.close(resolve))
  })
  const session = await server.signup()
  const ticket = async (): Promise<string> => {
    const reply = await server.send('POST', '/ticket', {
      bearer: session.access_token,
      json: { path: '/live' },
    })
    return reply.body['ticket'] as string
  }
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/live`
  return { url, ticket, tickets, session, revocations, exp: now() + 600 }
}

/** What comes before the server closes. */
async function readAll(response: Response): Promise<string> {
  return response.text()
}

test('server-sent events: opened with a ticket, ended with the session', async () => {
  const { url, ticket, tickets, session, revocations, exp } = await setUp()
  const text = await ticket()
  const headers = { origin: page }
  const response = await fetch(`${url}?ticket=${text}`, { headers })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(tickets.connections).toBe(1)
  revocations.add({ sid: session.session_id, exp })
  const events = await readAll(response)
  expect(events).toMatch(/^data: hello /)
  expect(events).toMatch(/event: end\ndata: revoked\n\n$/)
  expect((await fetch(`${url}?ticket=${text}`, { headers })).status).toBe(401)
  expect(tickets.connections).toBe(0)
})

interface Upgraded {
  readonly status: number
  /** All that came on the socket until it was closed, or the body of the refusal. */
  readonly data: Buffer
  readonly accept: string | undefined
}

function upgrade(
  url: string,
  headers: Record<string, string>,
  onOpen: () => void = () => undefined,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const outgoing = request(url, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    })
    outgoing.on('error', reject)
    outgoing.on('upgrade', ({ statusCode: status = 0, headers: answered }, socket, head) => {
      parts.push(head)
      socket.on('data', (part: Buffer) => parts.push(part))
      socket.on('end', () => {
        socket.end()
        resolve({ status, data: Buffer.concat(parts), accept: answered['sec-websocket-accept'] })
      })
      onOpen()
    })
    outgoing.on('response', (response) => {
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, data: Buffer.concat(parts), accept: undefined }),
      )
    })
    outgoing.end()
  })
}

test('WebSocket: opened with a ticket, closed with 4401 when the session ends', async () => {
  const { url, ticket, session, revocations, exp } = await setUp()
  const revoke = (): void => revocations.add({ sid: session.session_id, exp })
  const { status, data, accept } = await upgrade(`${url}?ticket=${await ticket()}`, { origin: page }, revoke)
  // The accept value of RFC 6455 §1.3 for that key.
  expect([status, accept]).toEqual([101, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='])
  expect(data.toString('latin1')).toContain('hello ')
  const close = data.indexOf(Buffer.from([0x88, 9, 0x11, 0x31]))
  expect(close).toBeGreaterThan(0)
  expect(data.subarray(close + 4).toString()).toBe('revoked')
})

test('WebSocket: refused before the upgrade, by ticket and by Origin', async () => {
  const { url, ticket } = await setUp()
  const foreign = await upgrade(`${url}?ticket=${await ticket()}`, { origin: 'https://evil.example.test' })
  expect(foreign.status).toBe(403)
  const without = await upgrade(url, { origin: page })
  expect(without.status).toBe(401)
  expect(JSON.parse(without.data.toString())).toMatchObject({ code: 'token_missing' })
})
