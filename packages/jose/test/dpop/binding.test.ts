import { describe, expect, test } from 'vitest'
import { boundThumbprint, checkDpopBinding } from '../../src/dpop/index.ts'
import type { ClaimsSet } from '../../src/index.ts'
import { outcomeOf, refusal } from '../outcome.ts'

describe('the key that an access token is bound to (RFC 9449 §6.1)', () => {
  test('is named by cnf.jkt', () => {
    expect(boundThumbprint({ cnf: { jkt: 'thumb' } })).toBe('thumb')
    checkDpopBinding({ cnf: { jkt: 'thumb' } }, 'thumb')
  })

  test.each([[{}], [{ cnf: {} }], [{ cnf: { 'x5t#S256': 'certificate' } }]])('is none in %j', (claims) => {
    expect(boundThumbprint(claims)).toBeUndefined()
    const { code, claim } = refusal(() => checkDpopBinding(claims, 'thumb'))
    expect({ code, claim }).toEqual({ code: 'claim_missing', claim: 'cnf' })
  })

  test.each([['another'], ['thum'], ['thumbs'], ['THUMB']])('is not %s', (other) => {
    const { code, claim } = refusal(() => checkDpopBinding({ cnf: { jkt: 'thumb' } }, other))
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
    expect(outcomeOf(() => boundThumbprint(claims))).toBe('claim_invalid')
    expect(outcomeOf(() => checkDpopBinding(claims, 'thumb'))).toBe('claim_invalid')
  })

  test('an inherited cnf is none', () => {
    expect(boundThumbprint(Object.create({ cnf: { jkt: 'thumb' } }) as ClaimsSet)).toBeUndefined()
  })
})
