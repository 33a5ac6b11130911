import { describe, expect, test } from 'vitest'
import { isOverlongPassword, normalisePassword, passwordFault } from '../../src/accounts/passwords.ts'

const fault = (password: string, username = 'ada') => passwordFault(password, username)

describe('an acceptable password (NIST SP 800-63B-4 §3.1.1.2)', () => {
  test.each([
    'correct horse battery staple',
    'xkcd-936 but longer',
    'ㅏㅜㅑㅕ 나는 매일 아침 산책을 한다',
    'пятнадцать символов',
    'only lower case letters here',
    '839201748201937',
    'tessera means a small tablet',
    ' spaces stay where they are ',
  ])('takes %j', (password) => {
    expect(fault(password)).toBeUndefined()
  })

  test('counts characters, not code units or octets', () => {
    const emoji = ['🐘', '🌵', '🪁', '🧭', '🎻', '🥨', '🪵', '🦉', '🧵', '⛵️', '🎏', '🍋', '🪞', '🫖']
    expect(fault(emoji.slice(0, 13).join(''))).toContain('at least 15')
    expect(fault(`${emoji.join('')}🐌`)).toBeUndefined()
  })

  test('says how long it has to be, and how long it may be', () => {
    expect(fault('fourteen chars')).toMatch(/at least 15 characters, got 14/)
    expect(fault('an odd phrase '.repeat(19))).toMatch(/at most 256 characters/)
    expect(fault('나는 매일 아침 산책을 '.repeat(19))).toBeUndefined()
    expect(fault('나는 매일 산책을'.repeat(56))).toMatch(/at most 256/)
  })

  test.each([
    ['123456789012345', 'a run of digits'],
    ['987654321098765', 'a run backwards'],
    ['qwertyuiopasdfgh', 'keys in a row'],
    ['aaaaaaaaaaaaaaaa', 'one letter'],
    ['abc123abc123abc123', 'a piece over and over'],
    ['passwordpassword', 'a common word twice'],
    ['Password1234567', 'a common word, filled up'],
    ['P@ssw0rdP@ssw0rd', 'a common word in leet'],
    ['password password', 'a common word with a space'],
    ['!!!iloveyou!!!!!!', 'a common word with marks'],
    ['adminpassword123', 'two common words, filled up'],
    ['1qaz2wsx3edc4rfv', 'one of the list'],
    ['Polniypizdec0211', 'one of the list in another case'],
    ['hd764nw5d7e1vb1', 'one of the list that no pattern explains'],
    ['Steelers19750101', 'one of the list, filled up'],
    ['superman superman', 'one of the list twice'],
    ['Slipknot@Slipknot', 'one of the list with a mark between'],
  ])('refuses %s: %s', (password) => {
    expect(fault(password)).toContain('tried first')
  })

  test('refuses the user name, repeated or decorated', () => {
    expect(fault('lovelace-lovelace', 'lovelace')).toContain('user name')
    expect(fault('Ada.Lovelace.1815', 'ada.lovelace@example.com')).toContain('user name')
    expect(fault('lovelace met babbage once', 'lovelace')).toBeUndefined()
  })

  test('refuses the name of the service, alone and with that of the user', () => {
    const host = 'auth.fjordbank.example'
    for (const password of [
      'fjordbank-fjordbank',
      'Fjordbank12345678',
      'ada@fjordbank.2026',
      'lovelace.fjordbank!',
    ]) {
      expect(
        passwordFault(password, password.startsWith('ada') ? 'ada' : 'lovelace@mail.example', host),
      ).toContain('name of this service')
    }
    expect(passwordFault('fjordbank opens at nine', 'ada', host)).toBeUndefined()
  })

  test('never repeats the password in its reason', () => {
    for (const password of ['short', 'passwordpassword', 'ada-ada-ada-ada-ada']) {
      expect(fault(password)).not.toContain(password)
    }
  })
})

describe('the form that is hashed', () => {
  test('is one for both Unicode forms of a password', () => {
    expect(normalisePassword('e\u0301cole buissonniere')).toBe(normalisePassword('\u00e9cole buissonniere'))
  })

  test('is bounded before it is hashed (P29)', () => {
    expect(isOverlongPassword('x'.repeat(1024))).toBe(false)
    expect(isOverlongPassword('x'.repeat(1025))).toBe(true)
    expect(isOverlongPassword('é'.repeat(513))).toBe(true)
  })
})
