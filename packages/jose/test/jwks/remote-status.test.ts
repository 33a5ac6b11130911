/** What an operator sees of a remote JWK Set: its status, its hooks. */
import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet, type KeyFetchReport } from '../../src/jwks/index.ts'
import { createSteadyClock } from '../../src/jwks/steady-clock.ts'
import { outcomeLater } from '../outcome.ts'
import { issuer, jwksUrl, processOf, publicJwk } from './issuers.ts'

describe('the status of the keys', () => {
  test('before the first answer: none, and stale', () => {
    expect(processOf(issuer()).set.status()).toEqual({ keys: 0, isStale: true, failures: 0 })
  })

  test('tells their number and age, and grows stale only when they are older than the issuer allows', async () => {
    const state = issuer()
    state.names = ['a', 'b', 'c']
    const { set } = processOf(state)
    await set.reload()
    state.now = 99
    expect(set.status()).toEqual({ keys: 3, ageSeconds: 99, isStale: false, failures: 0 })
    state.now = 100
    expect(set.status()).toMatchObject({ keys: 3, isStale: true })
    state.now = 100 + 86_400
    expect(set.status()).toEqual({ keys: 0, isStale: true, failures: 0 })
  })

  test('counts the failures of an outage with the reason of the last, and forgets them when it ends', async () => {
    const state = issuer()
    const { set } = processOf(state)
    state.down = true
    await outcomeLater(() => set.reload())
    await outcomeLater(() => set.reload())
    expect(set.status()).toMatchObject({ keys: 0, failures: 2, lastError: { code: 'keys_unavailable' } })
    state.down = false
    await set.reload()
    expect(set.status()).toEqual({ keys: 1, ageSeconds: 0, isStale: false, failures: 0 })
  })
})

describe('onFetch', () => {
  test('is told of each fetch, good or bad, and of how long it took', async () => {
    const state = issuer()
    const reports: KeyFetchReport[] = []
    const { set } = processOf(state, {
      onFetch: (report) => reports.push(report),
      fetch: () => {
        state.now += 0.25
        return state.down
          ? Promise.reject(new TypeError('fetch failed'))
          : Promise.resolve(new Response(JSON.stringify({ keys: [publicJwk('a')] })))
      },
    })
    await set.reload()
    state.down = true
    await outcomeLater(() => set.reload())
    expect(reports).toEqual([
      { ok: true, durationMs: 250 },
      { ok: false, durationMs: 250, error: expect.objectContaining({ code: 'keys_unavailable' }) },
    ])
  })
})

test('hooks that throw take no keys away', async () => {
  const broken = (): never => {
    throw new Error('the log is full')
  }
  const state = issuer()
  const { set, ask } = processOf(state, {
    onFetch: broken,
    onWarning: broken,
    waitUntil: broken,
    store: { load: broken, save: broken },
    fetch: () =>
      Promise.resolve(new Response(JSON.stringify({ keys: [publicJwk('a'), { kty: 'oct', k: 'AAAA' }] }))),
  })
  expect(await ask('a')).toBe('accepted')
  expect(set.hydrate('rubbish')).toBe(false)
  state.now = 90
  expect(await ask('a')).toBe('accepted')
})

describe('the clocks of a machine', () => {
  /** A process on a machine whose clocks are moved by hand. */
  function machine() {
    const clocks = { monotonic: 1000, wall: 1_700_000_000 }
    const state = issuer()
    const { set, ask } = processOf(state, {
      now: createSteadyClock(
        () => clocks.monotonic,
        () => clocks.wall,
      ),
      wallNow: () => clocks.wall,
    })
    return { clocks, state, set, ask }
  }

  test.each([-3600, 3600])(
    'a wall clock set by %d seconds costs no key and one fetch at most',
    async (step) => {
      const { clocks, state, set, ask } = machine()
      await set.reload()
      clocks.wall += step
      for (let second = 0; second < 60; second += 1) {
        expect(await ask('a')).toBe('accepted')
        clocks.monotonic += 1
        clocks.wall += 1
      }
      expect(state.fetches).toBeLessThanOrEqual(2)
      expect(set.status().isStale).toBe(false)
    },
  )

  test('keys are not young again after a laptop slept: they are fetched anew', async () => {
    const { clocks, state, set, ask } = machine()
    await set.reload()
    clocks.wall += 8 * 3600
    expect(set.status().ageSeconds).toBeCloseTo(8 * 3600)
    expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(2)
  })

  test('keys that were too old before it slept are not used after it', async () => {
    const { clocks, state, set, ask } = machine()
    await set.reload()
    clocks.wall += 86_400 + 101
    state.names = ['b']
    expect(await ask('b')).toBe('accepted')
    expect(await ask('a')).not.toBe('accepted')
  })
})

test('without clocks of its own a set uses the machine’s', async () => {
  const answer = new Response(JSON.stringify({ keys: [publicJwk('a')] }))
  const set = createRemoteJwkSet(jwksUrl, { fetch: () => Promise.resolve(answer) })
  await set.reload()
  expect(set.status().ageSeconds).toBeLessThan(60)
  expect(Math.abs((set.snapshot()?.fetchedAt ?? 0) - Date.now() / 1000)).toBeLessThan(60)
})
