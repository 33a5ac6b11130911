import { describe, expect, test } from 'vitest'
import { explainMembers } from '../../src/explain/members.ts'
import { en } from '../../src/language/en.ts'
import { ko } from '../../src/language/ko.ts'

const reading = { part: 'claims', messages: en, nowSeconds: 1000 } as const

describe('the members of a token', () => {
  test('keep their order, and name what they mean and where that is written', () => {
    const explained = explainMembers({ sub: 'u1', iss: 'https://id.example' }, reading)
    expect(explained).toMatchObject([
      { member: 'sub', value: 'u1', words: { name: 'Subject', source: 'RFC 7519 §4.1.2' } },
      { member: 'iss', value: 'https://id.example', words: { name: 'Issuer', source: 'RFC 7519 §4.1.1' } },
    ])
  })

  test('speak the language of the page', () => {
    const [header] = explainMembers({ alg: 'ES256' }, { ...reading, part: 'header', messages: ko })
    expect(header).toMatchObject({ value: 'ES256', words: ko.header['alg'] })
  })

  test('that are times carry the date and how far away it is', () => {
    const [exp] = explainMembers({ exp: 1600 }, reading)
    expect(exp).toMatchObject({ value: '1600', distance: 'in 10 min 0 s' })
    expect(exp?.date).toContain('1970')
  })

  test.each([['text'], [1e300], [null], [{}], [Number.MAX_VALUE]])(
    'with %j in the place of a time are shown as they are',
    (exp) => {
      const [explained] = explainMembers({ exp }, reading)
      expect(explained).not.toHaveProperty('date')
    },
  )

  test('that nobody knows are called private, whatever their name', () => {
    const members = JSON.parse('{"constructor":1,"toString":[2],"__proto__":{"a":3},"plan":"free"}') as object
    const explained = explainMembers({ ...members }, reading)
    for (const { words } of explained) expect(words.meaning).toBe(en.look.unknownClaim)
    expect(explained.map(({ value }) => value)).toContain('free')
  })

  test('of the header are not taken for claims of the same name', () => {
    const [exp] = explainMembers({ exp: 1600 }, { ...reading, part: 'header' })
    expect(exp).not.toHaveProperty('date')
    expect(exp?.words.meaning).toBe(en.look.unknownHeader)
  })
})
