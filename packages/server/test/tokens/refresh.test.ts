import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Session, SessionChange, Store } from '../../src/store/store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { createTestServer, password } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const retryKey = (): string => randomBytes(16).toString('base64url')

/** A refresh token's parts. */
function partsOf(refreshToken: string): { kid: string; sid: string; generation: string; mac: string } {
  const [kid = '', sid = '', generation = '', mac = ''] = refreshToken.slice(3).split('.')
  return { kid, sid, generation, mac }
}

/** Refreshes and returns the new refresh token; fails when the session did not go on. */
async function next(server: TestServer, refreshToken: string, key?: string): Promise<string> {
  const reply = await server.refresh(refreshToken, key === undefined ? {} : { retryKey: key })
  expect(reply.status).toBe(200)
  return reply.body['refresh_token'] as string
}

/** A chain of refresh tokens of one session, oldest first. */
async function chainOf(server: TestServer, length: number): Promise<string[]> {
  const chain = [(await server.signup()).refresh_token]
  while (chain.length < length) chain.push(await next(server, chain.at(-1) as string))
  return chain
}

describe('P5: the MAC comes before everything', () => {
  test.each(['current', 'previous', 'older', 'ahead'] as const)(
    'a junk MAC at the %s generation is invalid_grant and leaves the session unharmed',
    async (which) => {
      const server = await createTestServer()
      const [, , , current = ''] = await chainOf(server, 4)
      const { kid, sid } = partsOf(current)
      const generation = { current: 3, previous: 2, older: 1, ahead: 4 }[which]
      const before = await server.rowOf(sid)
      const reply = await server.refresh(`rt_${kid}.${sid}.${generation}.${'A'.repeat(43)}`)
      expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant', code: 'malformed' } })
      expect(await server.rowOf(sid)).toEqual(before)
      await next(server, current)
    },
  )

  test.each(['01', '+1', ' 1', '1.0', '1e0', '', '-0', '99999999999'])(
    'the generation "%s" is no canonical number: invalid_grant, session unharmed',
    async (spelling) => {
      const server = await createTestServer()
      const [, current = ''] = await chainOf(server, 2)
      const { kid, sid, mac } = partsOf(current)
      const reply = await server.refresh(`rt_${kid}.${sid}.${spelling}.${mac}`)
      expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant', code: 'malformed' } })
      await next(server, current)
    },
  )

  test('the MAC of one session is no MAC of another, and a text of a megabyte is refused', async () => {
    const server = await createTestServer()
    const ada = partsOf((await server.signup('ada')).refresh_token)
    const bob = (await server.signup('bob')).refresh_token
    const reply = await server.refresh(`rt_${ada.kid}.${ada.sid}.0.${partsOf(bob).mac}`)
    expect(reply.body).toMatchObject({ error: 'invalid_grant', code: 'malformed' })
    expect((await server.refresh(`rt_${'x'.repeat(60_000)}`)).body).toMatchObject({ code: 'malformed' })
    await next(server, bob)
  })
})

