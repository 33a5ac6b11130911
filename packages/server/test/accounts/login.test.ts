import { describe, expect, test } from 'vitest'
import type { Hasher } from '../../src/accounts/hasher.ts'
import { createHasher } from '../../src/accounts/hasher.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { event, user } from '../../src/store/contract/records.ts'
import { cheapHash, countingHasher, createTestServer, password } from '../create-test-server.ts'

describe('a wrong password and an unknown user', () => {
  test.each([
    ['an unknown user', { username: 'nobody', password }],
    ['a wrong password', { username: 'ada', password: 'not the password of ada' }],
    ['an overlong password', { username: 'ada', password: 'x'.repeat(5000) }],
    ['an empty password', { username: 'ada', password: '' }],
  ])('%s: the same answer after the work of one hash', async (_kind, json) => {
    const hasher = countingHasher()
    const server = await createTestServer({ hasher })
    await server.signup('ada')
    const before = hasher.calls.verify + hasher.calls.verifyNothing
    const reply = await server.send('POST', '/login', { json })
    expect(reply.status).toBe(401)
    expect(reply.body).toEqual({
      type: 'urn:tessera:error:credentials_invalid',
      title: expect.any(String),
      status: 401,
      detail: expect.any(String),
      code: 'credentials_invalid',
    })
    const other = await server.send('POST', '/login', { json: { username: 'x', password: 'y' } })
    expect(other.body).toEqual(reply.body)
    expect(hasher.calls.verify + hasher.calls.verifyNothing - before).toBe(2)
  })
})

describe('P29: the time of a refused login is not that of the row', () => {
  test.each([
    ['an unknown user', 'nobody', {}],
    ['a wrong password', 'ada', {}],
    ['an unknown user, from a device', 'nobody', { device_secret: 'dv_of another account' }],
    ['a wrong password, from a device', 'ada', { device_secret: 'dv_of another account' }],
  ])('%s: each look-up reads one row and finds one name taken by nobody', async (_kind, username, device) => {
    const found: boolean[] = []
    const server = await createTestServer({
      openStore: async () => {
        const store = await openSqliteStore({ path: ':memory:' })
        // Before the server looks: stand-ins are drawn from accounts that are there.
        await store.users.insertMany([user({ username: 'ada' }), user({ username: 'bo' })], event)
        return store
      },
      wrapStore: (store) => ({
        ...store,
        users: {
          ...store.users,
          findByName: async (name) => {
            const row = await store.users.findByName(name)
            found.push(row !== undefined)
            return row
          },
        },
      }),
    })
    const json = { username, password: 'not the password of ada', ...device }
    expect((await server.send('POST', '/login', { json })).status).toBe(401)
    const lookUps = 'device_secret' in device ? 2 : 1
    expect(found.filter((isFound) => isFound)).toHaveLength(lookUps)
    expect(found).toHaveLength(2 * lookUps)
  })
})

describe('P2: a login that races a change of the account', () => {
  /** A hasher whose verifications wait until they are let go. */
  function heldHasher(): Hasher & { release(): void; readonly held: Promise<void> } {
    const inner = createHasher({ parameters: cheapHash })
    let release = (): void => undefined
    let arrived = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    const held = new Promise<void>((resolve) => (arrived = resolve))
    return {
      ...inner,
      held,
      release: () => release(),
      verify: async (phc, text) => {
        const result = await inner.verify(phc, text)
        arrived()
        await gate
        return result
      },
    }
  }

  test('the user is disabled while the password is hashed: 401, no session', async () => {
    const hasher = heldHasher()
    const server = await createTestServer({ hasher })
    const { session_id: existing } = await server.signup('ada')
    const login = server.send('POST', '/login', { json: { username: 'ada', password } })
    await hasher.held
    const user = await server.store.users.findByName('ada')
    const ending = { atMs: server.nowMs(), reason: 'user_disabled', keepSeconds: 700 } as const
    await server.store.users.disable(user?.id ?? '', ending)
    hasher.release()
    expect(await login).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
    expect(await server.store.sessions.listLive(user?.id ?? '', server.nowMs() / 1000)).toEqual([])
    expect((await server.rowOf(existing)).endedAt).not.toBeNull()
  })

  test('a rehash that races a password change leaves the new hash intact', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const user = await server.store.users.findByName('ada')
    const replaced = await server.store.users.replaceHash({
      userId: user?.id ?? '',
      verifiedHash: 'the hash that was verified, and is no longer there',
      passwordHash: 'stale',
    })
    expect(replaced).toBe(false)
    expect((await server.store.users.findByName('ada'))?.passwordHash).toBe(user?.passwordHash)
  })

  test('a hash of weaker parameters is replaced at the next login', async () => {
    const weak = createHasher({ parameters: cheapHash })
    const strong = createHasher({ parameters: { ...cheapHash, passes: 2 } })
    let current = weak
    const hasher: Hasher = {
      hash: (text) => current.hash(text),
      verify: (phc, text) => current.verify(phc, text),
      verifyNothing: (text) => current.verifyNothing(text),
      isOutdated: (phc) => current.isOutdated(phc),
      expectRoom: (turn) => current.expectRoom(turn),
    }
    const server = await createTestServer({ hasher })
    await server.signup('ada')
    current = strong
    await server.login('ada')
    expect((await server.store.users.findByName('ada'))?.passwordHash).toContain('t=2')
    await server.login('ada')
  })
})

