import { tokenErrorCodes } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { chooseLanguage } from '../../src/language/choose.ts'
import { en } from '../../src/language/en.ts'
import { ko } from '../../src/language/ko.ts'

/** The paths of all texts in a tree of messages. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, `${path}.${name}`))
}

describe('the two languages', () => {
  test('say the same things', () => {
    expect(pathsOf(ko).toSorted()).toEqual(pathsOf(en).toSorted())
  })

  test('leave nothing empty and nothing untranslated', () => {
    expect(JSON.stringify(ko)).not.toContain('""')
    for (const [code, words] of Object.entries(en.codes)) {
      expect(ko.codes[code as keyof typeof ko.codes].what).not.toBe(words.what)
    }
  })

  test('explain every code that a call of the page can meet', () => {
    const met = tokenErrorCodes.filter(
      (code) =>
        ![
          'option_invalid',
          'decrypt_failed',
          'key_ambiguous',
          'too_old',
          'schema_invalid',
          'replayed',
          'weak_key',
          'key_invalid',
          'unsupported',
        ].includes(code),
    )
    for (const code of [...met, 'token_missing', 'request_invalid', 'credentials_invalid']) {
      expect(Object.keys(en.codes)).toContain(code)
    }
  })
})

describe('the language of a visit', () => {
  test('is the remembered one, else the first preferred that is known, else English', () => {
    expect(chooseLanguage('ko', ['en-US'])).toBe(ko)
    expect(chooseLanguage(null, ['fr', 'ko-KR', 'en'])).toBe(ko)
    expect(chooseLanguage(null, ['fr'])).toBe(en)
    expect(chooseLanguage('xx', [])).toBe(en)
  })
})
