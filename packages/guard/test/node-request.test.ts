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

test('gives every Authorization header where several came, which Node hides, in any case', () => {
  for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
    const rawHeaders = ['Authorization', 'Bearer a', 'Host', 'x', name, 'Bearer b']
    expect(headersOf({ headers: { authorization: 'Bearer a' }, rawHeaders })).toEqual([
      ['Authorization', 'Bearer a'],
      [name, 'Bearer b'],
    ])
  }
})

test('takes no value for a name', () => {
  const headers = { authorization: 'Bearer a' }
  const rawHeaders = ['Authorization', 'Bearer a', 'X-Wanted', 'authorization', 'Host', 'x']
  expect(headersOf({ headers, rawHeaders })).toBe(headers)
})
