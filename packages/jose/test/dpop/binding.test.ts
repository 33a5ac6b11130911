import { describe, expect, test } from 'vitest'
import { boundThumbprint, checkDpopBinding } from '../../src/dpop/index.ts'
import type { ClaimsSet, Verified } from '../../src/index.ts'
import { outcomeOf, refusal } from '../outcome.ts'

/** Claims as if they had been verified. */
const verified = (claims: ClaimsSet): Verified<ClaimsSet> => claims as Verified<ClaimsSet>

describe('the key that an access token is bound to (RFC 9449 §6.1)', () => {
  test('is named by cnf.jkt', () => {
    expect(boundThumbprint(verified({ cnf: { jkt: 'thumb' } }))).toBe('thumb')
    checkDpopBinding(verified({ cnf: { jkt: 'thumb' } }), 'thumb')
  })

  test.each([[{}], [{ cnf: {} }], [{ cnf: { 'x5t#S256': 'certificate' } }]])('is none in %j', (claims) => {
    expect(boundThumbprint(verified(claims))).toBeUndefined()
    const { code, claim } = refusal(() => checkDpopBinding(verified(claims), 'thumb'))
    expect({ code, claim }).toEqual({ code: 'claim_missing', claim: 'cnf' })
  })

  test.each([['another'], ['thum'], ['thumbs'], ['THUMB']])('is not %s', (other) => {
    const { code, claim } = refusal(() => checkDpopBinding(verified({ cnf: { jkt: 'thumb' } }), other))
    expect({ code, claim }).toEqual({ code: 'claim_invalid', claim: 'cnf' })
  })

  test.each([
    [{ cnf: null }],
    [{ cnf: 'thumb' }],
    [{ cnf: ['thumb'] }],
    [{ cnf: { jkt: null } }],
    [{ cnf: { jkt: '' } }],
    [{ cnf: { jkt: ['thumb'] } }],
    [{ cnf: { jkt: 5 } }],
  ])('%j is no binding, and no licence to do without one', (claims) => {
    expect(outcomeOf(() => boundThumbprint(verified(claims)))).toBe('claim_invalid')
    expect(outcomeOf(() => checkDpopBinding(verified(claims), 'thumb'))).toBe('claim_invalid')
  })

  test('an inherited cnf is none', () => {
    expect(boundThumbprint(verified(Object.create({ cnf: { jkt: 'thumb' } })))).toBeUndefined()
  })
})
