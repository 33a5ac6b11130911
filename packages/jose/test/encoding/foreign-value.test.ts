import { describe, expect, test } from 'vitest'
import { readList, readMember } from '../../src/encoding/foreign-value.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { calculateThumbprint } from '../../src/jwk/thumbprint.ts'
import { createDecryptionJwkSet, createEncryptionJwkSet } from '../../src/jwks/encryption-set.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decode } from '../../src/jwt/decode.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { pairFor, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const failing = (): never => {
  throw new TypeError('the caller’s own')
}
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

test('readMember gives a member, and undefined where there is none or it cannot be read', () => {
  expect(readMember({ keys: 5 }, 'keys')).toBe(5)
  expect(readMember(Object.create({ keys: 5 }), 'keys')).toBe(5)
  expect(
    readMember(
      Object.assign(() => 0, { keys: 5 }),
      'keys',
    ),
  ).toBe(5)
  for (const value of [undefined, null, 'keys', 5, {}, new Proxy({}, { get: failing }), revoked({})])
    expect(readMember(value, 'keys')).toBe(undefined)
})

describe('readList', () => {
  test('gives a copy without holes', () => {
    const list = Object.assign([] as unknown[], { 0: 'a', length: 3 })
    const copy = readList(list, 5)
    expect(Object.keys(copy ?? [])).toEqual(['0', '1', '2'])
    expect(copy).not.toBe(list)
  })

  test('copies no more than tells that there are too many', () => {
    expect(readList(Object.assign([], { length: 2 ** 32 - 1 }), 5)).toHaveLength(6)
  })

  test('gives undefined for what is no array or cannot be read', () => {
    for (const value of [undefined, {}, 'abc', { length: 1 }, new Proxy([1], { get: failing }), revoked([])])
      expect(readList(value, 5)).toBe(undefined)
  })
})

describe('what cannot be read is refused with a code of ours', () => {
  const { publicJwk } = pairFor('ES256')
  const hostile = [
    [
      'a getter that throws',
      Object.defineProperty({ ...publicJwk }, 'x', { get: failing, enumerable: true }),
    ],
    ['a proxy that throws', new Proxy({ ...publicJwk }, { ownKeys: failing, get: failing })],
    ['a proxy that was revoked', revoked({})],
    ['an array that was revoked', revoked([])],
  ] as const

  test.each(hostile)('in place of a JWK: %s', async (_name, value) => {
    const jwk = value as typeof publicJwk
    expect(await outcomeLater(() => importKey(jwk))).toBe('key_invalid')
    expect(await outcomeLater(() => calculateThumbprint(jwk))).toBe('key_invalid')
    const keys = [jwk, publicJwk]
    expect(outcomeOf(() => createLocalJwkSet({ keys }))).toBe('accepted')
    expect(outcomeOf(() => createLocalJwkSet({ keys: [jwk] }))).toBe('key_invalid')
  })

  test('and what a getter of a JWK threw is the cause', async () => {
    const error = await rejection(importKey(hostile[0][1] as typeof publicJwk))
    expect(error).toMatchObject({ code: 'key_invalid', cause: { message: 'the caller’s own' } })
  })

  test.each(hostile)('in place of a JWK Set, or of its list: %s', (_name, value) => {
    const makers: ((set: { keys: [] }) => object)[] = [
      createLocalJwkSet,
      createEncryptionJwkSet,
      createDecryptionJwkSet,
    ]
    for (const set of [value, { keys: value }] as unknown as { keys: [] }[]) {
      for (const create of makers) expect(outcomeOf(() => create(set))).toBe('key_invalid')
    }
  })

  test.each(hostile)('in place of a schema, or of the options of a verifier: %s', (_name, value) => {
    const odd = value as never
    const policy = { keys: secret('HS256', sharedSecret), issuer: null, audience: null }
    expect(outcomeOf(() => createVerifier({ ...policy, schema: odd }))).toBe('option_invalid')
    expect(outcomeOf(() => createVerifier(odd))).toBe('option_invalid')
    expect(outcomeOf(() => createVerifier([odd] as never))).toBe('option_invalid')
  })

  test.each(hostile)('in place of a secret, a key or a token: %s', (_name, value) => {
    const odd = value as never
    expect(outcomeOf(() => secret('HS256', odd))).toBe('key_invalid')
    expect(outcomeOf(() => decode(token({}), odd))).toBe('key_invalid')
    expect(outcomeOf(() => decode(odd, secret('HS256', sharedSecret)))).toBe('malformed')
    expect(outcomeOf(() => decodeUnverified(odd))).toBe('malformed')
  })
})
