import { describe, expect, test } from 'vitest'
import { splitToken } from '../../src/token/parts.ts'
import { sightRefreshToken } from '../../src/token/refresh-token.ts'
import { shortenPart } from '../../src/token/shorten.ts'

describe('a token', () => {
  test('has three parts, each with its place', () => {
    expect(splitToken('aa.bbb.c')).toEqual([
      { name: 'header', text: 'aa', start: 0 },
      { name: 'claims', text: 'bbb', start: 3 },
      { name: 'signature', text: 'c', start: 7 },
    ])
  })

  test.each(['', 'a', 'a.', '.', '..', 'a.b', 'a.b.c.d.e', '...'])(
    'that is broken (%j) can still be put together from its parts',
    (token) => {
      const parts = splitToken(token)
      expect(parts.map(({ text }) => text).join('.')).toBe(token)
      for (const { text, start } of parts) expect(token.slice(start, start + text.length)).toBe(text)
    },
  )
})

describe('a part in few characters', () => {
  const part = { name: 'claims', text: 'abcdefghijklmnopqrstuvwxyz', start: 10 } as const
  const read = (at?: number): string =>
    shortenPart(part, at === undefined ? undefined : new Set([at]))
      .map(({ text, isChanged }) => (isChanged ? `[${text}]` : text))
      .join('')

  test('is its beginning, or what stands around the change', () => {
    expect(read()).toBe('abcdefghi…')
    expect(read(10)).toBe('[a]bcde…')
    expect(read(22)).toBe('…ijkl[m]nopq…')
    expect(read(35)).toBe('…vwxy[z]')
  })

  test('ignores a change in another part', () => {
    expect(read(3)).toBe('abcdefghi…')
    expect(read(36)).toBe('abcdefghi…')
  })

  test('stays whole when it is short', () => {
    expect(shortenPart({ ...part, text: 'abc' })).toEqual([{ text: 'abc', isChanged: false }])
  })
})

describe('the sight of a refresh token', () => {
  test('is everything but what makes it valid', () => {
    expect(sightRefreshToken('rt_k1.s1.12.secret')).toEqual({ prefix: 'rt_k1.s1.12', generation: 12 })
  })

  test.each(['', 'opaque', 'rt_k1.s1.secret', 'rt_k1.s1.x.secret', 'rt_k1.s1.1.secret.more', 'a.b..c'])(
    'is nothing when it has another form (%j)',
    (text) => {
      expect(sightRefreshToken(text)).toBeNull()
    },
  )
})
