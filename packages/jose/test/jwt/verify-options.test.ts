/**
 * T67: options are read strictly, when they are given and not at the first token. In the libraries in use a misspelt
 * name, or a value that is undefined because a variable is missing, switches a check off in silence.
 */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { safeVerifyJwt, verifyJwt } from '../../src/jwt/verify.ts'
import { createVerifier, type CreateVerifierOptions } from '../../src/jwt/verifier.ts'
import { sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const good = { issuer: 'a', audience: 'b' } as const
const value = token({ iss: 'a', aud: 'b', exp: 4_000_000_000 })

/** The same answer is expected of every function that takes these options. */
async function outcomes(options: unknown): Promise<string> {
  const found = [
    await outcomeLater(() => verifyJwt(value, key, options as typeof good)),
    await outcomeLater(() => safeVerifyJwt(value, key, options as typeof good)),
    outcomeOf(() => createVerifier({ keys: key, ...(options as typeof good) })),
  ]
  return [...new Set(found)].join(', ')
}

test('good options are good', async () => {
  expect(await outcomes(good)).toBe('accepted')
})

describe('misspelt names are refused with the nearest', () => {
  test.each([
    ['audiance', 'audience'],
    ['audence', 'audience'],
    ['Audience', 'audience'],
    ['isuer', 'issuer'],
    ['issuers', 'issuer'],
    ['algoritms', 'algorithms'],
    ['algorithm', 'algorithms'],
    ['clockTolerance', 'clockToleranceSeconds'],
    ['clockToleranceSecond', 'clockToleranceSeconds'],
    ['maxAge', 'maxAgeSeconds'],
    ['requireExpp', 'requireExp'],
    ['require', 'required'],
    ['subjct', 'subject'],
    ['type', 'typ'],
    ['shema', 'schema'],
  ])('%s: %s', async (name, nearest) => {
    const options = { ...good, [name]: 'x' }
    expect(await outcomes(options)).toBe('option_invalid')
    const { message } = refusal(() => createVerifier({ keys: key, ...options }))
    expect(message).toContain(`"${name}"`)
    expect(message).toContain(`"${nearest}"`)
  })

  test('a name that is near to nothing gets the list', () => {
    const error = refusal(() => createVerifier({ keys: key, ...good, quux: 1 } as CreateVerifierOptions))
    expect(error.message).toContain('clockToleranceSeconds')
  })

  test('createVerifier knows its own option "keys"', () => {
    for (const name of ['key', 'keys_', 'Keys']) {
      const error = refusal(() =>
        createVerifier({ [name]: key, ...good } as unknown as CreateVerifierOptions),
      )
      expect(error.code).toBe('option_invalid')
      expect(error.message).toContain('"keys"')
    }
  })

  test('a name is cut short in the message', () => {
    const name = 'x'.repeat(10_000)
    const { message } = refusal(() => createVerifier({ keys: key, ...good, [name]: 1 }))
    expect(message.length).toBeLessThan(500)
  })

  test('names of Object.prototype are no options', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect(await outcomes({ ...good, [name]: 'x' })).toBe('option_invalid')
    expect(await outcomes(JSON.parse('{"issuer":"a","audience":"b","__proto__":1}'))).toBe('option_invalid')
  })
})

describe('issuer and audience must be there, and null alone waives them', () => {
  test.each([
    [{}],
    [{ issuer: 'a' }],
    [{ audience: 'b' }],
    [{ issuer: undefined, audience: 'b' }],
    [{ issuer: 'a', audience: undefined }],
    [{ issuer: '', audience: 'b' }],
    [{ issuer: 'a', audience: '' }],
    [{ issuer: [], audience: 'b' }],
    [{ issuer: 'a', audience: [] }],
    [{ issuer: ['a', ''], audience: 'b' }],
    [{ issuer: 'a', audience: ['b', undefined] }],
    [{ issuer: [['a']], audience: 'b' }],
    [{ issuer: false, audience: 'b' }],
    [{ issuer: 'a', audience: false }],
    [{ issuer: 123, audience: 'b' }],
    [{ issuer: { toString: () => 'a' }, audience: 'b' }],
    [{ issuer: /a/, audience: 'b' }],
    [{ issuer: 'a', audience: /b/g }],
    [{ issuer: (iss: string) => iss === 'a', audience: 'b' }],
    [{ issuer: Object('a'), audience: 'b' }],
    [{ issuer: new URL('https://a.example'), audience: 'b' }],
  ])('%# is option_invalid', async (options) => {
    expect(await outcomes(options)).toBe('option_invalid')
  })

  test('null waives', async () => {
    expect(await outcomes({ issuer: null, audience: null })).toBe('accepted')
  })

  test('a missing variable is asked for', () => {
    const options = { keys: key, issuer: 'a', audience: undefined } as unknown as CreateVerifierOptions
    expect(refusal(() => createVerifier(options)).message).toContain('is a variable not set?')
  })
})

