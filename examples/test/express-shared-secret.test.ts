import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { secret, signJwt } from '@tessera/jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, issueToken } from '../express-shared-secret.ts'

const key = secret('HS256', 'a secret of at least 32 characters')
let server: Server
let url: string

beforeAll(async () => {
  server = createServer(createApp(key))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/me`
})

afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
})

const withToken = (token: string): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${token}` } })

test('lets in who holds a token that the example made', async () => {
  const response = await withToken(await issueToken(key, 'alice'))
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ hello: 'alice' })
})

test('asks for a token where none came', async () => {
  const response = await fetch(url)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
})

test('refuses a changed token, an old one, and one made with another secret', async () => {
  const token = await issueToken(key, 'alice')
  const named = { issuer: 'https://shop.example', audience: 'https://api.shop.example', subject: 'alice' }
  const old = await signJwt({}, key, { ...named, expiresIn: '1s', now: Date.now() / 1000 - 60 })
  const foreign = await issueToken(secret('HS256', 'another secret of 32 characters!'), 'alice')
  const codes = await Promise.all(
    [token.replace(/.(?=.{10}$)/, (found) => (found === 'A' ? 'B' : 'A')), old, foreign].map(async (each) => {
      const response = await withToken(each)
      return [response.status, ((await response.json()) as { code: string }).code]
    }),
  )
  expect(codes).toEqual([
    [401, 'bad_signature'],
    [401, 'expired'],
    [401, 'bad_signature'],
  ])
})