describe('replays', () => {
  test('within the window the previous token gives the same successor, byte for byte, as often as it comes', async () => {
    const server = await createTestServer()
    const [first = '', second = ''] = await chainOf(server, 2)
    for (let count = 0; count < 5; count += 1) expect(await next(server, first)).toBe(second)
    server.wait(30)
    expect(await next(server, first)).toBe(second)
  })

  test('a replay extends no lifetime', async () => {
    const server = await createTestServer({ config: { refreshIdleSeconds: 100 } })
    const [first = ''] = await chainOf(server, 2)
    const before = await server.rowOf(partsOf(first).sid)
    server.wait(20)
    await next(server, first)
    expect(await server.rowOf(partsOf(first).sid)).toEqual(before)
  })

  test('P17: after the window the saved retry key gives the same successor; without it the session ends', async () => {
    const server = await createTestServer()
    const key = retryKey()
    const { refresh_token: first } = await server.signup()
    const second = await next(server, first, key)
    server.wait(3 * 3600)
    expect(await next(server, first, key)).toBe(second)
    server.wait(61)
    const thief = await server.refresh(first)
    expect(thief).toMatchObject({ status: 400, body: { error: 'invalid_grant', code: 'replayed' } })
    expect((await server.refresh(second)).body).toMatchObject({ code: 'replayed' })
  })

  test('P17: another retry key ends the session; a malformed one is 400 and changes nothing', async () => {
    const server = await createTestServer()
    const { refresh_token: first } = await server.signup()
    const second = await next(server, first, retryKey())
    for (const malformed of ['short', 'x'.repeat(129), `${'x'.repeat(30)} y`]) {
      const reply = await server.refresh(second, { retryKey: malformed })
      expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
    server.wait(31)
    expect((await server.refresh(first, { retryKey: retryKey() })).body).toMatchObject({ code: 'replayed' })
    expect((await server.refresh(second)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('P17: after the window, one replay a minute and sixteen in all', async () => {
    const server = await createTestServer()
    const key = retryKey()
    const { refresh_token: first } = await server.signup()
    await next(server, first, key)
    server.wait(31)
    for (let replay = 0; replay < 16; replay += 1) {
      await next(server, first, key)
      const early = await server.refresh(first, { retryKey: key })
      expect(early.status).toBe(429)
      expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0)
      server.wait(60)
    }
    expect((await server.refresh(first, { retryKey: key })).status).toBe(429)
  })

  test('P17: a retry key is good for seven days', async () => {
    const server = await createTestServer()
    const key = retryKey()
    const { refresh_token: first } = await server.signup()
    await next(server, first, key)
    server.wait(7 * 86_400 + 1)
    expect((await server.refresh(first, { retryKey: key })).body).toMatchObject({ code: 'replayed' })
  })

  test('P17: a retry key that served the rotation before counts as absent', async () => {
    const server = await createTestServer()
    const key = retryKey()
    const { refresh_token: first } = await server.signup()
    const second = await next(server, first, key)
    await next(server, second, key)
    server.wait(31)
    expect((await server.refresh(second, { retryKey: key })).body).toMatchObject({ code: 'replayed' })
  })

  describe('P13: a thief in step with the owner', () => {
    /** The owner refreshes; a moment later somebody else does the same with the same token. */
    async function rotateTwice(server: TestServer, token: string, keys: readonly (string | undefined)[]) {
      const replies = []
      for (const key of keys) {
        replies.push(await server.refresh(token, key === undefined ? {} : { retryKey: key }))
        server.wait(5)
      }
      server.wait(480)
      return replies
    }

    test('loses the session for both at the third rotation in a row that two retry keys used', async () => {
      const server = await createTestServer()
      let { refresh_token: token } = await server.signup()
      for (let rotation = 1; rotation <= 3; rotation += 1) {
        const [own, other] = await rotateTwice(server, token, [retryKey(), retryKey()])
        expect(own?.status).toBe(200)
        expect(other?.status).toBe(rotation < 3 ? 200 : 400)
        if (rotation === 3) expect(other?.body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
        token = String(own?.body['refresh_token'])
      }
      expect(await server.rowOf(partsOf(token).sid)).toMatchObject({ endReason: 'lockstep' })
      expect((await server.refresh(token)).body).toMatchObject({ error: 'invalid_grant' })
    })

    test('a thief without a key beside an owner with one counts, two clients without keys do not', async () => {
      const server = await createTestServer()
      const statuses = async (keys: () => readonly (string | undefined)[]) => {
        let { refresh_token: token } = await server.signup(`user ${retryKey()}`)
        let last: readonly { status: number; body: Record<string, unknown> }[] = []
        for (let rotation = 1; rotation <= 3; rotation += 1) {
          last = await rotateTwice(server, token, keys())
          token = String(last[0]?.body['refresh_token'])
        }
        return last.map(({ status }) => status)
      }
      expect(await statuses(() => [retryKey(), undefined])).toEqual([200, 400])
      expect(await statuses(() => [undefined, undefined])).toEqual([200, 200])
    })

    test('a rotation without a clash between them begins the count anew', async () => {
      const server = await createTestServer()
      let { refresh_token: token } = await server.signup()
      for (const isClash of [true, true, false, true, true, false]) {
        const keys = isClash ? [retryKey(), retryKey()] : [retryKey()]
        const replies = await rotateTwice(server, token, keys)
        expect(replies.map(({ status }) => status)).toEqual(keys.map(() => 200))
        token = String(replies[0]?.body['refresh_token'])
      }
    })
  })

  describe('P21: the wall clock steps between a rotation and its replay', () => {
    const hour = 3600
    test.each([hour, -hour, 10 * 365 * 24 * hour])('by %i s: the window stays open', async (step) => {
      const server = await createTestServer()
      const [first = '', second = ''] = await chainOf(server, 2)
      server.wait(2)
      server.setClock(step)
      expect(await next(server, first)).toBe(second)
      server.wait(27)
      expect(await next(server, first)).toBe(second)
    })

    test.each([hour, -hour])('by %i s: half a minute later the window is closed', async (step) => {
      const server = await createTestServer()
      const [first = '', second = ''] = await chainOf(server, 2)
      server.setClock(step)
      expect(await next(server, first)).toBe(second)
      server.wait(31)
      expect((await server.refresh(first)).body).toMatchObject({ code: 'replayed' })
    })

    test('by an hour back, at a process that did not rotate: its first look opens the window once more, and once alone', async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'tessera-clock-')), 'tessera.db')
      onTestFinished(() => rmSync(dirname(path), { recursive: true, force: true }))
      const server = await createTestServer({ path })
      const [first = '', second = ''] = await chainOf(server, 2)
      const other = await createTestServer({ path, startMs: server.nowMs() - hour * 1000 })
      expect(await next(other, first)).toBe(second)
      other.wait(29)
      expect(await next(other, first)).toBe(second)
      other.wait(2)
      expect((await other.refresh(first)).body).toMatchObject({ code: 'replayed' })
    })

    test('by ten years and back: no session expires', async () => {
      const server = await createTestServer()
      const [first = ''] = await chainOf(server, 1)
      server.setClock(10 * 365 * 24 * hour)
      const second = await next(server, first)
      server.wait(20)
      server.setClock(-10 * 365 * 24 * hour)
      server.wait(600)
      expect((await server.refresh(second)).status).toBe(200)
    })

    test('an hour that passes is no step', async () => {
      const server = await createTestServer()
      const [first = ''] = await chainOf(server, 2)
      server.wait(hour)
      expect((await server.refresh(first)).body).toMatchObject({ code: 'replayed' })
    })
  })

  test('two generations back ends the session, in the window and with its retry key too', async () => {
    const server = await createTestServer()
    const key = retryKey()
    const { refresh_token: first } = await server.signup()
    const third = await next(server, await next(server, first, key))
    const reply = await server.refresh(first, { retryKey: key })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant', code: 'replayed' } })
    expect((await server.refresh(third)).body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
    const row = await server.rowOf(partsOf(first).sid)
    expect(row).toMatchObject({ endReason: 'replayed' })
    const { entries } = await server.store.revocations.read({ now: 0, limit: 100 })
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'session', sid: row.sid }))
  })

  test('P7: an authentic generation ahead of the row ends the session', async () => {
    let rolledBack: Session | undefined
    const server = await createTestServer()
    const [first = '', second = ''] = await chainOf(server, 2)
    const { sid } = partsOf(first)
    // The database of an hour ago.
    await server.store.sessions.change([sid], (found) => {
      const session = found.get(sid) as Session
      rolledBack = { ...session, generation: 0 }
      return [{ session: rolledBack }]
    })
    expect((await server.refresh(second)).body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
    expect(await server.rowOf(sid)).toMatchObject({ endReason: 'generation_ahead' })
  })
})

