/** Unknown key IDs in numbers (T24, P18; CVE-2026-48524), with fetches that take their time. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createRemoteJwkSet } from '../../src/jwks/index.ts'
import { pairFor } from '../forge.ts'
import { turn } from '../later.ts'
import { outcomeLater } from '../outcome.ts'

const publicJwk = (name: string) => ({ ...pairFor('ES256', name).publicJwk, kid: name })
const answerOf = (...names: string[]): Response =>
  new Response(JSON.stringify({ keys: names.map(publicJwk) }))
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await turn()
}

afterEach(() => vi.restoreAllMocks())

/** A set whose fetches are answered by hand, on a clock that is moved by hand. */
function world(options: { cooldownMs?: number } = {}) {
  let seconds = 1000
  const open: ((answer: Response | Error) => void)[] = []
  let fetches = 0
  const set = createRemoteJwkSet('https://issuer.example/jwks', {
    now: () => seconds,
    fetch: () =>
      new Promise((resolve, reject) => {
        fetches += 1
        open.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
      }),
    ...options,
  })
  return {
    set,
    select: (kid: string) => outcomeLater(() => set.selectKeys({ alg: 'ES256', kid })),
    fetches: () => fetches,
    open: () => open.length,
    pass: (by: number) => {
      seconds += by
    },
    answer: async (answer: Response | Error) => {
      await settle()
      open.shift()?.(answer)
      await settle()
    },
  }
}

async function loaded(...names: string[]): Promise<ReturnType<typeof world>> {
  const made = world()
  const reload = made.set.reload()
  await made.answer(answerOf(...names))
  await reload
  made.pass(60)
  return made
}

describe('P18 a key ID is refused only on the word of a fetch that began after it was missed', () => {
  test('a token that comes while an older fetch is under way waits for a younger one, or hears 503', async () => {
    const { select, answer, pass, open } = await loaded('a')
    const early = select('unknown')
    await settle()
    pass(1)
    const late = select('b')
    // The first fetch began before "b" was missed: that it lacks "b" proves nothing.
    await answer(answerOf('a'))
    expect(await early).toBe('key_not_found')
    if (open() > 0) await answer(answerOf('a', 'b'))
    expect(['accepted', 'keys_unavailable']).toContain(await late)
  })

  test('a key published during the cool-down is never refused as unknown before a fetch looked for it', async () => {
    const { select, answer, pass, open } = await loaded('a')
    const first = select('unknown')
    await answer(answerOf('a'))
    await first
    pass(5)
    const second = select('b')
    await settle()
    if (open() > 0) await answer(answerOf('a', 'b'))
    expect(['accepted', 'keys_unavailable']).toContain(await second)
    pass(6)
    const third = select('b')
    await settle()
    if (open() > 0) await answer(answerOf('a', 'b'))
    expect(await third).toBe('accepted')
  })

  test('a failed fetch refuses nobody', async () => {
    const { select, answer } = await loaded('a')
    const asked = [select('b'), select('c'), select('b')]
    await settle()
    await answer(new TypeError('fetch failed'))
    expect(await Promise.all(asked)).toEqual(['keys_unavailable', 'keys_unavailable', 'keys_unavailable'])
    expect(await select('b')).toBe('keys_unavailable')
    expect(await select('a')).toBe('accepted')
  })
})

