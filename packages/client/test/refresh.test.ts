import { memoryStorage } from '@tessera/client'
import { describe, expect, test } from 'vitest'
import { settle } from './fake-clock.ts'
import { lifeSeconds, problem } from './fake-issuer.ts'
import { ada, createFixture, createSignedIn, errorOf } from './fixture.ts'

const unavailable =
  (headers: HeadersInit = {}) =>
  (): Response =>
    problem(503, 'overloaded', undefined, headers)

describe('ahead of the end', () => {
  test('P13 renews at a point between 70 and 90 % of the life, drawn anew for each token', async () => {
    const draws = [0, 0.999, 0.5]
    const { client, issuer, clock } = createFixture({ random: () => draws.shift() ?? 0.5 })
    await client.login(ada)
    for (const [before, share] of [
      [0, 0.7],
      [1, 0.8998],
      [2, 0.8],
    ] as const) {
      await clock.advance(lifeSeconds * share - 0.1)
      await client.fetch('/me')
      expect(issuer.rotations()).toBe(before)
      await clock.advance(0.2)
      await client.fetch('/me')
      expect(issuer.rotations()).toBe(before + 1)
    }
    expect(issuer.to('/me').at(-1)?.authorization).toBe('Bearer at.4')
  })

  test('P13 spreads the point evenly with the default source of chance', async () => {
    const shares: number[] = []
    const storage = memoryStorage()
    const { client, stored } = createFixture({ storage, random: Math.random })
    for (let logins = 0; logins < 400; logins++) {
      await client.login(ada)
      shares.push(Number((await stored())?.['dueFraction']))
    }
    const quarters = [0.7, 0.75, 0.8, 0.85].map(
      (from) => shares.filter((share) => share >= from && share < from + 0.05).length,
    )
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.7)
    expect(Math.max(...shares)).toBeLessThan(0.9)
    for (const count of quarters) expect(count).toBeGreaterThan(50)
  })

  test('does not hold up a request for a slow issuer while the token is good', async () => {
    const { client, issuer, clock } = await createSignedIn()
    await clock.advance(85)
    const release = issuer.hold('/token')
    const answers = [client.fetch('/me'), client.fetch('/me')]
    await clock.advance(1)
    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([200, 200])
    expect(issuer.to('/me').map((request) => request.authorization)).toEqual(['Bearer at.1', 'Bearer at.1'])
    release()
    await settle()
    await client.fetch('/me')
    expect(issuer.to('/me').at(-1)?.authorization).toBe('Bearer at.2')
  })

  test('uses the present token when the issuer is away, and asks again only after a pause', async () => {
    const { client, issuer, clock } = await createSignedIn()
    await clock.advance(85)
    issuer.fail('/token', unavailable(), 1)
    for (let calls = 0; calls < 5; calls++) expect((await client.fetch('/me')).status).toBe(200)
    expect(issuer.to('/token')).toHaveLength(1)
    await clock.advance(2)
    await client.fetch('/me')
    expect(issuer.to('/me').at(-1)?.authorization).toBe('Bearer at.2')
  })
})

describe('one flight', () => {
  test('50 requests at once with an expired token make one refresh', async () => {
    const { client, issuer, clock } = await createSignedIn()
    await clock.advance(lifeSeconds)
    issuer.expireAccessTokens()
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.fetch('/me')))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(issuer.to('/token')).toHaveLength(1)
    expect(issuer.to('/me')).toHaveLength(50)
  })

  test('a storm of 401 makes one refresh', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.fetch('/me')))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(issuer.to('/token')).toHaveLength(1)
    expect(issuer.to('/me')).toHaveLength(100)
  })

  test('a 401 that comes after the refresh of others uses their token', async () => {
    const { client, issuer } = await createSignedIn()
    const release = issuer.hold('/slow')
    issuer.fail('/slow', () => problem(401, 'expired', 'Bearer error="invalid_token"'))
    const slow = client.fetch('/slow')
    await settle()
    await client.refresh()
    release()
    expect((await slow).status).toBe(200)
    expect(issuer.rotations()).toBe(1)
    expect(issuer.to('/slow').map((request) => request.authorization)).toEqual(['Bearer at.1', 'Bearer at.2'])
  })
})

