import { describe, expect, test } from 'vitest'
import { normaliseUsername, parseUsername } from '../../src/accounts/username.ts'

describe('user names', () => {
  test.each(['ada', 'ada@example.com', '김철수', 'Ada Lovelace', 'x', 'a'.repeat(255)])(
    '%s may be one',
    (name) => {
      expect(parseUsername(name)).toMatchObject({ ok: true, username: name })
    },
  )

  test.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['a space before', ' ada'],
    ['a line break', 'ada\nroot'],
    ['a zero octet', 'ada\u0000'],
    ['a turned reading direction', 'ada\u202eroot'],
    ['an invisible character', 'ad\u200ba'],
    ['half a character', 'ada\ud800'],
    ['256 characters', 'a'.repeat(256)],
  ])('%s may not', (_kind, name) => {
    expect(parseUsername(name).ok).toBe(false)
  })

  test.each([
    ['case', 'ADA', 'ada'],
    ['width', 'ａｄａ', 'ada'],
    ['composition', 'e\u0301mile', '\u00e9mile'],
    ['the final sigma', 'ΟΔΟΣ', 'οδος'],
    ['the sharp s', 'STRASSE', 'straße'],
  ])('names that differ in %s only are one', (_kind, one, other) => {
    expect(normaliseUsername(one)).toBe(normaliseUsername(other))
  })

  test('normalising twice changes nothing more', () => {
    for (const name of ['ΟΔΟΣ', 'Straße', 'İstanbul', 'ﬁn', '㎏']) {
      const once = normaliseUsername(name)
      expect(normaliseUsername(once)).toBe(once)
    }
  })
})