describe('the throttle', () => {
  test('counts wrong passwords, answers 429 with Retry-After, and lets the owner in after a short wait', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const guess = () =>
      server.send('POST', '/login', { json: { username: 'ada', password: 'a wrong password' } })
    const statuses: number[] = []
    for (let count = 0; count < 12; count += 1) statuses.push((await guess()).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    const refused = await guess()
    expect(refused).toMatchObject({ status: 429, body: { code: 'throttled' } })
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(900)
    server.wait(wait)
    await server.login('ada')
  })

  test('1,000 parallel guesses hash at most the limit (P15)', async () => {
    const hasher = countingHasher()
    const server = await createTestServer({ hasher })
    await server.signup('ada')
    const guesses = Array.from({ length: 1000 }, (_, index) =>
      server.send('POST', '/login', { json: { username: 'ada', password: `wrong password ${index}` } }),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(990)
    expect(hasher.calls.verify).toBe(10)
  })

  test('right passwords are never counted', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    for (let count = 0; count < 25; count += 1) {
      const reply = await server.send('POST', '/login', { json: { username: 'ada', password } })
      expect(reply.status).toBe(200)
    }
  })

  test('is off when the configuration says so', async () => {
    const server = await createTestServer({ config: { throttle: 'off' } })
    for (let count = 0; count < 30; count += 1) {
      const reply = await server.send('POST', '/login', { json: { username: 'nobody', password: 'x' } })
      expect(reply.status).toBe(401)
    }
  })
})

describe('sign-up', () => {
  test.each([
    ['short', 'a short one'],
    ['the name itself', 'ada-lovelace-1815'],
    ['common', 'passwordpassword'],
    ['too long', 'x'.repeat(2000)],
  ])('refuses a password that is %s: 422 password_rejected, saying why', async (_kind, weak) => {
    const server = await createTestServer()
    const reply = await server.send('POST', '/signup', {
      json: { username: 'ada-lovelace-1815', password: weak },
    })
    expect(reply).toMatchObject({ status: 422, body: { code: 'password_rejected' } })
    expect(reply.body['detail']).not.toContain(weak)
  })

  test('a name is taken in any case and any Unicode form: 409', async () => {
    const server = await createTestServer()
    await server.signup('Ada')
    for (const username of ['ada', 'ADA', 'Ａｄａ']) {
      const reply = await server.send('POST', '/signup', { json: { username, password } })
      expect(reply).toMatchObject({ status: 409, body: { code: 'username_taken' } })
    }
    await server.login('aDA')
  })

  test('can be closed: 403 signup_closed', async () => {
    const server = await createTestServer({ config: { signup: 'closed' } })
    const reply = await server.send('POST', '/signup', { json: { username: 'ada', password } })
    expect(reply).toMatchObject({ status: 403, body: { code: 'signup_closed' } })
  })
})

describe('the pool of hashes', () => {
  test('runs as many at once as it may, also when all are asked for in one tick', async () => {
    const hasher = createHasher({ parameters: cheapHash, concurrency: 2, queueLimit: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.hash(password)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5)
  })

  test('a full pool answers 503 overloaded with Retry-After, and the throttle counts nothing', async () => {
    const full: Hasher = createHasher({ parameters: cheapHash, concurrency: 0, queueLimit: 0 })
    const server = await createTestServer({ hasher: full })
    for (let count = 0; count < 15; count += 1) {
      const reply = await server.send('POST', '/login', { json: { username: 'ada', password } })
      expect(reply).toMatchObject({ status: 503, body: { code: 'overloaded' } })
      expect(reply.headers.get('retry-after')).not.toBeNull()
    }
    // Refused by design: a flood must not look like a fault in the log, nor fill it with stacks.
    expect(server.lines).toHaveLength(15)
    for (const line of server.lines) {
      expect(line).toMatchObject({ message: 'request refused', status: 503 })
      expect(line['why']).toBe('the queue of passwords is full')
      expect(JSON.stringify(line)).not.toMatch(/stack|"level":"error"/)
    }
  })
})
