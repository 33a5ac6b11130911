import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { isJoseError, JoseError, orThrow, Refusal, tokenErrorCodes } from '../src/errors.ts'

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

describe('the stack of a thrown refusal', () => {
  const settings = Error as { stackTraceLimit?: number }
  /** V8 has the setting, and so has Bun, whose engine counts in its own way. */
  const hasLimit = settings.stackTraceLimit !== undefined && !('Bun' in globalThis)
  const deep = (levels: number): object => (levels === 0 ? orThrow<object>(refusal()) : deep(levels - 1))
  const refusal = (): Refusal => new Refusal('malformed', 'token: expected text')

  /** Frames of a refusal that is thrown below many others, and the limit that is left behind. */
  function framesUnder(limit: number): [number, number | undefined] {
    const before = settings.stackTraceLimit
    settings.stackTraceLimit = limit
    try {
      return [0, Number(deep(30))]
    } catch (error) {
      return [(error as Error).stack!.split('\n    at ').length - 1, settings.stackTraceLimit]
    } finally {
      settings.stackTraceLimit = before!
    }
  }

  test('has the nearest frames alone, and the limit of all others is as before', () => {
    expect(hasLimit ? framesUnder(10) : [5, 10]).toEqual([5, 10])
  })

  test('has as many frames as somebody asked for', () => {
    for (const limit of hasLimit ? [0, 3, 9, 11, 25] : []) expect(framesUnder(limit)).toEqual([limit, limit])
  })

  test('is no hindrance where Error is frozen', () => {
    const frozen = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')
    if (frozen === undefined) return
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false, configurable: true })
    try {
      expect(() => orThrow<object>(refusal())).toThrow(JoseError)
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', frozen)
    }
  })
})
