/** What a follower takes for news, and what it does without. The issuer and all that stands between are scripted. */
import { createLocalJwkSet, exportJwk, generateKey, signJwt } from '@tessera/jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { followRevocations, followWith } from '../../src/feed/follow-revocations.ts'
import type { FollowRevocationsOptions } from '../../src/feed/follow-options.ts'

const issuer = 'https://auth.example.test'
const audience = `${issuer}/revocations`
const key = await generateKey('ES256')
const keys = createLocalJwkSet({ keys: [await exportJwk(key.publicKey)] })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Answer = (since: string | undefined) => Response | Promise<Response>

type Make = (since: string | undefined, change?: object) => Promise<string>

interface Script {
  readonly options?: Partial<FollowRevocationsOptions>
  readonly entries?: readonly object[]
  /** The first answers, in the place of the issuer's own. */
  readonly answer?: (document: Make, clock: { now: number }) => Answer
}

/** An issuer whose feed is a list, and a follower that asks it whenever the test says. */
function scripted(script: Script = {}) {
  const clock = { now: 1_000_000 }
  const entries: object[] = [...(script.entries ?? [])]
  const errors: unknown[] = []
  const asked: (string | undefined)[] = []
  const document = (since: string | undefined, change: object = {}, signer = key): Promise<string> => {
    const from = since === undefined ? 0 : Number(since.split('.')[1])
    const claims = {
      iss: issuer,
      aud: audience,
      iat: clock.now,
      exp: clock.now + 300,
      epoch: 'e',
      since: since ?? null,
      next: `e.${entries.length}`,
      more: false,
      reset: false,
      entries: entries.slice(from),
      ...change,
    }
    return signJwt(claims, signer, { typ: 'tessera-revocations+jwt' })
  }
  const honest: Answer = async (since) => new Response(await document(since))
  const state: { answer: Answer } = { answer: script.answer?.(document, clock) ?? honest }
  let go: (() => void) | undefined
  const follower = followWith(
    {
      issuer,
      keys,
      transport: 'poll',
      boundSeconds: 30,
      now: () => clock.now,
      monotonic: () => clock.now,
      onError: (error) => errors.push(error),
      fetch: (async (input: string) => {
        const since = new URL(input).searchParams.get('since') ?? undefined
        asked.push(since)
        return state.answer(since)
      }) as typeof globalThis.fetch,
      ...script.options,
    },
    () => new Promise((resolve) => (go = resolve)),
  )
  onTestFinished(() => follower.close())
  /** Lets the follower ask once more, and waits until it has taken the answer in. */
  const again = async (): Promise<void> => {
    while (go === undefined) await turn()
    const [before, resume] = [asked.length, go]
    go = undefined
    resume()
    while (asked.length === before) await turn()
    for (let turns = 0; turns < 50; turns += 1) await turn()
  }
  return { clock, entries, errors, asked, document, honest, state, follower, again }
}