describe('races', () => {
  test('50 parallel refreshes with one token: one rotation, one successor, everybody still signed in', async () => {
    const server = await createTestServer()
    const { refresh_token: token } = await server.signup()
    const replies = await Promise.all(Array.from({ length: 50 }, () => server.refresh(token)))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    const successors = new Set(replies.map(({ body }) => body['refresh_token']))
    expect(successors.size).toBe(1)
    const [successor = ''] = successors as Set<string>
    expect(await server.rowOf(partsOf(token).sid)).toMatchObject({ generation: 1, endedAt: null })
    for (const { body } of replies) expect((await server.me(body['access_token'] as string)).status).toBe(200)
    await next(server, successor)
  })

  test('P14, P22: refreshes of one turn share one transaction, and a token that comes twice is written once', async () => {
    let changes = 0
    const written: SessionChange[] = []
    const server = await createTestServer({
      wrapStore: (store) =>
        watchChanges(store, (made) => {
          changes += 1
          written.push(...made)
        }),
    })
    const tokens = await Promise.all(['ada', 'bob', 'eve'].map((name) => server.signup(name)))
    changes = 0
    written.length = 0
    const asked = [...tokens, ...tokens].map(({ refresh_token }) => server.refresh(refresh_token))
    const replies = await Promise.all(asked)
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(changes).toBe(1)
    expect(written.filter(({ session }) => session !== undefined)).toHaveLength(3)
    expect(written.map(({ event }) => event?.event).filter(Boolean)).toEqual(
      Array(3).fill('refresh.replayed'),
    )
  })

  test('P14: in one group, a reuse ends its session and nobody else is harmed', async () => {
    const server = await createTestServer()
    const [oldest = '', , latest = ''] = await chainOf(server, 3)
    const bob = (await server.signup('bob')).refresh_token
    const replies = await Promise.all([bob, oldest, latest].map((token) => server.refresh(token)))
    expect(replies.map(({ status }) => status)).toEqual([200, 400, 400])
    expect(replies[1]?.body).toMatchObject({ code: 'replayed' })
    expect(await server.rowOf(partsOf(oldest).sid)).toMatchObject({ endReason: 'replayed' })
    await next(server, replies[0]?.body['refresh_token'] as string)
  })

  test('P14: a group that cannot be committed answers 503 to all, and nothing has advanced', async () => {
    let isFull = false
    const server = await createTestServer({
      wrapStore: (store) =>
        failChanges(store, () => isFull && new StoreError('commit', new Error('disk full'))),
    })
    const tokens = await Promise.all(['ada', 'bob'].map((name) => server.signup(name)))
    isFull = true
    const replies = await Promise.all(tokens.map(({ refresh_token }) => server.refresh(refresh_token)))
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } })
      expect(reply.headers.get('retry-after')).not.toBeNull()
    }
    isFull = false
    for (const { refresh_token } of tokens) await next(server, refresh_token)
  })

  test('P14: a failed COMMIT is not tried again one by one: its fate is the fate of all', async () => {
    let failures = 0
    const server = await createTestServer({
      wrapStore: (store) =>
        failChanges(store, () => failures-- > 0 && new StoreError('commit', new Error('disk full'))),
    })
    const tokens = await Promise.all(['ada', 'bob'].map((name) => server.signup(name)))
    failures = 1
    const replies = await Promise.all(tokens.map(({ refresh_token }) => server.refresh(refresh_token)))
    expect(replies.map(({ status }) => status)).toEqual([503, 503])
    for (const { refresh_token } of tokens) await next(server, refresh_token)
  })

  test('P14: one poisoned row fails alone', async () => {
    const server = await createTestServer({
      wrapStore: (store) =>
        failChanges(
          store,
          (sids) => sids.includes(poisoned) && new StoreError('statement', new Error('poison')),
        ),
    })
    let poisoned = ''
    const tokens = await Promise.all(['ada', 'bob', 'eve'].map((name) => server.signup(name)))
    poisoned = tokens[1]?.session_id ?? ''
    const replies = await Promise.all(tokens.map(({ refresh_token }) => server.refresh(refresh_token)))
    expect(replies.map(({ status }) => status)).toEqual([200, 503, 200])
  })
})

