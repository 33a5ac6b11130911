import express from 'express'
import type { ErrorRequestHandler } from 'express'
import { expect, test } from 'vitest'
import { guard } from '../src/express.ts'
import { createGuard } from '../src/guard.ts'
import type { Guard } from '../src/guard.ts'
import { makeToken, options, whileListening, withToken } from './setup.ts'

test('guards every route below app.use, and leaves those above open', async () => {
  const app = express()
  app.get('/open', (req, res) => res.json({ auth: req.auth ?? null }))
  app.use(guard(options))
  app.get('/closed', (req, res) => res.json({ sub: req.auth?.claims.sub }))
  await whileListening(app, async (url) => {
    expect(await (await fetch(`${url}/open`)).json()).toEqual({ auth: null })
    expect((await fetch(`${url}/closed`)).status).toBe(401)
    expect(await (await fetch(`${url}/closed`, withToken())).json()).toEqual({ sub: 'alice' })
  })
})

test('shares one guard between routes, each with a requirement of its own', async () => {
  const api = createGuard(options)
  const app = express()
  app.get('/read', guard(api), (_req, res) => res.json({}))
  app.get('/write', guard(api.narrow({ scopes: 'write' })), (_req, res) => res.json({}))
  await whileListening(app, async (url) => {
    expect((await fetch(`${url}/read`, withToken())).status).toBe(200)
    expect((await fetch(`${url}/write`, withToken())).status).toBe(403)
    expect((await fetch(`${url}/write`, withToken({ scope: 'write' }))).status).toBe(200)
  })
})

test('takes the token that an earlier middleware put into the headers', async () => {
  const app = express()
  app.use((req, _res, next) => {
    req.headers.authorization = `Bearer ${makeToken()}`
    next()
  })
  app.get('/', guard(options), (_req, res) => res.json({}))
  await whileListening(app, async (url) => {
    expect((await fetch(url)).status).toBe(200)
  })
})

test('leaves to the application which headers other origins may read', async () => {
  const app = express()
  app.get('/plain', guard(options))
  app.use((_req, res, next) => {
    res.setHeader('Access-Control-Expose-Headers', 'X-Own')
    next()
  })
  app.get('/own', guard(options))
  await whileListening(app, async (url) => {
    const exposed = async (path: string): Promise<string | null> =>
      (await fetch(`${url}${path}`)).headers.get('access-control-expose-headers')
    expect(await exposed('/plain')).toBe('WWW-Authenticate, Retry-After')
    expect(await exposed('/own')).toBe('X-Own')
  })
})

test('answers HEAD with the same headers and no body', async () => {
  const app = express()
  app.use(guard(options))
  await whileListening(app, async (url) => {
    const response = await fetch(url, { method: 'HEAD' })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.text()).toBe('')
  })
})

test('hands the failure of a guard of the application to next', async () => {
  const failing: Guard = { authenticate: () => Promise.reject(new Error('broken')), narrow: () => failing }
  const failed: ErrorRequestHandler = (error: Error, _req, res, _next) => {
    res.status(500).json({ message: error.message })
  }
  const app = express()
  app.get('/', guard(failing), (_req, res) => res.json({}))
  app.use(failed)
  await whileListening(app, async (url) => {
    const response = await fetch(url)
    expect([response.status, await response.json()]).toEqual([500, { message: 'broken' }])
  })
})
