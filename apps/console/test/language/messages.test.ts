import { requestErrorCodes } from '@tessera/guard'
import { tokenErrorCodes } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { en } from '../../src/language/en.ts'
import { ko } from '../../src/language/ko.ts'

/** The paths of all texts in a tree of messages. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, `${path}.${name}`))
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
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

  test('explain every code of the vocabulary', () => {
    for (const code of [...tokenErrorCodes, ...requestErrorCodes])
      expect(Object.keys(en.codes)).toContain(code)
    expect(Object.keys(en.codes)).toHaveLength(new Set([...tokenErrorCodes, ...requestErrorCodes]).size)
  })

  test('leave no piece of code open', () => {
    for (const messages of [en, ko]) {
      expect(textsOf(messages).filter((text) => text.split('`').length % 2 === 0)).toEqual([])
    }
  })
})
