/** The programs of docs/recipes.md are started, and do what the page says. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Guard } from '@tessera/guard'
import type { TokenServer } from '@tessera/server'
import type express from 'express'
import type { FastifyInstance } from 'fastify'
import type { Hono } from 'hono'
import { expect, onTestFinished, test, vi } from 'vitest'
import { root } from '../setup.js'
import { isTessera, snippetsOf, writeSnippets } from '../snippets.js'

interface Auth {
  readonly server: TokenServer
  readonly guard: Guard
}

type Handler = (request: Request) => Promise<Response>

/** What answers when it has answered is its own affair. */
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

const snippets = snippetsOf(join(root, 'docs/recipes.md')).filter(isTessera)
const paths = writeSnippets(snippets, join(root, '.tessera/run-recipes'))

/** The program of the page that has a text in it. */
async function load<Module>(text: string): Promise<Module> {
  const path = paths[snippets.findIndex(({ code }) => code.includes(text))]
  if (path === undefined) throw new Error(`expected a recipe with ${text}`)
  return (await import(path)) as Module
}

const frameworks = {
  Express: async (auth) => {
    const { createApp } = await load<{ createApp(auth: Auth): express.Express }>("from 'express'")
    return createApp(auth)
  },
  Fastify: async (auth) => {
    const { createApp } = await load<{ createApp(auth: Auth): Promise<FastifyInstance> }>("from 'fastify'")
    const app = await createApp(auth)
    onTestFinished(() => app.close())
    await app.ready()
    return (request: IncomingMessage, response: ServerResponse) => app.routing(request, response)
  },
  Hono: async (auth) => {
    const { createApp } = await load<{ createApp(auth: Auth): Hono }>("from 'hono'")
    return getRequestListener(createApp(auth).fetch)
  },
  'Request and Response': async (auth) => {
    const { createHandlers } = await load<{ createHandlers(auth: Auth): Record<'auth' | 'orders', Handler> }>(
      'createHandlers',
    )
    const handlers = createHandlers(auth)
    return getRequestListener((request) =>
      new URL(request.url).pathname === '/orders' ? handlers.orders(request) : handlers.auth(request),
    )
  },
  'node:http': async (auth) => {
    const { createApp } = await load<{ createApp(auth: Auth): Server }>("from '@tessera/guard/node'")
    const app = createApp(auth)
    return (request: IncomingMessage, response: ServerResponse) => app.emit('request', request, response)
  },
} satisfies Record<string, (auth: Auth) => Promise<Listener>>

/** The application at an address of its own, which its server has to know before there is one. */
async function start(framework: keyof typeof frameworks): Promise<string> {
  vi.stubEnv('TESSERA_SECRETS', 'a server secret of a test, 32 bytes and more')
  const outer = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => outer.once('listening', resolve))
  const origin = `http://127.0.0.1:${(outer.address() as AddressInfo).port}`
  const { createAuth } = await load<{ createAuth(origin: string, database: string): Auth }>('createAuth')
  const auth = createAuth(origin, 'sqlite::memory:')
  vi.unstubAllEnvs()
  const answer: Listener = await frameworks[framework](auth)
  outer.on('request', (request, response) => void answer(request, response))
  onTestFinished(async () => {
    outer.closeAllConnections()
    await new Promise((resolve) => outer.close(resolve))
    await auth.server.close()
  })
  return origin
}

test.each(Object.keys(frameworks) as (keyof typeof frameworks)[])(
  '%s: sign up, call, refresh, sign out',
  async (framework) => {
    const origin = await start(framework)
    const post = (path: string, init: RequestInit): Promise<Response> =>
      fetch(`${origin}${path}`, { method: 'POST', ...init })
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

    const signedUp = await post('/auth/signup', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: 'correct horse battery staple' }),
    })
    expect(signedUp.status).toBe(201)
    const tokens = (await signedUp.json()) as { access_token: string; refresh_token: string }

    const without = await fetch(`${origin}/orders`)
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const orders = await fetch(`${origin}/orders`, bearer(tokens.access_token))
    expect(orders.status).toBe(200)
    expect(await orders.json()).toEqual({ user: expect.any(String) })

    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    const refreshed = await post('/auth/token', { body })
    expect(refreshed.status).toBe(200)
    const next = (await refreshed.json()) as { access_token: string }
    expect((await fetch(`${origin}/orders`, bearer(next.access_token))).status).toBe(200)

    expect((await post('/auth/logout', bearer(next.access_token))).status).toBe(204)
    expect((await fetch(`${origin}/auth/me`, bearer(next.access_token))).status).toBe(401)

    const metadata = await fetch(`${origin}/.well-known/oauth-authorization-server/auth`)
    expect(await metadata.json()).toMatchObject({ issuer: `${origin}/auth` })
  },
)