describe('the retry key (P17)', () => {
  test('has 128 random bits, another for each refresh token, and is stored before it is sent', async () => {
    const log: string[] = []
    const memory = memoryStorage()
    const storage = {
      ...memory,
      async write(text: string) {
        await settle()
        await memory.write(text)
        const { refreshToken, retryKey } = JSON.parse(text) as Record<string, string>
        log.push(`stored ${refreshToken} ${retryKey ?? 'no key'}`)
      },
    }
    const fixture = createFixture({ storage })
    const { client, issuer } = fixture
    await client.login(ada)
    await client.refresh()
    await client.refresh()
    const keys = issuer.to('/token').map((request) => request.idempotencyKey)
    for (const key of keys) expect(key).toMatch(/^[\w-]{22}$/)
    expect(new Set(keys).size).toBe(2)
    expect(log).toEqual([
      'stored rt.0 no key',
      `stored rt.0 ${keys[0]}`,
      'stored rt.1 no key',
      `stored rt.1 ${keys[1]}`,
      'stored rt.2 no key',
    ])
  })

  test('is the same for every attempt: a lost reply is asked for again and the session goes on', async () => {
    const { client, issuer, clock } = await createSignedIn()
    await clock.advance(lifeSeconds)
    issuer.fail('/token', 'reply lost')
    const answer = client.fetch('/me')
    await clock.advance(0.3)
    expect((await answer).status).toBe(200)
    const [first, second] = issuer.to('/token')
    expect(second?.idempotencyKey).toBe(first?.idempotencyKey)
    expect(second?.body).toBe(first?.body)
    expect(issuer.rotations()).toBe(1)
  })

  test('outlives the page: hours later the next page sends the same key', async () => {
    const first = await createSignedIn()
    first.issuer.fail('/token', 'reply lost', 2)
    const lost = errorOf(first.client.refresh())
    await first.clock.advance(0.3)
    expect(await lost).toMatchObject({ code: 'unavailable' })
    await first.clock.advance(3 * 3600)
    const { storage, clock } = first
    const later = createFixture({ storage, fetch: first.issuer.fetch, clock: clock.otherPage() })
    expect((await later.client.fetch('/me')).status).toBe(200)
    expect(new Set(first.issuer.to('/token').map((request) => request.idempotencyKey)).size).toBe(1)
    expect(first.issuer.rotations()).toBe(1)
  })

  test('that cannot be stored keeps the refresh token from being sent', async () => {
    const memory = memoryStorage()
    let full = false
    const storage = {
      ...memory,
      write(text: string) {
        if (full) throw new Error('quota')
        return memory.write(text)
      },
    }
    const { client, issuer } = await createSignedIn({ storage })
    full = true
    expect(await errorOf(client.refresh())).toMatchObject({ code: 'unavailable' })
    expect(issuer.to('/token')).toHaveLength(0)
    full = false
    await client.refresh()
    expect(issuer.rotations()).toBe(1)
  })
})

