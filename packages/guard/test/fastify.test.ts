import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { guard } from '../src/fastify.ts'
import { makeToken, options, withToken } from './setup.ts'

async function whileServing(app: FastifyInstance, body: (url: string) => Promise<void>): Promise<void> {
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    await body(url)
  } finally {
    await app.close()
  }
}

const create = (): FastifyInstance => fastify({ forceCloseConnections: true })

test('guards every route of a scope as its hook, and no other', async () => {
  const app = create()
  app.get('/open', async (request) => ({ auth: request.auth ?? null }))
  await app.register(async (scope) => {
    scope.addHook('onRequest', guard(options))
    scope.get('/closed', async (request) => ({ sub: request.auth?.claims.sub }))
  })
  await whileServing(app, async (url) => {
    expect(await (await fetch(`${url}/open`)).json()).toEqual({ auth: null })
    expect((await fetch(`${url}/closed`)).status).toBe(401)
    expect(await (await fetch(`${url}/closed`, withToken())).json()).toEqual({ sub: 'alice' })
  })
})

test('refuses before the body is read', async () => {
  const app = create()
  let parsed = 0
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => {
    parsed += 1
    done(null, body)
  })
  app.post('/', { onRequest: guard(options) }, async () => ({}))
  await whileServing(app, async (url) => {
    expect((await fetch(url, { method: 'POST', body: 'text' })).status).toBe(401)
    expect(parsed).toBe(0)
    expect((await fetch(url, { method: 'POST', body: 'text', ...textWithToken() })).status).toBe(200)
    expect(parsed).toBe(1)
  })
})

const textWithToken = (): RequestInit => ({
  headers: { ...withToken().headers, 'content-type': 'text/plain' },
})

test('works as a preHandler too, and takes what an earlier hook put into the headers', async () => {
  const app = create()
  app.addHook('onRequest', async (request) => {
    request.headers.authorization = `Bearer ${makeToken()}`
  })
  app.get('/', { preHandler: guard(options) }, async (request) => ({ sub: request.auth?.claims.sub }))
  await whileServing(app, async (url) => {
    expect(await (await fetch(url)).json()).toEqual({ sub: 'alice' })
  })
})

test('lets onSend hooks see its answers, and leaves to the application which headers other origins may read', async () => {
  const app = create()
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-expose-headers', 'X-Own')
  })
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('x-seen', reply.statusCode)
    return payload
  })
  app.get('/', { onRequest: guard(options) }, async () => ({}))
  await whileServing(app, async (url) => {
    const { headers } = await fetch(url)
    expect([headers.get('x-seen'), headers.get('access-control-expose-headers')]).toEqual(['401', 'X-Own'])
  })
})
