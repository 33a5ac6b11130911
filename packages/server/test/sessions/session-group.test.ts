import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'
import { createSessionGroup } from '../../src/sessions/session-group.ts'
import type { SessionStore, Store } from '../../src/store/store.ts'
import type { Reply, TestServer } from '../create-test-server.ts'

/** What a client does: refresh a session with a token of some generation, its MAC broken or not, or log it out. */
interface Step {
  readonly session: number
  readonly generation: number
  readonly kind: 'refresh' | 'forge' | 'logout'
}

const step: fc.Arbitrary<Step> = fc.record({
  session: fc.integer({ min: 0, max: 2 }),
  // Most sessions stand at 3: one, two and three behind, the current one, and one that the group itself makes.
  generation: fc.integer({ min: 0, max: 4 }),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step['kind']>('refresh') },
    { weight: 1, arbitrary: fc.constant<Step['kind']>('forge') },
    { weight: 1, arbitrary: fc.constant<Step['kind']>('logout') },
  ),
})

/** Three sessions, each by its tokens, oldest first; the last one has not been used. */
type Chains = readonly (readonly string[])[]

/** Three sessions at generation 3, outside the window of the last rotation or inside. */
async function createChains(server: TestServer): Promise<Chains> {
  const chains: string[][] = []
  for (const name of ['ada', 'bob', 'eve']) {
    const chain = [(await server.login(name)).refresh_token]
    while (chain.length < 4) chain.push(await successor(server, chain.at(-1) ?? ''))
    chains.push(chain)
  }
  return chains
}

async function successor(server: TestServer, token: string): Promise<string> {
  return String((await server.refresh(token)).body['refresh_token'])
}

function act(server: TestServer, chains: Chains, { session, generation, kind }: Step): Promise<Reply> {
  const token = chains[session]?.[Math.min(generation, 3)] ?? ''
  if (kind === 'logout') return server.send('POST', '/logout', { json: { refresh_token: token } })
  return server.refresh(kind === 'forge' ? token.replace(/.{43}$/, 'A'.repeat(43)) : token)
}

/** Holds back every group of decisions while it is closed. */
function createGate() {
  let opened = Promise.resolve()
  return {
    /** Closes, and gives what opens again. */
    close: (): (() => void) => {
      let open = (): void => undefined
      opened = new Promise((resolve) => (open = resolve))
      return open
    },
    wrap: (store: Store): Store => {
      const { findProofs, compareAndSet } = store.sessions
      const held =
        <Asked extends readonly unknown[], T>(act: (...asked: Asked) => Promise<T>) =>
        (...asked: Asked): Promise<T> =>
          opened.then(() => act(...asked))
      return {
        ...store,
        sessions: {
          ...store.sessions,
          findProofs: held(findProofs),
          ...(compareAndSet !== undefined && { compareAndSet: held(compareAndSet) }),
        },
      }
    },
  }
}

/** All in one group, in their order: they come in one after the other while the group before them is held back. */
async function actTogether(
  server: TestServer,
  gate: ReturnType<typeof createGate>,
  acts: readonly (() => Promise<Reply>)[],
): Promise<readonly Reply[]> {
  // PostgreSQL takes two groups on at once.
  const others = [await server.login('ada'), await server.login('bob')]
  const open = gate.close()
  const replies: Promise<Reply>[] = []
  const held = others.map(
    ({ refresh_token: token }) =>
      () =>
        server.refresh(token),
  )
  for (const each of [...held, ...acts]) {
    replies.push(each())
    for (let turns = 0; turns < 10; turns += 1) await new Promise((go) => setImmediate(go))
  }
  open()
  return (await Promise.all(replies)).slice(others.length)
}

/** What is the same for two sessions that went through the same: no identifier and no token of either. */
function summary({ status, body }: Reply): unknown {
  const token = body['refresh_token']
  return {
    status,
    code: body['code'],
    generation: typeof token === 'string' ? token.split('.')[2] : undefined,
  }
}

async function rowsOf(server: TestServer, chains: Chains): Promise<unknown> {
  const rows = await Promise.all(chains.map(([token = '']) => server.rowOf(token.split('.')[1] ?? '')))
  return rows.map(({ generation, endReason, rotatedAtMs, idleExpiresAt, retryKeyHash }) => {
    return { generation, endReason, rotatedAtMs, idleExpiresAt, retryKeyHash }
  })
}

