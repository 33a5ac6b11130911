import { expect, test } from 'vitest'
import { createRoutesByPath } from '../../src/http/routes-by-path.ts'

const find = createRoutesByPath({
  '/sessions': 1,
  '/sessions/others': 2,
  '/sessions/:id': 3,
  '/users/:id/end': 4,
})

test.each([
  ['/sessions', 1, {}],
  ['/sessions/others', 2, {}],
  ['/sessions/a%2Fb', 3, { id: 'a/b' }],
  ['/sessions/%zz', 3, { id: '%zz' }],
  ['/sessions/__proto__', 3, { id: '__proto__' }],
  ['/users/7/end', 4, { id: '7' }],
] as const)('%s belongs to a route, with its named parts decoded', (path, route, params) => {
  expect(find(path)).toEqual({ route, params })
})

test.each(['', '/', '/Sessions', '/sessions/', '/sessions/a/b', '/users/7', '/constructor', '/__proto__'])(
  '%j belongs to none',
  (path) => {
    expect(find(path)).toBeUndefined()
  },
)
