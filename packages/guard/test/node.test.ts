import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { createGuard } from '../src/guard.ts'
import type { Guard } from '../src/guard.ts'
import { guard } from '../src/node.ts'
import { makeToken, options, whileListening, withToken } from './setup.ts'

const guarded = guard(options)
const tellSubject: RequestListener = guarded((_request, response, auth) => {
  response.end(JSON.stringify({ sub: auth.claims.sub }))
})

test('lets a request with a good token through to the listener, with what it found, and no other', async () => {
  await whileListening(tellSubject, async (url) => {
    expect(await (await fetch(url, withToken())).json()).toEqual({ sub: 'alice' })
    const refused = await fetch(url)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await refused.json()).toMatchObject({ code: 'token_missing' })
  })
})

test('fits createServer as it is', () => {
  const server = createServer(guarded((request, response) => response.end(request.url)))
  expect(server.listenerCount('request')).toBe(1)
})

test('has let the request in before the listener returns, where no promise is needed', async () => {
  const order: string[] = []
  const inner = guarded((_request, response) => {
    order.push('route')
    response.end()
  })
  const listener: RequestListener = (request, response) => {
    inner(request, response)
    order.push('after')
  }
  await whileListening(listener, async (url) => {
    await fetch(url, withToken())
    expect(order).toEqual(['route', 'after'])
  })
})

test('shares one guard between listeners, each with a requirement of its own', async () => {
  const api = createGuard(options)
  const write = guard(api.narrow({ scopes: 'write' }))((_request, response) => response.end())
  await whileListening(write, async (url) => {
    expect((await fetch(url, withToken())).status).toBe(403)
    expect((await fetch(url, withToken({ scope: 'read write' }))).status).toBe(200)
  })
})

test('takes the token that an outer listener put into the headers', async () => {
  const listener: RequestListener = (request, response) => {
    request.headers.authorization = `Bearer ${makeToken()}`
    tellSubject(request, response)
  }
  await whileListening(listener, async (url) => {
    expect(await (await fetch(url)).json()).toEqual({ sub: 'alice' })
  })
})

test('waits for keys that come later, and answers 500 for a guard of the application that fails', async () => {
  const { keys } = options
  const later = guard({ ...options, keys: { selectKeys: async () => [keys as never] } })
  await whileListening(
    later((_request, response) => response.end()),
    async (url) => {
      expect((await fetch(url, withToken())).status).toBe(200)
      expect((await fetch(url)).status).toBe(401)
    },
  )
  const failing: Guard = { authenticate: () => Promise.reject(new Error('broken')), narrow: () => failing }
  await whileListening(
    guard(failing)((_request, response) => response.end('in')),
    async (url) => {
      const response = await fetch(url)
      expect([response.status, await response.text()]).toEqual([500, ''])
    },
  )
})
