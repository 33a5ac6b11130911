import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { isJoseError, JoseError, tokenErrorCodes } from '../src/errors.ts'

test('the codes are those of the one vocabulary, each once', () => {
  expect([...tokenErrorCodes].sort()).toEqual(
    (
      'alg_not_allowed bad_signature claim_invalid claim_missing crit_unsupported decrypt_failed expired ' +
      'key_ambiguous key_invalid key_not_found keys_unavailable malformed not_yet_valid option_invalid replayed ' +
      'revoked schema_invalid too_large too_old typ_mismatch unsupported weak_key'
    ).split(' '),
  )
  expect(new Set(tokenErrorCodes).size).toBe(tokenErrorCodes.length)
})

describe('JoseError', () => {
  test('is an Error with name, code and message; claim and cause where there are some', () => {
    const error = new JoseError('revoked', 'a message')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'JoseError', code: 'revoked', message: 'a message' })
    expect(Object.hasOwn(error, 'claim')).toBe(false)
    expect(Object.hasOwn(error, 'cause')).toBe(false)
    const cause = new Error('below')
    expect(new JoseError('too_old', 'x', { claim: 'iat', cause })).toMatchObject({ claim: 'iat', cause })
    expect(String(error)).toBe('JoseError: a message')
  })

  test('says when a token expired, where it did', () => {
    const expiredAt = new Date(5000)
    const error = new JoseError('expired', 'x', { claim: 'exp', expiredAt })
    expect(error.expiredAt).toBe(expiredAt)
    expect(Object.hasOwn(new JoseError('revoked', 'x'), 'expiredAt')).toBe(false)
  })
})

describe('isJoseError', () => {
  test('knows an error of another realm or of a second copy of the library', () => {
    expect(isJoseError(new JoseError('revoked', 'x'))).toBe(true)
    const foreign: unknown = runInNewContext(
      'Object.assign(new Error("x"), { name: "JoseError", code: "expired" })',
    )
    expect(isJoseError(foreign)).toBe(true)
  })

  test.each([
    [new Error('x')],
    [Object.assign(new Error('x'), { code: 'expired' })],
    [Object.assign(new Error('x'), { name: 'JoseError', code: 'ENOENT' })],
    [Object.assign(new Error('x'), { name: 'JoseError', code: ['expired'] })],
    [null],
    [undefined],
    ['expired'],
    [{ code: 'expired' }],
  ])('does not take other values for one: %#', (value) => {
    expect(isJoseError(value)).toBe(false)
  })
})
