import { expect, test } from 'vitest'
import { headersOf } from '../src/node-request.ts'

test('gives what a middleware put into the headers', () => {
  const headers = { authorization: 'Bearer a' }
  expect(headersOf({ headers, rawHeaders: ['Host', 'x'] })).toBe(headers)
  expect(headersOf({ headers })).toBe(headers)
})

test('respects a middleware that took away or replaced the one header that came', () => {
  const rawHeaders = ['Authorization', 'Bearer a']
  for (const headers of [{}, { authorization: 'Bearer b' }])
    expect(headersOf({ headers, rawHeaders })).toBe(headers)
})

test('gives every Authorization header where several came, which Node hides', () => {
  const rawHeaders = ['Authorization', 'Bearer a', 'Host', 'x', 'authorization', 'Bearer b']
  expect(headersOf({ headers: { authorization: 'Bearer a' }, rawHeaders })).toEqual([
    ['Authorization', 'Bearer a'],
    ['authorization', 'Bearer b'],
  ])
})