describe('P14: group commit', () => {
  test('any steps in one group come to what they come to one after the other', async () => {
    const gate = createGate()
    const server = await createTestServer({ config: { throttle: 'off' }, wrapStore: gate.wrap })
    for (const name of ['ada', 'bob', 'eve']) await server.signup(name)
    const scenario = fc.tuple(fc.array(step, { minLength: 1, maxLength: 12 }), fc.constantFrom(5, 31))
    await fc.assert(
      fc.asyncProperty(scenario, async ([steps, waitSeconds]) => {
        const [grouped, serial] = [await createChains(server), await createChains(server)]
        server.wait(waitSeconds)
        const together = await actTogether(
          server,
          gate,
          steps.map((each) => () => act(server, grouped, each)),
        )
        const oneByOne: Reply[] = []
        for (const each of steps) oneByOne.push(await act(server, serial, each))
        expect(together.map(summary)).toEqual(oneByOne.map(summary))
        expect(await rowsOf(server, grouped)).toEqual(await rowsOf(server, serial))
      }),
      { numRuns: 15 },
    )
  })

  test('what does not prove itself opens no transaction (P5)', async () => {
    let transactions = 0
    const server = await createTestServer({
      wrapStore: (store) => {
        const { change, compareAndSet } = store.sessions
        const count = <T>(value: T): T => ((transactions += 1), value)
        const watched: typeof compareAndSet = (sids, decide) =>
          compareAndSet!(sids, (...found) => {
            const sessions = decide(...found)
            return sessions.length === 0 ? sessions : count(sessions)
          })
        return {
          ...store,
          sessions: {
            ...store.sessions,
            change: (...all) => count(change(...all)),
            ...(compareAndSet !== undefined && { compareAndSet: watched }),
          },
        }
      },
    })
    const { refresh_token: token } = await server.signup()
    transactions = 0
    const forged = Array.from({ length: 100 }, (_, index) =>
      token.replace(/.{43}$/, String(index).padStart(43, 'A')),
    )
    const replies = await Promise.all(forged.map((each) => server.refresh(each)))
    expect(replies.map(({ status }) => status)).toEqual(forged.map(() => 400))
    expect(transactions).toBe(0)
    expect((await server.refresh(token)).status).toBe(200)
  })

  test('nobody is answered before the transaction has been committed', async () => {
    let commit = (): void => undefined
    const committed = new Promise<void>((resolve) => (commit = resolve))
    let isHeld = false
    const server = await createTestServer({
      wrapStore: (store) => ({
        ...store,
        sessions: {
          ...store.sessions,
          change: async (...all) => {
            const entries = await store.sessions.change(...all)
            if (isHeld) await committed
            return entries
          },
        },
      }),
    })
    const { refresh_token: token, access_token } = await server.signup()
    isHeld = true
    let isAnswered = false
    const reply = server.send('POST', '/logout', { json: { refresh_token: token } })
    void reply.then(() => (isAnswered = true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(isAnswered).toBe(false)
    // Nothing in memory is ahead of the store either.
    expect((await server.me(access_token)).status).toBe(200)
    commit()
    expect((await reply).status).toBe(204)
    expect((await server.me(access_token)).body['code']).toBe('revoked')
  })
})

describe('a group', () => {
  /** A group over a store that knows no session, and how many sessions were looked for at once each time. */
  function createWatched() {
    const sizes: number[] = []
    const sessions = {
      findProofs: async (sids: readonly string[]) => {
        sizes.push(sids.length)
        return new Map()
      },
    }
    const group = createSessionGroup(sessions as unknown as SessionStore, { add: () => undefined })
    const decide = (sid: string) =>
      group.decide({ sid, admit: () => true, judge: () => ({ outcome: false }) })
    return { sizes, decide }
  }

  test('takes in what comes in the next turn of the event loop, too, as long as each turn brings more', async () => {
    const { sizes, decide } = createWatched()
    const decisions = [decide('a'), decide('b')]
    await new Promise((resolve) => setImmediate(resolve))
    decisions.push(decide('c'))
    await Promise.all(decisions)
    expect(sizes).toEqual([3])
  })

  test('waits for no second turn where the first one brought nothing', async () => {
    const { sizes, decide } = createWatched()
    const first = decide('a')
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([first, decide('b')])
    expect(sizes).toEqual([1, 1])
  })
})
