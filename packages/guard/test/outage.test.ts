/** An hour in which the issuer's keys cannot be had, in every way in which they cannot. Loopback, on a clock moved by hand. */
import { createRemoteJwkSet } from '@tessera/jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createGuard } from '../src/guard.ts'
import type { Guard, GuardResult } from '../src/guard.ts'
import { makeKey, signWith, startIssuer } from './issuer.ts'
import type { IssuerKey, Mood } from './issuer.ts'

const audience = 'https://api.example'
const cooldownMs = 10_000
const [key, next, stranger] = [makeKey('k1'), makeKey('k2'), makeKey('k3')]

/** What an issuer does instead of answering as it should. */
const moods: readonly (readonly [Mood, string])[] = [
  ['down', 'answers 500'],
  ['hangs up', 'closes each connection'],
  ['slow', 'accepts and never answers'],
  ['drips', 'sends a character now and then'],
  ['redirects', 'redirects to a good set elsewhere'],
  ['empty', 'answers a set without keys (zitadel#7714)'],
  ['garbage', 'answers HTML'],
  ['huge', 'answers ten megabytes'],
]

async function world(mood: Mood = 'up') {
  const issuer = await startIssuer([key])
  onTestFinished(() => issuer.close())
  const clock = { now: 1_800_000_000 }
  const flights = { begun: 0 }
  const errors: unknown[] = []
  const keys = createRemoteJwkSet(
    { issuer: issuer.url },
    {
      cooldownMs,
      timeoutMs: mood === 'slow' || mood === 'drips' ? 200 : 5000,
      now: () => clock.now,
      fetch: async (input, init) => {
        // One flight asks for the metadata first.
        if (new Request(input).url.includes('/.well-known/')) flights.begun += 1
        return fetch(input, init)
      },
    },
  )
  const onError = (error: unknown): unknown => errors.push(error)
  const guard = createGuard({ issuer: issuer.url, audience, keys, onError, now: () => clock.now })
  const token = (by: IssuerKey, jti: string, kid = by.kid): string => {
    const claims = { iss: issuer.url, aud: audience, sub: 'alice', jti, exp: clock.now + 600 }
    return signWith(by.privateKey, { typ: 'at+jwt', alg: 'ES256', kid }, claims)
  }
  return { issuer, clock, flights, errors, keys, guard, token }
}

const ask = (guard: Guard, text: string): Promise<GuardResult> =>
  guard.authenticate({ method: 'GET', url: '/', headers: { authorization: `Bearer ${text}` } })

const statusOf = async (guard: Guard, text: string): Promise<number> => {
  const result = await ask(guard, text)
  return result.ok ? 200 : result.status
}

/** The keys are at hand, or again; a machine that is busy may take longer than an impatient guard waits. */
async function becomesWarm(
  { clock, guard, token }: Awaited<ReturnType<typeof world>>,
  by = key,
): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await statusOf(guard, token(by, `warm ${tries}`))) === 200) return
    clock.now += 2 * (cooldownMs / 1000)
  }
  throw new Error('expected the guard to find its keys')
}

/** Lets a flight in the background end, whatever it meets. */
async function untilLanded({ keys }: Awaited<ReturnType<typeof world>>): Promise<void> {
  await keys.reload().catch(() => undefined)
}

describe.each(moods)('an issuer that %s (%s)', (mood) => {
  test('for an hour: a warm guard refuses nobody who has a good token, and asks no more than once a cool-down', async () => {
    const made = await world(mood)
    const { issuer, clock, flights, guard, token } = made
    await becomesWarm(made)
    issuer.mood = mood
    const statuses = new Map<number, number>()
    const before = flights.begun
    // A good token every half minute: known ones and new ones, those of a flood of an hour among them.
    for (let step = 0; step < 120; step += 1) {
      clock.now += 30
      const answers = await Promise.all([
        statusOf(guard, token(key, `step ${step}`)),
        statusOf(guard, token(key, 'known')),
      ])
      for (const status of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (step % 40 === 39) await untilLanded(made)
    }
    expect([...statuses]).toEqual([[200, 240]])
    expect(flights.begun - before).toBeLessThanOrEqual(3600 / (cooldownMs / 1000))
    issuer.mood = 'up'
    issuer.keys.push(next)
    await untilLanded(made)
    await becomesWarm(made, next)
  })

  test('and 1,000 unknown key IDs: one fetch for a cool-down, 503 and no 401, good tokens go on', async () => {
    const made = await world(mood)
    const { issuer, clock, flights, guard, token } = made
    await becomesWarm(made)
    issuer.mood = mood
    for (const round of [1, 2]) {
      clock.now += 2 * (cooldownMs / 1000)
      const before = flights.begun
      const flood = Array.from({ length: 500 }, (_, index) =>
        statusOf(guard, token(stranger, 'x', `unknown ${round} ${index}`)),
      )
      expect(await statusOf(guard, token(key, `during ${round}`))).toBe(200)
      expect(new Set(await Promise.all(flood))).toEqual(new Set([503]))
      expect(flights.begun - before).toBe(1)
    }
  })

  test('at a cold start: 503 with Retry-After for every token, and good ones as soon as it is back', async () => {
    const made = await world(mood)
    const { issuer, flights, errors, guard, token } = made
    issuer.mood = mood
    for (let times = 0; times < 20; times += 1) {
      expect(await ask(guard, token(key, `cold ${times}`))).toMatchObject({
        ok: false,
        status: 503,
        headers: { 'retry-after': '5' },
        body: { code: 'keys_unavailable' },
      })
    }
    expect(flights.begun).toBe(1)
    expect(errors).toHaveLength(20)
    issuer.mood = 'up'
    await becomesWarm(made)
  })
})

describe('a guard whose keys are warm', () => {
  test('fetches nothing for 2,000 requests', async () => {
    const { issuer, guard, token } = await world()
    expect(await statusOf(guard, token(key, 'first'))).toBe(200)
    const before = issuer.fetches
    for (let count = 0; count < 2000; count += 1) {
      expect(await statusOf(guard, token(key, `request ${count % 500}`))).toBe(200)
    }
    expect(issuer.fetches).toBe(before)
  })

  test('refuses unknown key IDs by 401 on the word of an issuer that answers, one fetch for 1,000', async () => {
    const { clock, flights, guard, token } = await world()
    expect(await statusOf(guard, token(key, 'first'))).toBe(200)
    clock.now += 20
    const before = flights.begun
    const flood = Array.from({ length: 1000 }, (_, index) =>
      statusOf(guard, token(stranger, 'x', `${index}`)),
    )
    expect(new Set(await Promise.all(flood))).toEqual(new Set([401]))
    expect(flights.begun - before).toBe(1)
  })

  test('goes on through a day of outage, and then says 503 rather than that a token is bad', async () => {
    const { issuer, clock, guard, token } = await world()
    expect(await statusOf(guard, token(key, 'first'))).toBe(200)
    issuer.mood = 'down'
    clock.now += 86_400
    expect(await statusOf(guard, token(key, 'a day later'))).toBe(200)
    clock.now += 3600
    expect(await statusOf(guard, token(key, 'too late'))).toBe(503)
  })
})
