/** P26: which document goes to which consumer (RFC 8725 §3.11, RFC 7515 §4.1.9). */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { forge, sharedSecret } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const outcome = (header: object, typ?: string | readonly string[] | null): string => {
  const options = {
    issuer: null,
    audience: null,
    requireExp: false,
    ...(typ === undefined ? {} : { typ }),
  } as const
  return outcomeOf(() =>
    createVerifier({ keys: key, ...options }).verifySync(forge({ alg: 'HS256', ...header }, {})),
  )
}

const documents = [
  {},
  { typ: 'JWT' },
  { typ: 'at+jwt' },
  { typ: 'dpop+jwt' },
  { typ: 'logout+jwt' },
  { typ: 'secevent+jwt' },
  { typ: 'tessera-feed+jwt' },
  { typ: 'JOSE' },
]
const names = documents.map(({ typ }) => typ ?? '(none)')
const taken = (typ?: string | readonly string[] | null): string[] =>
  documents.filter((header) => outcome(header, typ) === 'accepted').map((header) => header.typ ?? '(none)')

describe('verifyJwt', () => {
  test('takes an absent typ, JWT and at+jwt when none is named', () => {
    expect(taken()).toEqual(['(none)', 'JWT', 'at+jwt'])
  })

  test.each(['at+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'tessera-feed+jwt', 'JWT', 'JOSE'])(
    'takes %s alone when it is named',
    (typ) => {
      expect(taken(typ)).toEqual([typ])
      expect(taken([typ])).toEqual([typ])
    },
  )

  test('takes one of several', () => {
    expect(taken(['at+jwt', 'JWT'])).toEqual(['JWT', 'at+jwt'])
  })

  test('takes every typ when the check is waived with null', () => {
    expect(taken(null)).toEqual(names)
  })

  test('says that a token of another kind came', () => {
    const options = { keys: key, issuer: null, audience: null } as const
    const error = refusal(() =>
      createVerifier({ ...options, typ: 'at+jwt' }).verifySync(forge({ alg: 'HS256', typ: 'evil' }, {})),
    )
    expect(error.code).toBe('typ_mismatch')
    expect(error.message).toContain('at+jwt')
    expect(error.message).not.toContain('evil')
  })
})

describe('spellings (RFC 7515 §4.1.9)', () => {
  test.each(['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+jwt'])(
    '%s is at+jwt',
    (typ) => {
      expect(outcome({ typ }, 'at+jwt')).toBe('accepted')
      expect(outcome({ typ: 'at+jwt' }, typ)).toBe('accepted')
      expect(outcome({ typ }, 'application/at+jwt')).toBe('accepted')
    },
  )

  test.each([
    'at+jwt ',
    ' at+jwt',
    'at-jwt',
    'xat+jwt',
    'at+jwtx',
    'text/at+jwt',
    'application/',
    'application/at+jwt/x',
    'application/application/at+jwt',
    '',
  ])('%j is not at+jwt', (typ) => {
    expect(outcome({ typ }, 'at+jwt')).toBe('typ_mismatch')
  })

  test('an empty typ is not an absent one', () => {
    for (const typ of ['', 'application/']) {
      expect(outcome({ typ })).toBe('typ_mismatch')
      expect(outcome({ typ }, null)).toBe('accepted')
    }
  })

  test('jwt in any case is JWT, and application/jwt too', () => {
    for (const typ of ['JWT', 'jwt', 'Jwt', 'application/jwt', 'application/JWT'])
      expect(outcome({ typ })).toBe('accepted')
  })
})

test('decode takes any typ', () => {
  for (const header of documents)
    expect(outcomeOf(() => decode(forge({ alg: 'HS256', ...header }, {}), key))).toBe('accepted')
})

test('the signature is looked at before typ', () => {
  const forged = forge({ alg: 'HS256', typ: 'other' }, {}, { key: new Uint8Array(32).fill(1) })
  const verifier = createVerifier({ keys: key, issuer: null, audience: null })
  expect(outcomeOf(() => verifier.verifySync(forged))).toBe('bad_signature')
})