describe('a follower', () => {
  test('goes on from the cursor that it was given, and knows what it was told', async () => {
    const { entries, asked, follower, again } = scripted({ entries: [{ sid: 'one', exp: 2_000_000 }] })
    await follower.ready
    expect(follower.isRevoked({ sid: 'one' })).toBe(true)
    entries.push({ sid: 'two', sv: 3, exp: 2_000_000 }, { jti: 'three', exp: 2_000_000 }, { kid: 'four' })
    await again()
    expect(asked).toEqual([undefined, 'e.1'])
    expect(follower.isRevoked({ sid: 'two', sv: 2 })).toBe(true)
    expect(follower.isRevoked({ sid: 'two', sv: 3 })).toBe(false)
    expect(follower.isRevoked({ jti: 'three' })).toBe(true)
    expect(follower.isRevoked({}, 'four')).toBe(true)
    expect(follower.status()).toMatchObject({ current: true, entries: 4 })
  })

  test('P12: is current only after the last page', async () => {
    const { state, document, follower, again, clock } = scripted({
      answer: (make) => async (since) =>
        new Response(await make(since, { more: since === undefined, next: 'e.0' })),
    })
    await follower.ready
    expect(follower.isCurrent()).toBe(true)
    state.answer = async (since) => {
      if (since === 'e.0') return new Response(await document(since, { more: true, next: 'e.1' }))
      throw new Error('no route to host')
    }
    clock.now += 31
    await again()
    expect(follower.isCurrent()).toBe(false)
  })

  test('P12: freshness counts from the time that the issuer signed, then on a clock that nobody sets', async () => {
    const wall = { now: 1_000_000 }
    const { clock, follower } = scripted({
      options: { now: () => wall.now },
      answer:
        (make, { now }) =>
        async (since) =>
          new Response(await make(since, { iat: now - 20 })),
    })
    await follower.ready
    expect(follower.status().lagSeconds).toBe(20)
    wall.now -= 3600
    clock.now += 10
    expect(follower.isCurrent()).toBe(true)
    clock.now += 1
    expect(follower.isCurrent()).toBe(false)
  })

  test('P12: the same document again is no news, though the wall clock was set back or the issuer is ahead', async () => {
    for (const [iatLead, stepBack] of [
      [0, 3600],
      [50, 0],
    ] as const) {
      const wall = { now: 1_000_000 }
      const world = scripted({
        options: { now: () => wall.now },
        answer:
          (make, { now }) =>
          async (since) =>
            new Response(await make(since, { iat: now + iatLead })),
      })
      const { clock, follower, again, state, document } = world
      await follower.ready
      const frozen = await document('e.0', { iat: clock.now + iatLead })
      state.answer = () => new Response(frozen)
      wall.now -= stepBack
      for (let times = 0; times < 4; times += 1) {
        await again()
        clock.now += 10
        wall.now += 10
      }
      expect(follower.status()).toMatchObject({ lagSeconds: 40, current: false })
    }
  })

  test('goes back to the stream after minutes of polling', async () => {
    const { clock, honest, state, follower, again } = scripted({
      options: { transport: 'stream' },
      answer: () => () => new Response('', { status: 502 }),
    })
    for (let turns = 0; turns < 50; turns += 1) await turn()
    state.answer = (since) =>
      follower.status().transport === 'stream' ? new Response(new ReadableStream()) : honest(since)
    await again()
    await follower.ready
    for (let times = 0; times < 6; times += 1) {
      expect(follower.status().transport).toBe('poll')
      clock.now += 50
      await again()
    }
    expect(follower.status()).toMatchObject({ transport: 'stream', current: true })
  })

  const betweens: readonly (readonly [
    string,
    (world: ReturnType<typeof scripted>) => Promise<Answer>,
    string,
  ])[] = [
    [
      'replays an old document',
      async ({ document }) => {
        const old = await document(undefined)
        return () => new Response(old)
      },
      'replayed',
    ],
    [
      'answers with an older time',
      async ({ document, clock }) =>
        async (since) =>
          new Response(await document(since, { iat: clock.now - 50 })),
      'replayed',
    ],
    ['answers 304', async () => () => new Response(null, { status: 304 }), 'Error'],
    ['answers nothing', async () => () => new Response(''), 'malformed'],
    ['answers 503', async () => () => new Response('', { status: 503 }), 'Error'],
    [
      'signs with a key of its own',
      async ({ document }) => {
        const other = await generateKey('ES256')
        return async (since) => new Response(await document(since, {}, other))
      },
      'key_not_found',
    ],
    [
      'hands out a token of another type',
      async ({ clock }) =>
        async () => {
          const claims = { iss: issuer, aud: audience, iat: clock.now, exp: clock.now + 9 }
          return new Response(await signJwt(claims, key, { typ: 'at+jwt' }))
        },
      'typ_mismatch',
    ],
    [
      'hands out the feed of another issuer',
      async ({ document }) =>
        async (since) =>
          new Response(
            await document(since, { iss: 'https://other.example', aud: 'https://other.example/revocations' }),
          ),
      'claim_invalid',
    ],
    [
      'leaves members out',
      async ({ document }) =>
        async (since) =>
          new Response(await document(since, { next: 7 })),
      'malformed',
    ],
  ]
  test.each(betweens)(
    'P12: whoever stands between and %s is no contact with the issuer',
    async (_what, between, fault) => {
      const world = scripted()
      const { clock, entries, errors, state, follower, again } = world
      await follower.ready
      const answer = state.answer
      state.answer = await between(world)
      entries.push({ sid: 'one', exp: 2_000_000 })
      clock.now += 20
      await again()
      expect(
        errors.map((error) => (error as { code?: string; name: string }).code ?? (error as Error).name),
      ).toEqual([fault])
      expect(follower.status()).toMatchObject({ lagSeconds: 20, entries: 0 })
      clock.now += 11
      expect(follower.isCurrent()).toBe(false)
      state.answer = answer
      await again()
      expect(follower.status()).toMatchObject({ current: true, lagSeconds: 0, entries: 1 })
    },
  )

  test('P4: a reset drops nothing, and a new epoch is read from its beginning', async () => {
    const { state, document, follower, again } = scripted({ entries: [{ sid: 'one', exp: 2_000_000 }] })
    await follower.ready
    state.answer = async (since) =>
      new Response(
        await document(since, {
          epoch: 'f',
          next: 'f.1',
          reset: true,
          entries: [{ sid: 'two', exp: 2_000_000 }],
        }),
      )
    await again()
    expect(follower.isRevoked({ sid: 'one' })).toBe(true)
    expect(follower.isRevoked({ sid: 'two' })).toBe(true)
  })

  test('an entry of a kind that this version does not know is passed over', async () => {
    const { follower } = scripted({ entries: [{ planet: 'earth' }, { sid: 'one', exp: 2_000_000 }] })
    await follower.ready
    expect(follower.status().entries).toBe(1)
  })

  test('a stream that is kept back by a proxy is left for polling', async () => {
    const { honest, state, follower, again } = scripted({
      options: { transport: 'stream' },
      answer: () => () => new Response('', { status: 502 }),
    })
    for (let turns = 0; turns < 50; turns += 1) await turn()
    state.answer = honest
    await again()
    await follower.ready
    expect(follower.status()).toMatchObject({ current: true, transport: 'poll' })
  })

  test('events come as they come: in parts, several at once, with comments between', async () => {
    const { follower } = scripted({
      options: { transport: 'stream' },
      answer: (make) => async () => {
        const first = await make(undefined)
        const second = await make('e.0', { entries: [{ sid: 'one', exp: 2_000_000 }], next: 'e.1' })
        const text = `: hello\n\nid: e.0\ndata: ${first}\n\nid: e.1\r\ndata: ${second}\r\n\r\n`
        const parts = [text.slice(0, 40), text.slice(40, 700), text.slice(700)]
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull(controller) {
            const part = parts.shift()
            if (part !== undefined) controller.enqueue(new TextEncoder().encode(part))
          },
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    await follower.ready
    for (let turns = 0; follower.status().entries === 0 && turns < 500; turns += 1) await turn()
    expect(follower.isRevoked({ sid: 'one' })).toBe(true)
  })
})

describe('the options of a follower', () => {
  test.each([
    ['an unknown name', { issuer, bound: 3 }],
    ['a variable that is not set', { issuer: undefined }],
    ['no issuer', { issuer: '' }],
    ['a bound that the heartbeat of the feed cannot keep', { issuer, boundSeconds: 5 }],
    ['another transport', { issuer, transport: 'pigeon' }],
  ])('%s is refused', (_what, options) => {
    expect(() => followRevocations(options as unknown as FollowRevocationsOptions)).toThrow(
      expect.objectContaining({ code: 'option_invalid' }),
    )
  })
})