describe('lifetimes and account', () => {
  test('a session ends when it was idle too long, and absolutely', async () => {
    const server = await createTestServer({
      config: { refreshIdleSeconds: 100, refreshAbsoluteSeconds: 250 },
    })
    const idle = await server.signup('ada')
    server.wait(100)
    expect((await server.refresh(idle.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      code: 'expired',
    })
    let token = (await server.login('ada')).refresh_token
    for (let turn = 0; turn < 3; turn += 1) {
      server.wait(80)
      token = await next(server, token)
    }
    server.wait(10)
    expect((await server.refresh(token)).body).toMatchObject({ code: 'expired' })
  })

  test('an access token does not outlive its session', async () => {
    const server = await createTestServer({ config: { refreshAbsoluteSeconds: 100 } })
    const tokens = await server.signup()
    expect(tokens).toMatchObject({ expires_in: 100, refresh_expires_in: 100 })
    server.wait(40)
    expect((await server.refresh(tokens.refresh_token)).body).toMatchObject({
      expires_in: 60,
      refresh_expires_in: 60,
    })
  })

  test('another client cannot refresh, and harms nobody (RFC 6749 §6)', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup()
    const as = (client_id: string) =>
      server.send('POST', '/token', { form: { grant_type: 'refresh_token', refresh_token, client_id } })
    expect((await as('another')).body).toMatchObject({ error: 'invalid_grant' })
    expect((await as('tessera')).status).toBe(200)
  })

  test('a disabled user cannot refresh, and the session ends', async () => {
    const server = await createTestServer()
    const { refresh_token: token } = await server.signup()
    const user = await server.store.users.findByName('ada')
    const ending = { atMs: server.nowMs(), reason: 'user_disabled', keepSeconds: 700 } as const
    await server.store.users.disable(user?.id ?? '', ending)
    expect((await server.refresh(token)).body).toMatchObject({ error: 'invalid_grant', code: 'revoked' })
    const login = await server.send('POST', '/login', { json: { username: 'ada', password } })
    expect(login).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
  })

  test('a scope can be narrowed for one access token, never widened', async () => {
    const server = await createTestServer()
    const { refresh_token: token } = await server.signup()
    expect((await server.refresh(token, { scope: 'account admin' })).body).toMatchObject({
      error: 'invalid_scope',
    })
    expect((await server.refresh(token, { scope: 'account' })).body['scope']).toBe('account')
  })
})

function watchChanges(store: Store, onChange: (made: readonly SessionChange[]) => void): Store {
  return {
    ...store,
    sessions: {
      ...store.sessions,
      change: (sids, decide) =>
        store.sessions.change(sids, (found, clockMs) => {
          const made = decide(found, clockMs)
          onChange(made)
          return made
        }),
    },
  }
}

function failChanges(store: Store, fault: (sids: readonly string[]) => Error | false): Store {
  const { change, compareAndSet } = store.sessions
  const failing =
    <Rest extends readonly unknown[], T>(act: (sids: readonly string[], ...rest: Rest) => Promise<T>) =>
    async (sids: readonly string[], ...rest: Rest): Promise<T> => {
      const error = fault(sids)
      if (error !== false) throw error
      return act(sids, ...rest)
    }
  return {
    ...store,
    sessions: {
      ...store.sessions,
      change: failing(change),
      ...(compareAndSet !== undefined && { compareAndSet: failing(compareAndSet) }),
    },
  }
}
