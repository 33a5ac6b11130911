/** How long fetched keys are kept, when they are fetched anew, and what an outage does to them. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createRemoteJwkSet, type RemoteJwkSetOptions } from '../../src/jwks/index.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { forge, pairFor } from '../forge.ts'
import { isSynchronous, turn, verifyLater } from '../later.ts'
import { outcomeLater } from '../outcome.ts'

const publicJwk = (name: string) => ({ ...pairFor('ES256', name).publicJwk, kid: name })

/** A set on a clock that is moved by hand, and an issuer whose answers are set by hand. */
async function loaded(cacheControl: string | undefined, options: RemoteJwkSetOptions = {}) {
  const state = { now: 0, fetches: 0, names: ['a'], down: false }
  const warnings: string[] = []
  const set = createRemoteJwkSet('https://issuer.example/jwks', {
    now: () => state.now,
    onWarning: (message) => warnings.push(message),
    fetch: async () => {
      state.fetches += 1
      if (state.down) throw new TypeError('fetch failed')
      const headers = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
      return Promise.resolve(new Response(JSON.stringify({ keys: state.names.map(publicJwk) }), { headers }))
    },
    ...options,
  })
  await set.reload()
  const ask = async (kid = 'a'): Promise<string> => {
    const outcome = await outcomeLater(() => set.selectKeys({ alg: 'ES256', kid }))
    await turn()
    return outcome
  }
  /** Whether asking at this second makes a fetch. */
  const fetchesAt = async (second: number): Promise<boolean> => {
    const before = state.fetches
    state.now = second
    await ask()
    return state.fetches > before
  }
  return { state, set, warnings, ask, fetchesAt }
}

afterEach(() => vi.restoreAllMocks())

describe('keys are fetched anew at four fifths of their age', () => {
  test.each([
    ['of what the issuer says', 'max-age=1000', 800],
    ['in whatever place and case', 'public, MAX-AGE=1000, must-revalidate', 800],
    ['in quotes', 'max-age="1000"', 800],
    ['of ten minutes when the issuer says nothing', undefined, 480],
    ['of ten minutes when it says nothing that can be read', 'max-age=soon', 480],
    ['of ten minutes when it speaks to shared caches alone', 's-maxage=5', 480],
    ['of fifteen seconds at least', 'max-age=0', 12],
    ['of a day at most', 'max-age=9999999999', 69_120],
  ])('%s', async (_name, cacheControl, second) => {
    const { fetchesAt } = await loaded(cacheControl)
    expect(await fetchesAt(second - 0.5)).toBe(false)
    expect(await fetchesAt(second)).toBe(true)
    expect(await fetchesAt(second + 1)).toBe(false)
  })

  test('of maxAgeSeconds when that is given, and what the issuer says goes before', async () => {
    const own = await loaded(undefined, { maxAgeSeconds: 100 })
    expect(await own.fetchesAt(79)).toBe(false)
    expect(await own.fetchesAt(80)).toBe(true)
    const both = await loaded('max-age=1000', { maxAgeSeconds: 100 })
    expect(await both.fetchesAt(100)).toBe(false)
  })
})

describe('while they are fetched anew', () => {
  test.runIf(isSynchronous)('nobody waits: the keys at hand answer at once', async () => {
    const { state, set } = await loaded('max-age=100')
    state.now = 90
    const keys = set.selectKeys({ alg: 'ES256', kid: 'a' })
    expect(Array.isArray(keys)).toBe(true)
  })

  test('a key that is gone is gone when the answer has come', async () => {
    const { state, ask } = await loaded('max-age=100')
    state.names = ['b']
    state.now = 90
    expect(await ask('a')).toBe('accepted')
    expect(await ask('a')).toBe('key_not_found')
    expect(await ask('b')).toBe('accepted')
  })
})

