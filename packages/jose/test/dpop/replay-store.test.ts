import { describe, expect, test } from 'vitest'
import { createMemoryReplayStore } from '../../src/dpop/index.ts'
import { outcomeOf, refusal } from '../outcome.ts'

describe('createMemoryReplayStore (RFC 9449 §11.1)', () => {
  test('takes an id once', () => {
    const store = createMemoryReplayStore({ now: 0 })
    expect(store.remember('a', 10)).toBe(true)
    expect(store.remember('b', 10)).toBe(true)
    expect(store.remember('a', 10)).toBe(false)
    expect(store.remember('a', 99)).toBe(false)
  })

  test('forgets an id at its expiry and not a moment before', () => {
    let present = 0
    const store = createMemoryReplayStore({ now: () => present })
    store.remember('a', 10)
    present = 9.999
    expect(store.remember('a', 10)).toBe(false)
    present = 10
    expect(store.remember('a', 20)).toBe(true)
  })

  test('when full of ids that have not expired it takes none, and forgets none', () => {
    let present = 0
    const store = createMemoryReplayStore({ maxEntries: 2, now: () => present })
    store.remember('a', 10)
    store.remember('b', 20)
    expect(refusal(() => store.remember('c', 30)).code).toBe('keys_unavailable')
    expect(store.remember('a', 10)).toBe(false)
    expect(store.remember('b', 20)).toBe(false)
    present = 10
    expect(store.remember('c', 30)).toBe(true)
    expect(store.remember('b', 20)).toBe(false)
    expect(outcomeOf(() => store.remember('d', 40))).toBe('keys_unavailable')
  })

  test('takes new ids forever, within its bound, as the old ones expire', () => {
    let present = 0
    const store = createMemoryReplayStore({ maxEntries: 10, now: () => present })
    for (let index = 0; index < 1000; index += 1) {
      present = index
      expect(store.remember(`id ${index}`, index + 10)).toBe(true)
    }
  })

  test('a clock that is set back makes it forget nothing', () => {
    let present = 100
    const store = createMemoryReplayStore({ now: () => present })
    store.remember('a', 110)
    present = 50
    expect(store.remember('a', 110)).toBe(false)
  })

  test.each([
    [{ maxEntries: 0 }],
    [{ maxEntries: 1.5 }],
    [{ maxEntries: Number.POSITIVE_INFINITY }],
    [{ maxEntries: '10' }],
    [{ maxEntries: undefined }],
    [{ now: Number.NaN }],
    [{ now: 'soon' }],
    [{ maxEntrys: 1 }],
  ])('refuses %o', (options) => {
    expect(outcomeOf(() => createMemoryReplayStore(options as { maxEntries: number }))).toBe('option_invalid')
  })
})