describe('T24 unknown key IDs cannot multiply fetches', () => {
  test('1,000 at once share one fetch, and one more at most', async () => {
    const { select, answer, fetches, open } = await loaded('a')
    const before = fetches()
    const asked = Array.from({ length: 1000 }, (_, index) => select(`flood-${index}`))
    await settle()
    while (open() > 0) await answer(answerOf('a'))
    const outcomes = new Set(await Promise.all(asked))
    expect([...outcomes].every((outcome) => /^key_not_found$|^keys_unavailable$/.test(outcome))).toBe(true)
    expect(fetches() - before).toBeLessThanOrEqual(2)
  })

  test('a stream of them during each fetch does not chain one fetch to the next within the cool-down', async () => {
    const { select, answer, pass, fetches, open } = await loaded('a')
    const before = fetches()
    const asked: Promise<string>[] = []
    // Nine seconds of flood: a fetch takes 200 ms, a token comes every 50 ms; the cool-down is 10 s.
    for (let step = 0; step < 180; step += 1) {
      asked.push(select(`flood-${step}`))
      await settle()
      pass(0.05)
      if (step % 4 === 3 && open() > 0) await answer(answerOf('a'))
      expect(await select('a')).toBe('accepted')
    }
    while (open() > 0) await answer(answerOf('a'))
    await Promise.all(asked)
    expect(fetches() - before).toBeLessThanOrEqual(2)
  })

  test('a minute of flood costs one fetch for each cool-down, and good keys go on', async () => {
    const { select, answer, pass, fetches, open } = await loaded('a')
    const before = fetches()
    for (let step = 0; step < 600; step += 1) {
      const asked = select(`flood-${step}`)
      await settle()
      while (open() > 0) await answer(answerOf('a'))
      expect(['key_not_found', 'keys_unavailable']).toContain(await asked)
      expect(await select('a')).toBe('accepted')
      pass(0.1)
    }
    expect(fetches() - before).toBeLessThanOrEqual(7)
  })

  test('one unknown key ID that comes again and again costs one fetch for each cool-down', async () => {
    const { select, answer, pass, fetches, open } = await loaded('a')
    const before = fetches()
    for (let step = 0; step < 300; step += 1) {
      const asked = select('unknown')
      await settle()
      while (open() > 0) await answer(answerOf('a'))
      await asked
      pass(0.1)
    }
    expect(fetches() - before).toBeLessThanOrEqual(4)
  })

  test('an outage during the flood keeps good keys, and the end of it is noticed', async () => {
    const { select, answer, pass, open } = await loaded('a')
    for (let step = 0; step < 100; step += 1) {
      const asked = select(`flood-${step}`)
      await settle()
      while (open() > 0) await answer(new TypeError('fetch failed'))
      expect(await asked).toBe('keys_unavailable')
      expect(await select('a')).toBe('accepted')
      pass(0.5)
    }
    pass(20)
    const asked = select('b')
    await settle()
    await answer(answerOf('a', 'b'))
    expect(await asked).toBe('accepted')
  })

  test('the flood is forgotten: what is remembered of key IDs is bounded', async () => {
    const { set, answer, open } = await loaded('a')
    const long = 'x'.repeat(4000)
    for (let index = 0; index < 2000; index += 1) {
      void outcomeLater(() => set.selectKeys({ alg: 'ES256', kid: `${long}${index}` }))
      if (index % 500 === 0) await settle()
    }
    while (open() > 0) await answer(answerOf('a'))
    expect(await outcomeLater(() => set.selectKeys({ alg: 'ES256', kid: 'a' }))).toBe('accepted')
  })
})

describe('before the first answer', () => {
  test('everybody waits for one fetch', async () => {
    const { select, answer, fetches } = world()
    const asked = Array.from({ length: 100 }, () => select('a'))
    await settle()
    expect(fetches()).toBe(1)
    await answer(answerOf('a'))
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['accepted']))
    expect(fetches()).toBe(1)
  })

  test('failures are tried again after one second, then later and later, up to the cool-down', async () => {
    // Pauses in their full length.
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const { select, answer, pass, fetches, open } = world({ cooldownMs: 10_000 })
    for (let step = 0; step < 1200; step += 1) {
      const asked = select('a')
      await settle()
      while (open() > 0) await answer(new TypeError('fetch failed'))
      expect(await asked).toBe('keys_unavailable')
      pass(0.1)
    }
    // Two minutes: 1 + 2 + 4 + 8 seconds, then every ten.
    expect(fetches()).toBeGreaterThanOrEqual(10)
    expect(fetches()).toBeLessThanOrEqual(16)
  })
})

test('the first token with an unknown key ID is refused on the word of its own fetch, on a clock that never stands still', async () => {
  let seconds = 1000
  const set = createRemoteJwkSet('https://issuer.example/jwks', {
    now: () => (seconds += 1e-6),
    fetch: async () => Promise.resolve(answerOf('a')),
  })
  const select = (kid: string) => outcomeLater(() => set.selectKeys({ alg: 'ES256', kid }))
  expect(await select('a')).toBe('accepted')
  expect(await select('x')).toBe('key_not_found')
  expect(await select('x')).toBe('key_not_found')
})
