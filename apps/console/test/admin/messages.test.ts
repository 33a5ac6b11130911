import type { AuditEventName } from '@tessera/server'
import { describe, expect, test } from 'vitest'
import { en } from '../../src/admin/language/en.ts'
import { ko } from '../../src/admin/language/ko.ts'
import { en as codes } from '../../src/language/en.ts'

/** All texts in a tree of messages, by their paths; what needs a word is given one. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'function') return [[path, String((value as (word: unknown) => string)(7))]]
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => textsOf(member, `${path}.${name}`))
}

describe('the words of the administration', () => {
  test('say the same things in both languages', () => {
    const paths = (messages: unknown): string[] => textsOf(messages).map(([path]) => path)
    expect(paths(ko).toSorted()).toEqual(paths(en).toSorted())
  })

  test('are empty nowhere, leave no piece of code open, and are translated', () => {
    const korean = new Map(textsOf(ko))
    const pieces = (text: string): number => text.split('`').length
    const wrong = textsOf(en).filter(([path, text]) => {
      const other = korean.get(path) ?? ''
      return text === '' || other === text || pieces(text) % 2 === 0 || pieces(other) !== pieces(text)
    })
    expect(wrong).toEqual([])
  })

  test('name every event of the audit trail', () => {
    // The compiler asks for an event that is new.
    const events: Readonly<Record<AuditEventName, true>> = {
      'user.created': true,
      'users.imported': true,
      'user.claims_changed': true,
      'user.disabled': true,
      'user.enabled': true,
      'user.deleted': true,
      'password.changed': true,
      'password.reset': true,
      'email.verified': true,
      'session.begun': true,
      'session.ended': true,
      'refresh.replayed': true,
      'token.revoked': true,
      'client.created': true,
      'client.secret_rotated': true,
      'client.revoked': true,
      'key.next': true,
      'key.active': true,
      'key.retired': true,
      'key.gone': true,
      'key.revoked': true,
      'secret.in_use': true,
      'secret.dropped': true,
      'data.handed_over': true,
      'data.reopened': true,
      'data.taken_in': true,
      'data.recovered': true,
      'admin.action': true,
    }
    expect(Object.keys(en.audit.events).toSorted()).toEqual(Object.keys(events).toSorted())
  })

  test('replace words of codes that there are', () => {
    for (const code of Object.keys(en.codes)) expect(Object.keys(codes.codes)).toContain(code)
  })
})