describe('a refresh that fails', () => {
  test('signs out on invalid_grant, and says why', async () => {
    const { client, issuer, clock, stored } = await createSignedIn()
    issuer.endSession()
    await clock.advance(lifeSeconds)
    const error = await errorOf(client.fetch('/me'))
    expect(error).toMatchObject({
      code: 'revoked',
      status: 400,
      message: expect.stringContaining('Log in again.'),
    })
    expect(client.session.state).toEqual({ status: 'signed-out', code: 'revoked' })
    expect(await stored()).toBeNull()
  })

  test('leaves the 401 to the caller when the session turns out to be over', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.endSession()
    const answer = await client.fetch('/me')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'revoked' })
    expect(client.session.state).toEqual({ status: 'signed-out', code: 'revoked' })
  })

  test.each([
    ['503', unavailable(), 'overloaded'],
    ['500 without a code', () => new Response('oops', { status: 500 }), 'unavailable'],
    ['429', () => problem(429, 'throttled'), 'throttled'],
    [
      '400 of another kind',
      () => Response.json({ error: 'invalid_request', code: 'body_invalid' }, { status: 400 }),
      'body_invalid',
    ],
    ['401', () => Response.json({ error: 'invalid_client' }, { status: 401 }), 'unavailable'],
    [
      'invalid_grant with another status',
      () => Response.json({ error: 'invalid_grant' }, { status: 500 }),
      'unavailable',
    ],
    ['the page of a captive portal', () => new Response('<h1>Hotel</h1>', { status: 200 }), 'unavailable'],
  ])('keeps the session on %s', async (_, answer, code) => {
    const { client, issuer, clock, stored } = await createSignedIn()
    await clock.advance(lifeSeconds)
    issuer.fail('/token', answer)
    expect(await errorOf(client.fetch('/me'))).toMatchObject({ name: 'ClientError', code })
    expect(client.session.status).toBe('signed-in')
    expect(await stored()).toMatchObject({ refreshToken: 'rt.0' })
    await clock.advance(10)
    expect((await client.fetch('/me')).status).toBe(200)
  })

  test('keeps the session when a 401 cannot be cured because the issuer is away', async () => {
    const { client, issuer } = await createSignedIn()
    issuer.expireAccessTokens()
    issuer.fail('/token', unavailable())
    expect(await errorOf(client.fetch('/me'))).toMatchObject({ code: 'overloaded', status: 503 })
    expect(client.session.status).toBe('signed-in')
  })

  test('waits as long as Retry-After says before it asks again', async () => {
    const { client, issuer, clock } = await createSignedIn()
    await clock.advance(lifeSeconds)
    issuer.fail('/token', unavailable({ 'retry-after': '40' }))
    expect(await errorOf(client.fetch('/me'))).toMatchObject({ code: 'overloaded', retryAfterSeconds: 40 })
    await clock.advance(39)
    const early = await errorOf(client.fetch('/me'))
    expect(early).toMatchObject({
      code: 'overloaded',
      message: expect.stringMatching(/Try again in \d+ s\./),
    })
    expect(issuer.to('/token')).toHaveLength(1)
    await clock.advance(22)
    expect((await client.fetch('/me')).status).toBe(200)
  })

  test('reads a Retry-After that is a date', async () => {
    const { client, issuer, clock } = await createSignedIn()
    const date = new Date(clock.wallMs() + 90_000).toUTCString()
    issuer.fail('/token', unavailable({ 'retry-after': date }))
    const error = (await errorOf(client.refresh())) as { retryAfterSeconds: number }
    expect(Math.round(error.retryAfterSeconds)).toBe(90)
  })

  test('waits longer after each failure in a row, and no longer than about a minute', async () => {
    const { client, issuer, clock } = await createSignedIn({ random: () => 0 })
    await clock.advance(lifeSeconds)
    issuer.fail('/token', unavailable(), 100)
    const asked: number[] = []
    for (let second = 0; second < 300; second++) {
      const before = issuer.to('/token').length
      await errorOf(client.fetch('/me'))
      if (issuer.to('/token').length > before) asked.push(second)
      await clock.advance(1)
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243])
  }, 30_000)

  test('a new log-in forgets the failures of the old session', async () => {
    const { client, issuer, clock } = await createSignedIn()
    issuer.fail('/token', unavailable({ 'retry-after': '3000' }))
    await errorOf(client.refresh())
    await client.login(ada)
    await clock.advance(lifeSeconds)
    expect((await client.fetch('/me')).status).toBe(200)
  })
})

describe('time', () => {
  test.each([-3600, 3600, 315_360_000])(
    'a wall clock that steps by %d s changes nothing for the page',
    async (step) => {
      const { client, issuer, clock } = await createSignedIn()
      clock.stepWall(step)
      await client.fetch('/me')
      expect(issuer.to('/token')).toHaveLength(0)
      await clock.advance(81)
      await client.fetch('/me')
      expect(issuer.rotations()).toBe(1)
    },
  )

  test('the life is counted from before the request for the tokens', async () => {
    const { client, issuer, clock } = createFixture()
    const release = issuer.hold('/login')
    const login = client.login(ada)
    await clock.advance(79)
    release()
    await login
    await clock.advance(2)
    await client.fetch('/me')
    expect(issuer.rotations()).toBe(1)
  })

  test.each([
    ['uses the token of an earlier page while it is young', 60, 0, 0],
    ['renews it when its point has passed meanwhile', 81, 0, 1],
    ['renews it when the wall clock went back behind its birth', 10, -3600, 1],
  ])('a later page %s', async (_, age, step, rotations) => {
    const first = await createSignedIn()
    await first.clock.advance(age)
    first.clock.stepWall(step)
    const { storage, issuer, clock } = first
    const later = createFixture({ storage, fetch: issuer.fetch, clock: clock.otherPage() })
    expect((await later.client.fetch('/me')).status).toBe(200)
    expect(issuer.rotations()).toBe(rotations)
  })
})

test('refresh without a session says to log in first', async () => {
  const { client } = createFixture()
  const error = await errorOf(client.refresh())
  expect(error).toMatchObject({ code: 'token_missing', message: expect.stringContaining('Log in first.') })
})
