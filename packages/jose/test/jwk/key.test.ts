import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { importKey } from '../../src/jwk/import.ts'
import { isKey, type Key } from '../../src/jwk/key.ts'
import { isKeySet } from '../../src/jwk/key-set.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { pairFor, sharedSecret } from '../forge.ts'
import { outcomeOf } from '../outcome.ts'

const own = await importKey(pairFor('ES256').privateJwk, { type: 'private' })

describe('a key', () => {
  test('shows nothing of its material when it is logged, written as JSON or listed', () => {
    const d = String(pairFor('ES256').privateJwk.d)
    for (const key of [secret('HS256', sharedSecret), own] as Key[]) {
      const shown = [
        JSON.stringify(key),
        inspect(key, { depth: 9, showHidden: true }),
        Reflect.ownKeys(key),
      ].join()
      expect(shown).not.toContain(sharedSecret)
      expect(shown).not.toContain(d)
    }
  })

  test('is frozen: its algorithm cannot be changed', () => {
    expect(() => Object.assign(own, { algorithm: 'HS256' })).toThrow(TypeError)
    expect(Object.isFrozen(own) && Object.isFrozen(own.publicKey)).toBe(true)
  })

  test('cannot be copied or made up: only the library’s own objects count', () => {
    const key = secret('HS256', sharedSecret)
    const token = encode({ a: 1 }, key)
    for (const fake of [{ ...key }, structuredClone(key), Object.create(key) as object]) {
      expect(isKey(fake)).toBe(false)
      expect(outcomeOf(() => decode(token, fake as typeof key))).toBe('key_invalid')
      expect(outcomeOf(() => encode({ a: 1 }, fake as typeof key))).toBe('key_invalid')
    }
  })

  test('through a proxy is not a key', () => {
    expect(isKey(new Proxy(own, {}))).toBe(false)
  })

  test.each([null, undefined, 5, 'key', {}, [], () => 1])('is not %j', (value) => {
    expect(isKey(value)).toBe(false)
  })
})

test.each([
  [{ selectKeys: () => [] }, true],
  [{ selectKeys: 1 }, false],
  [{}, false],
  [null, false],
  ['selectKeys', false],
])('isKeySet goes by selectKeys: %#', (value, yes) => {
  expect(isKeySet(value)).toBe(yes)
})