describe('every other option has its type', () => {
  const bad: [string, unknown[]][] = [
    ['algorithms', [null, [], 'HS256', ['none'], ['hs256'], [1], new Set(['HS256']), {}]],
    ['typ', ['', [], [''], 5, ['at+jwt', 1], {}, true]],
    ['subject', ['', null, 5, ['a'], {}]],
    ['required', [null, 'exp', [1], [''], [null], {}, new Set(['exp'])]],
    ['requireExp', [null, 'false', 0, 1, {}]],
    ['maxAgeSeconds', [null, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', '5m', {}]],
    // T35, CVE-2026-107721: Infinity or NaN here would switch expiry off.
    ['clockToleranceSeconds', [null, -1, Number.NaN, Number.POSITIVE_INFINITY, 3601, 1e9, '5', {}]],
    ['schema', [null, {}, { parse: () => ({}) }, () => true, { '~standard': { version: 2 } }]],
    ['now', [null, '5', Number.NaN, Number.POSITIVE_INFINITY, new Date(), {}]],
    ['allowWeakKey', [null, 'false', 0, {}]],
  ]
  const cases = bad.flatMap(([name, values]) =>
    [undefined, ...values].map((given, at) => [name, at, given] as const),
  )

  test.each(cases)('%s: bad value %i', async (name, _at, given) => {
    expect(await outcomes({ ...good, [name]: given })).toBe('option_invalid')
  })

  test.each([
    [{ algorithms: ['HS256', 'ES256'] }],
    [{ typ: null }],
    [{ typ: ['JWT', 'at+jwt'] }],
    [{ subject: 'a' }],
    [{ required: [] }],
    [{ required: ['exp', 'exp', 'jti'] }],
    [{ requireExp: false }],
    [{ maxAgeSeconds: 0 }],
    [{ clockToleranceSeconds: 0 }],
    [{ clockToleranceSeconds: 3600 }],
    [{ clockToleranceSeconds: 0.5 }],
    [{ now: 0 }],
    [{ now: () => 0 }],
    [{ allowWeakKey: false }],
  ])('%# is taken', (options) => {
    const all: CreateVerifierOptions = { keys: key, ...good, ...(options as object) }
    expect(outcomeOf(() => createVerifier(all))).toBe('accepted')
  })

  test('a message names option, what is expected and what came', () => {
    const refuse = (options: object) =>
      refusal(() => createVerifier({ keys: key, ...good, ...options })).message
    expect(refuse({ requireExp: 'false' })).toMatch(/"requireExp".*true or false.*text/)
    expect(refuse({ clockToleranceSeconds: 4000 })).toMatch(/"clockToleranceSeconds".*3600/)
    expect(refuse({ clockToleranceSeconds: 4000 })).not.toContain('not finite')
    expect(refuse({ clockToleranceSeconds: Number.NaN })).toContain('not finite')
  })
})

test.each([[undefined], [null], ['a'], [5], [[]], [[good]], [() => good], [true]])(
  'options must be an object: %#',
  async (options) => {
    expect(await outcomeLater(() => verifyJwt(value, key, options as unknown as typeof good))).toBe(
      'option_invalid',
    )
    expect(await outcomeLater(() => safeVerifyJwt(value, key, options as unknown as typeof good))).toBe(
      'option_invalid',
    )
    // A list is one of policies, and the one in it has no key.
    const isList = Array.isArray(options) && options.length > 0
    expect(outcomeOf(() => createVerifier(options as unknown as CreateVerifierOptions))).toBe(
      isList ? 'key_invalid' : 'option_invalid',
    )
  },
)

test('options and lists are read when they are given: later changes do not matter', () => {
  const issuers = ['a']
  const options = { keys: key, issuer: issuers, audience: 'b' }
  const verifier = createVerifier(options)
  issuers.push('evil')
  issuers[0] = 'other'
  Object.assign(options, { issuer: null, audience: null })
  expect(outcomeOf(() => verifier.verifySync(value))).toBe('accepted')
  expect(outcomeOf(() => verifier.verifySync(token({ iss: 'evil', aud: 'b', exp: 4e9 })))).toBe(
    'claim_invalid',
  )
})

test('options are left as they were', () => {
  const options = Object.freeze({
    keys: key,
    issuer: Object.freeze(['a']),
    audience: 'b',
    required: Object.freeze(['x']),
  })
  createVerifier(options)
  expect(options).toEqual({ keys: key, issuer: ['a'], audience: 'b', required: ['x'] })
})

describe('T59 a getter is read once', () => {
  test('so that a check and its use see one value', () => {
    const reads: Record<string, number> = {}
    const options = {}
    const values = {
      keys: key,
      issuer: 'a',
      audience: 'b',
      algorithms: ['HS256'],
      clockToleranceSeconds: 5,
      required: ['x'],
    }
    for (const [name, first] of Object.entries(values)) {
      Object.defineProperty(options, name, {
        enumerable: true,
        get: () => {
          reads[name] = (reads[name] ?? 0) + 1
          return reads[name] === 1 ? first : null
        },
      })
    }
    createVerifier(options as CreateVerifierOptions)
    expect(reads).toEqual({
      keys: 1,
      issuer: 1,
      audience: 1,
      algorithms: 1,
      clockToleranceSeconds: 1,
      required: 1,
    })
  })
})
