import { describe, expect, test } from 'vitest'
import { checkRequirement, joinRequirements, scopesOf, unmetPart } from '../src/scope.ts'
import type { Requirement } from '../src/scope.ts'

function unmet(requirement: Requirement, claims: Record<string, unknown>): 'scopes' | 'roles' | undefined {
  return unmetPart(checkRequirement(requirement), claims, scopesOf(claims))
}

describe('scopesOf', () => {
  test('splits the scope claim at its spaces', () => {
    expect(scopesOf({ scope: 'a b:c https://x/y' })).toEqual(['a', 'b:c', 'https://x/y'])
    expect(scopesOf({ scope: ' a  b ' })).toEqual(['a', 'b'])
  })

  test('gives a list that nobody can change: whoever has the same scopes has the same one', () => {
    const names = scopesOf({ scope: 'x y' })
    expect(Object.isFrozen(names)).toBe(true)
    expect(scopesOf({ scope: 'x' })).toEqual(['x'])
    expect(scopesOf({ scope: 'x y' })).toEqual(names)
  })

  test.each([undefined, '', ['a'], { a: true }, 5, null])('gives none for a scope claim of %j', (scope) => {
    expect(scopesOf({ scope })).toEqual([])
  })

  test('leaves out what is no scope-token (RFC 6749 §3.3)', () => {
    expect(scopesOf({ scope: 'a "b" c\\ d\te \u00e9' })).toEqual(['a'])
  })
})

describe('a requirement', () => {
  test('asks for every scope', () => {
    expect(unmet({ scopes: 'a b' }, { scope: 'b c a' })).toBeUndefined()
    expect(unmet({ scopes: ['a', 'b'] }, { scope: 'a' })).toBe('scopes')
  })

  test('compares scopes whole and with their case', () => {
    expect(unmet({ scopes: 'admin' }, { scope: 'administrator Admin' })).toBe('scopes')
  })

  test('asks for one of the roles', () => {
    expect(unmet({ roles: ['admin', 'editor'] }, { roles: ['editor'] })).toBeUndefined()
    expect(unmet({ roles: ['admin', 'editor'] }, { roles: ['reader'] })).toBe('roles')
    expect(unmet({ roles: 'admin' }, { roles: 'admin' })).toBe('roles')
    expect(unmet({ roles: 'admin' }, {})).toBe('roles')
  })

  test('is met by any token when it asks for nothing', () => {
    expect(unmet({}, {})).toBeUndefined()
  })

  test('joined with another asks for both, and never for less', () => {
    const both = joinRequirements(
      checkRequirement({ scopes: 'a', roles: 'admin' }),
      checkRequirement({ scopes: 'a b', roles: ['editor', 'reader'] }),
    )
    expect(both.scopes).toEqual(['a', 'b'])
    expect(unmetPart(both, { roles: ['editor'] }, ['a', 'b'])).toBe('roles')
    expect(unmetPart(both, { roles: ['admin', 'reader'] }, ['a', 'b'])).toBeUndefined()
  })

  test.each([
    { scopes: [] },
    { scopes: '' },
    { scopes: 'a  b' },
    { scopes: ['a b'] },
    { scopes: ['a"'] },
    { scopes: undefined },
    { scopes: null },
    { scopes: 5 },
    { roles: [] },
    { roles: '' },
    { roles: [5] },
    { roles: undefined },
  ])('refuses %j, which says nothing that could be checked', (requirement) => {
    expect(() => checkRequirement(requirement as Requirement)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })
})
