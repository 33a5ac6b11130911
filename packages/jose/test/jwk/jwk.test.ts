import { describe, expect, test } from 'vitest'
import { checkUse, parseJwk } from '../../src/jwk/jwk.ts'
import { pairFor } from '../forge.ts'
import { outcomeOf } from '../outcome.ts'

const ec = pairFor('ES256').publicJwk

const revokedProxy = (): object => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

describe('parseJwk', () => {
  test.each([
    ['text', '{"kty":"EC"}'],
    ['null', null],
    ['an array', [ec]],
    ['undefined', undefined],
    ['a number', 1],
    ['no kty', {}],
    ['a kty that is no text', { kty: 1 }],
    ['a kty with toString (T60)', { kty: { toString: () => 'EC' } }],
    ['a kid that is no text', { kty: 'EC', kid: 1 }],
    ['a kid that is null', { kty: 'EC', kid: null }],
    ['an alg that is an array', { kty: 'EC', alg: ['ES256'] }],
    ['a use that is an object', { kty: 'EC', use: {} }],
    ['a crv that is a number', { kty: 'EC', crv: 256 }],
    ['key_ops that is text', { kty: 'EC', key_ops: 'verify' }],
    ['key_ops with a number', { kty: 'EC', key_ops: ['verify', 1] }],
    ['key_ops that is null', { kty: 'EC', key_ops: null }],
    ['key_ops that is a proxy that was revoked', { kty: 'EC', key_ops: revokedProxy() }],
  ])('refuses %s', (_name, value) => {
    expect(outcomeOf(() => parseJwk(value))).toBe('key_invalid')
  })

  test('reads every member once (T59)', () => {
    let reads = 0
    const jwk = parseJwk({
      kty: 'oct',
      get k() {
        reads += 1
        return `AA${reads}`
      },
    })
    expect([jwk.k, jwk.k, reads]).toEqual(['AA1', 'AA1', 1])
  })
})

describe('checkUse (RFC 7517 §4.2, §4.3)', () => {
  test.each([
    [{}, 'verify', 'accepted'],
    [{ use: 'sig' }, 'verify', 'accepted'],
    [{ use: 'enc' }, 'verify', 'key_invalid'],
    [{ use: 'SIG' }, 'verify', 'key_invalid'],
    [{ use: '' }, 'sign', 'key_invalid'],
    [{ key_ops: ['verify'] }, 'verify', 'accepted'],
    [{ key_ops: ['sign', 'verify'] }, 'verify', 'accepted'],
    [{ key_ops: ['sign'] }, 'verify', 'key_invalid'],
    [{ key_ops: ['verify'] }, 'sign', 'key_invalid'],
    [{ key_ops: ['encrypt', 'decrypt'] }, 'verify', 'key_invalid'],
    [{ key_ops: [] }, 'verify', 'key_invalid'],
    [{ key_ops: ['verify', 'verify'] }, 'verify', 'key_invalid'],
    [{ use: 'sig', key_ops: ['deriveKey'] }, 'sign', 'key_invalid'],
    [{ use: 'enc', key_ops: ['verify'] }, 'verify', 'key_invalid'],
  ] as const)('%j to %s: %s', (members, operation, outcome) => {
    expect(outcomeOf(() => checkUse({ kty: 'EC', ...members }, [operation]))).toBe(outcome)
  })
})
