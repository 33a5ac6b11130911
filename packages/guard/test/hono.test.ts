import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { expect, test } from 'vitest'
import { createGuard } from '../src/guard.ts'
import { guard } from '../src/hono.ts'
import { options, withToken } from './setup.ts'

test('guards the routes below its path, and types what it sets', async () => {
  const api = createGuard(options)
  const app = new Hono()
  app.get('/open', (c) => c.json({}))
  app.get('/closed', guard(api), (c) => {
    const subject: string | undefined = c.get('auth').claims.sub
    return c.json({ subject })
  })
  app.use('/admin/*', guard(api.narrow({ roles: 'admin' })))
  app.get('/admin/users', (c) => c.json({}))
  expect((await app.request('/open')).status).toBe(200)
  expect((await app.request('/closed')).status).toBe(401)
  expect(await (await app.request('/closed', withToken())).json()).toEqual({ subject: 'alice' })
  expect((await app.request('/admin/users', withToken())).status).toBe(403)
  expect((await app.request('/admin/users', withToken({ roles: ['admin'] }))).status).toBe(200)
})

test('is not talked out of no-store by a header that an earlier middleware set', async () => {
  const app = new Hono()
  app.use(async (c, next) => {
    c.res.headers.set('cache-control', 'public, max-age=3600')
    c.res.headers.set('x-own', 'kept')
    await next()
  })
  app.get('/', guard(options), (c) => c.json({}))
  const { headers } = await app.request('/')
  expect([headers.get('cache-control'), headers.get('x-own')]).toEqual(['no-store', 'kept'])
  expect(headers.get('content-type')).toBe('application/problem+json')
})

test('leaves to the cors middleware which headers other origins may read', async () => {
  const exposed = async (exposeHeaders: string[]): Promise<(string | null)[]> => {
    const app = new Hono()
    app.use(cors({ origin: 'https://shop.example', exposeHeaders }))
    app.get('/', guard(options), (c) => c.json({}))
    const { headers } = await app.request('/', { headers: { origin: 'https://shop.example' } })
    return [headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]
  }
  expect(await exposed(['X-Own'])).toEqual(['https://shop.example', 'X-Own'])
  expect(await exposed([])).toEqual(['https://shop.example', 'WWW-Authenticate, Retry-After'])
})
