import { describe, expect, test } from 'vitest'
import type { KeyRules } from '../../src/keys/key-schedule.ts'
import { nextChangeAt, planKeys } from '../../src/keys/key-schedule.ts'
import type { SigningKeyRow, SigningKeyState } from '../../src/store/store.ts'

const rules: KeyRules = {
  algorithm: 'ES256',
  purpose: 'access',
  rotateSeconds: 86_400,
  leadSeconds: 3600,
  keepSeconds: 1000,
}
const start = 1_000_000

function key(kid: string, state: SigningKeyState, change: Partial<SigningKeyRow> = {}): SigningKeyRow {
  return {
    kid,
    issuer: 'i',
    algorithm: 'ES256',
    purpose: 'access',
    state,
    sealedKey: 's',
    kekKid: 'k',
    publicJwk: '{}',
    createdAt: start,
    activatedAt: state === 'active' ? start : null,
    retiredAt: state === 'retired' ? start : null,
    goneAt: null,
    revokedAt: null,
    ...change,
  }
}

const pair = [key('a', 'active'), key('n', 'next')]
const told = (rows: readonly SigningKeyRow[], now: number) => {
  const { changed, missing } = planKeys(rows, rules, now)
  return [...changed.map(({ kid, state }) => `${kid} ${state}`), ...missing.map((state) => `make ${state}`)]
}

describe('the schedule of signing keys', () => {
  test('an empty store wants an active and a next key', () => {
    expect(told([], start)).toEqual(['make active', 'make next'])
  })

  test('the next key takes over when the active one has signed long enough, and another next is wanted at once', () => {
    expect(told(pair, start + 86_399)).toEqual([])
    expect(told(pair, start + 86_400)).toEqual(['a retired', 'n active', 'make next'])
  })

  test('P24: a key that was published a moment ago does not sign yet, however old the active one is', () => {
    const young = [key('a', 'active'), key('n', 'next', { createdAt: start + 90_000 })]
    expect(told(young, start + 93_599)).toEqual([])
    expect(told(young, start + 93_600)).toEqual(['a retired', 'n active', 'make next'])
  })

  test('P18: without an active key the next one signs at once', () => {
    expect(told([key('n', 'next')], start)).toEqual(['n active', 'make next'])
    expect(told([key('a', 'active')], start)).toEqual(['make next'])
  })

  test('a retired key is gone, with its private half, when no token of it can be alive', () => {
    const rows = [...pair, key('r', 'retired')]
    expect(told(rows, start + 999)).toEqual([])
    expect(told(rows, start + 1000)).toEqual(['r gone'])
    expect(planKeys(rows, rules, start + 1000).changed[0]).toMatchObject({
      sealedKey: null,
      goneAt: start + 1000,
    })
  })

  test('keys of an algorithm that is no longer configured retire when they are due, without an heir', () => {
    const old = [key('x', 'active', { algorithm: 'RS256' }), key('y', 'next', { algorithm: 'RS256' })]
    expect(told([...pair, ...old], start + 86_399)).toEqual([])
    expect(told(old, start + 86_400)).toEqual(['x retired', 'y retired', 'make active', 'make next'])
  })

  test('keys of another purpose are left alone', () => {
    expect(told([...pair, key('f', 'retired', { purpose: 'feed' })], start + 5000)).toEqual([])
  })

  test('the next change is the hand-over, or the end of a retired key', () => {
    expect(nextChangeAt(pair, rules)).toBe(start + 86_400)
    expect(nextChangeAt([...pair, key('r', 'retired')], rules)).toBe(start + 1000)
    expect(nextChangeAt([], rules)).toBe(Infinity)
  })
})
