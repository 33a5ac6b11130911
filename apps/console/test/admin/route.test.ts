import { describe, expect, test } from 'vitest'
import { linkTo, parseRoute } from '../../src/admin/route.ts'

describe('the part of the address after #', () => {
  test.each([
    ['', { section: 'users', query: {} }],
    ['#', { section: 'users', query: {} }],
    ['#nonsense', { section: 'users', query: {} }],
    ['#keys', { section: 'keys', query: {} }],
    ['#users/new', { section: 'users', item: 'new', query: {} }],
    ['#users?search=a+b%26c', { section: 'users', query: { search: 'a b&c' } }],
    ['#users/%E0%A4%A', { section: 'users', query: {} }],
    ['#audit?id=x?y', { section: 'audit', query: { id: 'x' } }],
  ])('%j is read', (fragment, route) => {
    expect(parseRoute(fragment)).toEqual(route)
  })

  test.each([
    ['users', undefined, {}],
    ['users', 'a/b?c#d', {}],
    ['audit', undefined, { id: '-_x', search: 'ä & ß' }],
    ['clients', 'https://api.example/v1', {}],
  ] as const)('a link to %s, %s, %j leads there', (section, item, query) => {
    const route = parseRoute(linkTo(section, item, query))
    expect(route).toEqual({ section, ...(item !== undefined && { item }), query })
  })

  test('leaves out what is empty', () => {
    expect(linkTo('users', undefined, { search: '' })).toBe('#users')
  })
})
