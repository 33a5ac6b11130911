import { expect, test } from 'vitest'
import { chooseLanguage } from '../../src/language/choose.ts'

test.each([
  [null, ['ko-KR', 'en'], 'ko'],
  [null, ['KO'], 'ko'],
  [null, ['fr-FR', 'en-GB', 'ko'], 'en'],
  [null, ['fr', 'ko'], 'ko'],
  [null, ['fr'], 'en'],
  [null, [], 'en'],
  ['en', ['ko-KR'], 'en'],
  ['ko', ['en-US'], 'ko'],
  ['xx', ['ko-KR'], 'ko'],
  ['', ['ko-KR'], 'ko'],
])('remembered %j and preferred %j give %s', (remembered, preferred, tag) => {
  expect(chooseLanguage(remembered, preferred).tag).toBe(tag)
})
