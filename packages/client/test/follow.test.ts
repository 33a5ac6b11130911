import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, memoryStorage, type Client } from '@tessera/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFakeIssuer, issuerUrl } from './fake-issuer.ts'
import { ada, errorOf } from './fixture.ts'

interface Seen {
  readonly host: 'api' | 'foreign'
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string
}

const servers: Server[] = []
let seen: Seen[] = []
let api = ''
let foreign = ''

/** `/go/STATUS/TARGET` redirects; any other path answers 200. */
function answer(host: Seen['host']) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const part of request) body += String(part)
    seen.push({
      host,
      line: `${request.method} ${request.url}`,
      authorization: request.headers.authorization,
      body,
    })
    const [, go, status, to] = request.url?.split('/') ?? []
    if (go === 'refused') response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' })
    if (go !== 'go') return void response.end('here')
    const location = {
      here: '/here',
      foreign: `${foreign}/there`,
      loop: '/go/302/loop',
      back: `${foreign}/go/302/api`,
      api: `${api}/here`,
      refused: `${foreign}/refused`,
      file: 'file:///etc/passwd',
    }
    response.writeHead(Number(status), { location: location[to as keyof typeof location] })
    response.end()
  }
}

async function listen(host: Seen['host']): Promise<string> {
  const server = createServer((request, response) => void answer(host)(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  api = await listen('api')
  foreign = await listen('foreign')
})

afterAll(() => {
  for (const server of servers) server.close()
})

async function createSignedIn(origins: readonly string[] = [api]): Promise<Client> {
  seen = []
  const issuer = createFakeIssuer()
  const fetch: typeof globalThis.fetch = (input, init) => {
    const isIssuers = new Request(input).url.startsWith(issuerUrl)
    return isIssuers ? issuer.fetch(input, init) : globalThis.fetch(input, init)
  }
  const client = createClient({ issuer: issuerUrl, origins, storage: memoryStorage(), fetch })
  await client.login(ada)
  return client
}

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%d within the origin keeps the token', async (status) => {
    const client = await createSignedIn()
    expect(await (await client.fetch(`${api}/go/${status}/here`)).text()).toBe('here')
    expect(seen.map((request) => request.authorization)).toEqual(['Bearer at.1', 'Bearer at.1'])
  })

  test.each([301, 302, 303, 307, 308])('%d to another origin goes without the token', async (status) => {
    const client = await createSignedIn()
    expect((await client.fetch(`${api}/go/${status}/foreign`)).status).toBe(200)
    expect(seen).toMatchObject([
      { host: 'api', authorization: 'Bearer at.1' },
      { host: 'foreign', line: 'GET /there', authorization: undefined },
    ])
  })

  test('to another allowed origin goes without the token too, and a way back does not regain it', async () => {
    const client = await createSignedIn([api, foreign])
    await client.fetch(`${api}/go/302/back`)
    expect(seen.map((request) => [request.host, request.authorization])).toEqual([
      ['api', 'Bearer at.1'],
      ['foreign', undefined],
      ['api', undefined],
    ])
  })

  test.each([
    [303, 'GET /here', ''],
    [302, 'GET /here', ''],
    [307, 'POST /here', 'text'],
    [308, 'POST /here', 'text'],
  ])('%d after a POST becomes %s', async (status, line, body) => {
    const client = await createSignedIn()
    await client.fetch(`${api}/go/${status}/here`, { method: 'POST', body: 'text' })
    expect(seen[1]).toMatchObject({ line, body, authorization: 'Bearer at.1' })
  })

  test('307 cannot send a stream again', async () => {
    const client = await createSignedIn()
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit
    expect(await errorOf(client.fetch(`${api}/go/307/here`, init))).toBeInstanceOf(TypeError)
    expect(seen).toHaveLength(1)
  })

  test('to another origin that refuses a token it never got does not renew ours', async () => {
    const client = await createSignedIn()
    expect((await client.fetch(`${api}/go/302/refused`)).status).toBe(401)
    expect(client.session.state).toMatchObject({ accessToken: 'at.1' })
  })

  test('without an end, and one to a file, fail as fetch does', async () => {
    const client = await createSignedIn()
    expect(await errorOf(client.fetch(`${api}/go/302/loop`))).toBeInstanceOf(TypeError)
    expect(seen).toHaveLength(21)
    expect(await errorOf(client.fetch(`${api}/go/302/file`))).toBeInstanceOf(TypeError)
  })

  test('is left to a caller who asked for it', async () => {
    const client = await createSignedIn()
    const manual = await client.fetch(`${api}/go/302/foreign`, { redirect: 'manual' })
    expect(manual.status).toBe(302)
    expect(await errorOf(client.fetch(`${api}/go/302/here`, { redirect: 'error' }))).toBeInstanceOf(TypeError)
    expect(seen).toHaveLength(2)
  })

  test('of a Request keeps its method and its signal', async () => {
    const client = await createSignedIn()
    await client.fetch(new Request(`${api}/go/307/here`, { method: 'DELETE' }))
    expect(seen.map((request) => request.line)).toEqual(['DELETE /go/307/here', 'DELETE /here'])
    const aborted = new Request(`${api}/go/302/here`, { signal: AbortSignal.abort() })
    expect(await errorOf(client.fetch(aborted))).toMatchObject({ name: 'AbortError' })
  })
})

test('a redirect of the issuer itself is not followed: it would carry a password elsewhere', async () => {
  seen = []
  const client = createClient({ issuer: `${api}/go/307/foreign` })
  expect(await errorOf(client.login(ada))).toMatchObject({ code: 'unavailable' })
  expect(seen.map((request) => request.host)).toEqual(['api'])
})