describe('an outage', () => {
  test('is borne for a day beyond their age, with a warning for each try in the background', async () => {
    const { state, warnings, ask } = await loaded('max-age=600')
    state.down = true
    for (let hour = 1; hour <= 24; hour += 1) {
      state.now = hour * 3600
      expect(await ask()).toBe('accepted')
    }
    expect(warnings.length).toBeGreaterThanOrEqual(24)
    expect(warnings[0]).toContain('https://issuer.example')
    state.now = 600 + 86_400
    expect(await ask()).toBe('keys_unavailable')
    state.down = false
    state.now += 60
    expect(await ask()).toBe('accepted')
  })

  test('lasts as long as staleSeconds says', async () => {
    const { state, ask } = await loaded('max-age=100', { staleSeconds: 0 })
    state.down = true
    state.now = 99
    expect(await ask()).toBe('accepted')
    state.now = 100
    expect(await ask()).toBe('keys_unavailable')
  })

  test('is not made worse: tries are apart by one, two, four and more seconds, up to the cool-down', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const { state, ask } = await loaded('max-age=100', { cooldownMs: 8000 })
    state.down = true
    const tries: number[] = []
    for (let tenth = 0; tenth < 400; tenth += 1) {
      const before = state.fetches
      state.now = 90 + tenth / 10
      await ask()
      if (state.fetches > before) tries.push(tenth / 10)
    }
    const gaps = tries.slice(1).map((second, index) => Math.round(second - (tries[index] ?? 0)))
    expect(gaps.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(gaps.slice(4).every((gap) => gap === 8)).toBe(true)
  })

  test('does not bring processes back together that failed together: pauses are up to a quarter shorter', async () => {
    const pauses = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { state, fetchesAt } = await loaded('max-age=100')
        state.down = true
        await fetchesAt(90)
        let at = 90.7
        while (!(await fetchesAt(at))) at += 0.01
        return at - 90
      }),
    )
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0.74)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1.02)
    expect(new Set(pauses.map((pause) => pause.toFixed(2))).size).toBeGreaterThan(5)
  })

  test('ends with the next good answer, and the pauses begin anew', async () => {
    const { state, ask } = await loaded('max-age=100')
    state.down = true
    state.now = 85
    await ask()
    state.down = false
    state.now = 87
    await ask()
    expect(state.fetches).toBe(3)
    state.now = 88
    await ask()
    expect(state.fetches).toBe(3)
  })
})

describe('reload', () => {
  test('shares a fetch that is under way', async () => {
    const { state, set } = await loaded(undefined)
    await Promise.all([set.reload(), set.reload(), set.reload()])
    expect(state.fetches).toBe(2)
  })

  test('that fails is heard, and takes no keys away', async () => {
    const { state, set, ask } = await loaded(undefined)
    state.down = true
    expect(await outcomeLater(() => set.reload())).toBe('keys_unavailable')
    expect(await ask()).toBe('accepted')
  })
})

test('a verifier over it follows a rotation', async () => {
  const { state, set } = await loaded('max-age=100')
  const verifier = createVerifier({ keys: set, issuer: null, audience: null, requireExp: false })
  const tokenOf = (name: string): string =>
    forge(
      { alg: 'ES256', kid: name },
      { sub: name },
      { algorithm: 'ES256', key: pairFor('ES256', name).privateKey },
    )
  expect((await verifyLater(verifier, tokenOf('a'))).claims.sub).toBe('a')
  state.names = ['a', 'b']
  state.now = 30
  expect((await verifier.verify(tokenOf('b'))).claims.sub).toBe('b')
  expect((await verifyLater(verifier, tokenOf('b'))).claims.sub).toBe('b')
  state.names = ['b']
  await set.reload()
  state.now = 45
  expect(await outcomeLater(() => verifyLater(verifier, tokenOf('b')))).toBe('accepted')
  expect(await outcomeLater(() => verifier.verify(tokenOf('a')))).toBe('key_not_found')
})
