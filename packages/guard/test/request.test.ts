import { expect, test } from 'vitest'
import { guard } from '../src/request.ts'
import { makeToken, options, withToken } from './setup.ts'

const check = guard(options)

test('gives auth or the response to give, never both', async () => {
  const good = await check(new Request('https://api.example/', withToken()))
  expect(good).toEqual({ auth: expect.objectContaining({ token: makeToken() }) })
  const bad = await check(new Request('https://api.example/'))
  expect(Object.keys(bad)).toEqual(['response'])
  expect(bad.response?.status).toBe(401)
})

test('leaves the body of the request unread', async () => {
  const request = new Request('https://api.example/', { method: 'POST', body: 'text', ...withToken() })
  await check(request)
  expect(request.bodyUsed).toBe(false)
  expect(await request.text()).toBe('text')
})

test('gives a fresh response each time, whose headers its receiver may change', async () => {
  const [first, second] = [
    await check(new Request('https://a.example')),
    await check(new Request('https://a.example')),
  ]
  first.response?.headers.set('x-own', 'set')
  expect(second.response?.headers.has('x-own')).toBe(false)
  expect(await second.response?.json()).toMatchObject({ code: 'token_missing' })
})
