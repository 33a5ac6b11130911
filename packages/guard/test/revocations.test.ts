import { describe, expect, test } from 'vitest'
import { revocationSet } from '../src/revocations.ts'
import type { Revocation } from '../src/revocations.ts'

describe('revocationSet', () => {
  test('refuses the tokens of an ended session, whatever their version', () => {
    const set = revocationSet({ now: 100 })
    set.add({ sid: 's1', exp: 200 })
    expect(set.isRevoked({ sid: 's1', sv: 9 })).toBe(true)
    expect(set.isRevoked({ sid: 's1' })).toBe(true)
    expect(set.isRevoked({ sid: 's2' })).toBe(false)
    expect(set.isRevoked({})).toBe(false)
  })

  test('P11 refuses only the smaller session versions when the entry names one', () => {
    const set = revocationSet({ now: 100 })
    set.add({ sid: 's1', sv: 3, exp: 200 })
    expect(set.isRevoked({ sid: 's1', sv: 2 })).toBe(true)
    expect(set.isRevoked({ sid: 's1', sv: 3 })).toBe(false)
    expect(set.isRevoked({ sid: 's1' })).toBe(true)
    expect(set.isRevoked({ sid: 's1', sv: '3' })).toBe(true)
  })

  test('refuses one token by its jti, and every token of a key by its kid', () => {
    const set = revocationSet({ now: 100 })
    set.add({ jti: 'j1', exp: 200 })
    set.add({ kid: 'k1' })
    expect(set.isRevoked({ jti: 'j1' })).toBe(true)
    expect(set.isRevoked({ jti: 'j2' }, 'k1')).toBe(true)
    expect(set.isRevoked({ jti: 'j2' }, 'k2')).toBe(false)
  })

  test('does not mistake one kind of identifier for another', () => {
    const set = revocationSet({ now: 100 })
    set.add({ sid: 'x', exp: 200 })
    expect(set.isRevoked({ jti: 'x' }, 'x')).toBe(false)
    expect(set.isRevoked({ sid: ['x'] })).toBe(false)
  })

  test('holds each entry until its own exp, and a revoked key for ever', () => {
    let now = 100
    const set = revocationSet({ now: () => now })
    set.add({ sid: 's1', exp: 200 })
    set.add({ kid: 'k1' })
    now = 200
    expect(set.isRevoked({ sid: 's1' })).toBe(true)
    now = 201
    expect(set.isRevoked({ sid: 's1' })).toBe(false)
    expect(set.isRevoked({}, 'k1')).toBe(true)
  })

  test('keeps the later exp and the wider reach of one that is added twice', () => {
    let now = 100
    const set = revocationSet({ now: () => now })
    set.add({ sid: 's1', exp: 300 })
    set.add({ sid: 's1', sv: 3, exp: 200 })
    now = 250
    expect(set.isRevoked({ sid: 's1', sv: 9 })).toBe(true)
    expect(set.size).toBe(1)
  })

  test('drops expired entries instead of growing', () => {
    let now = 0
    const set = revocationSet({ now: () => now, maximumEntries: 5000 })
    for (let index = 0; index < 50_000; index += 1) {
      now = index
      set.add({ jti: `j${index}`, exp: index + 10 })
    }
    expect(set.size).toBeLessThan(2100)
    expect(set.isRevoked({ jti: 'j49995' })).toBe(true)
    expect(set.isCurrent()).toBe(true)
  })

  test('says that it is not current while it lacks one for which there was no room', () => {
    let now = 100
    const set = revocationSet({ now: () => now, maximumEntries: 2 })
    set.add({ sid: 's1', exp: 200 })
    set.add({ sid: 's2', exp: 300 })
    expect(set.isCurrent()).toBe(true)
    set.add({ sid: 's3', exp: 250 })
    expect(set.size).toBe(2)
    expect(set.isCurrent()).toBe(false)
    now = 250
    expect(set.isCurrent()).toBe(false)
    now = 251
    expect(set.isCurrent()).toBe(true)
    set.add({ sid: 's4', exp: 400 })
    expect(set.isRevoked({ sid: 's4' })).toBe(true)
    expect(set.isRevoked({ sid: 's2' })).toBe(true)
  })

  test.each([
    {},
    { exp: 200 },
    { sid: 's1' },
    { jti: 'j1' },
    { sid: '', exp: 200 },
    { sid: 5, exp: 200 },
    { sid: 's1', jti: 'j1', exp: 200 },
    { sid: 's1', exp: '200' },
    { sid: 's1', exp: NaN },
    { sid: 's1', sv: '1', exp: 200 },
    { jti: 'j1', sv: 1, exp: 200 },
  ])('refuses %j, which is no revocation', (revocation) => {
    expect(() => revocationSet().add(revocation as Revocation)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })

  test.each([0, -1, 1.5, NaN, '5'])('refuses room for %s entries', (maximumEntries) => {
    expect(() => revocationSet({ maximumEntries: maximumEntries as number })).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })
})
