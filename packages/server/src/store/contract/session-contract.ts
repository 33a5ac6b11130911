/** What every store must do with users and their sessions, as tests that take a store. */
import type { Revocation, Session, SessionPage, Store, User } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { createAddRecords } from './add-records.ts'
import { ending, event, now, nowMs, session, user } from './records.ts'
import { readFeed } from './read-feed.ts'
import type { TestRunner } from './test-runner.ts'

/** Users, passwords, sessions; each test gets a new store. */
export function testSessions(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const { addUser, addSession } = createAddRecords(() => store, expect)
  async function read(sid: string): Promise<Session | undefined> {
    let found: Session | undefined
    await store.sessions.change([sid], (sessions) => {
      found = sessions.get(sid)
      return []
    })
    return found
  }

  const feed = (at?: number, limit?: number): Promise<readonly Revocation[]> => readFeed(store, at, limit)

  describe('users', () => {
    test('are found by normalised name and by id, with everything that was written', async () => {
      const added = await addUser({ username: 'Ada', roles: ['editor', '"quoted"'] })
      expect(await store.users.findByName('ada')).toEqual(added)
      expect(await store.users.findById(added.id)).toEqual(added)
      expect(await store.users.findByName('Ada')).toBeUndefined()
      expect(await store.users.findById('nobody')).toBeUndefined()
    })

    test('of one normalised name there is one, also when two are inserted at once', async () => {
      const both = await Promise.all([
        store.users.insert(user({ username: 'Ada' }), event),
        store.users.insert(user({ username: 'ADA' }), event),
      ])
      expect(both.slice().sort()).toEqual(['inserted', 'taken'])
    })

    test('an external user is written once and then brought up to date', async () => {
      const first = user({ id: 'staff-7', username: 'Ada', passwordHash: null })
      expect(await store.users.upsertExternal(first)).toEqual(first)
      const later = { ...first, username: 'Ada L.', roles: ['editor'], createdAt: now + 9 }
      expect(await store.users.upsertExternal(later)).toEqual({ ...later, createdAt: now })
    })

    test('P2: a hash is replaced only where the verified one still stands', async () => {
      const { id: userId, passwordHash } = await addUser()
      const replace = (verifiedHash: string, next: string) =>
        store.users.replaceHash({ userId, verifiedHash, passwordHash: next })
      expect(await replace('another', 'stale')).toBe(false)
      expect(await replace(passwordHash ?? '', 'new')).toBe(true)
      expect(await replace(passwordHash ?? '', 'late')).toBe(false)
      expect((await store.users.findById(userId))?.passwordHash).toBe('new')
    })
  })

  describe('a change of password', () => {
    const change = (owner: User, currentSid: string, more: object = {}) =>
      store.users.changePassword({
        userId: owner.id,
        credentialVersion: owner.credentialVersion,
        passwordHash: 'new hash',
        currentSid,
        ending: { ...ending, reason: 'password_changed' },
        event,
        ...more,
      })

    test('ends every other session, carries the current one over, and raises the credential version', async () => {
      const owner = await addUser()
      const [current, other] = [await addSession(owner), await addSession(owner)]
      const ended = await change(owner, current.sid)
      expect(ended?.map(({ sid }) => sid)).toEqual([other.sid])
      expect(await read(current.sid)).toMatchObject({ endedAt: null, credentialVersion: 2 })
      expect(await read(other.sid)).toMatchObject({ endedAt: now, endReason: 'password_changed' })
      expect(await store.users.findById(owner.id)).toMatchObject({
        credentialVersion: 2,
        passwordHash: 'new hash',
      })
    })

    test('with a renewed session ends the current one too', async () => {
      const owner = await addUser()
      const current = await addSession(owner)
      const renewed = session(owner, { credentialVersion: 2 })
      expect(await change(owner, current.sid, { renewed })).toHaveLength(1)
      expect(await read(current.sid)).toMatchObject({ endReason: 'password_changed' })
      expect(await read(renewed.sid)).toMatchObject(renewed)
    })

    test('P2: one that read old credentials changes nothing', async () => {
      const owner = await addUser()
      const current = await addSession(owner)
      expect(await change({ ...owner, credentialVersion: 7 }, current.sid)).toBeUndefined()
      expect((await store.users.findById(owner.id))?.passwordHash).toBe(owner.passwordHash)
      expect(await read(current.sid)).toMatchObject({ endedAt: null })
    })
  })

  describe('disabling a user', () => {
    test('ends all sessions in one go, and happens once', async () => {
      const owner = await addUser()
      const sids = [await addSession(owner), await addSession(owner)].map(({ sid }) => sid)
      const ended = await store.users.disable(owner.id, { ...ending, reason: 'user_disabled' })
      expect(
        ended
          ?.map(({ sid }) => sid)
          .slice()
          .sort(),
      ).toEqual(sids.slice().sort())
      expect(await store.users.findById(owner.id)).toMatchObject({ disabledAt: now, credentialVersion: 2 })
      expect(await store.users.disable(owner.id, ending)).toBeUndefined()
      expect(await store.users.disable('nobody', ending)).toBeUndefined()
    })
  })

  describe('sessions', () => {
    test('come back as they were written', async () => {
      const owner = await addUser({ roles: ['editor'] })
      const added = await addSession(owner, { retryKeyHash: 'hash', generation: 9_999_999_999 })
      expect(await read(added.sid)).toEqual({
        ...added,
        user: { roles: ['editor'], credentialVersion: 1, disabledAt: null },
      })
      const proof = (await store.sessions.findProofs([added.sid, 'unknown'])).get(added.sid)
      const { sid, userId, clientId, macNonce, macKid, macFromGeneration } = added
      expect(proof).toMatchObject({ sid, userId, clientId, macNonce, macKid, macFromGeneration })
    })

    test('P2: none begins for a disabled user, or under credentials that have changed', async () => {
      const owner = await addUser()
      expect(await store.sessions.insert(session(owner, { credentialVersion: 2 }), event)).toBeUndefined()
      await store.users.disable(owner.id, ending)
      expect(await store.sessions.insert(session(owner), event)).toBeUndefined()
      expect(await store.sessions.insert(session(owner, { credentialVersion: 2 }), event)).toBeUndefined()
      expect(await store.sessions.listLive(owner.id, now)).toEqual([])
    })

    test('P11: begin with the roles that their user has then, and with those of their scopes that he still has', async () => {
      const owner = await addUser({ roles: ['editor'], scope: 'account admin' })
      await store.users.changeClaims({ userId: owner.id, scope: 'account', keepSeconds: 660, event })
      const begun = session(owner, { scope: 'account admin' })
      const user = { roles: ['editor'], credentialVersion: 1, disabledAt: null }
      const expected = { ...begun, scope: 'account', user }
      expect(await store.sessions.insert(begun, event)).toEqual(expected)
      expect(await store.sessions.find(begun.sid)).toEqual(expected)
    })

    test('P15: give back what their log-in was charged, where none begins, too', async () => {
      const bucket = { key: 'b', capacity: 1, refillMs: 1000 }
      const refund = { buckets: [bucket], nowMs }
      const owner = await addUser()
      for (const credentialVersion of [1, 2]) {
        expect(await store.throttle.charge([bucket], nowMs)).toBe(0)
        const begun = await store.sessions.insert(session(owner, { credentialVersion }), event, refund)
        expect(begun === undefined).toBe(credentialVersion === 2)
      }
      expect(await store.throttle.charge([bucket], nowMs)).toBe(0)
    })

    test('P14: begin together, charges beside them, and one that the database refuses harms only itself', async () => {
      const bucket = { key: 'b', capacity: 2, refillMs: 1000 }
      const owner = await addUser()
      const sessions = Array.from({ length: 5 }, () => session(owner))
      const impossible = session(owner, { label: null as unknown as string })
      const begin = (one: Session) => store.sessions.insert(one, event)
      const [refused, waits, ...begun] = await Promise.all([
        begin(impossible).catch((error: unknown) => error),
        Promise.all([1, 2, 3].map(() => store.throttle.charge([bucket], nowMs))),
        ...sessions.map(begin),
      ])
      expect(refused instanceof StoreError).toBe(true)
      expect(waits).toEqual([0, 0, 1000])
      expect(begun.map((one) => (one as Session | undefined)?.sid)).toEqual(sessions.map(({ sid }) => sid))
      expect(await store.sessions.find(impossible.sid)).toBeUndefined()
    })

    test('are listed while they are live, latest used first, and only their owner’s', async () => {
      const [owner, stranger] = [await addUser(), await addUser()]
      const [older, newer] = [
        await addSession(owner, { lastUsedAt: now - 5 }),
        await addSession(owner, { lastUsedAt: now }),
      ]
      await addSession(owner, { endedAt: now, endReason: 'logout' })
      await addSession(owner, { idleExpiresAt: now })
      await addSession(owner, { absoluteExpiresAt: now })
      await addSession(stranger)
      expect((await store.sessions.listLive(owner.id, now)).map(({ sid }) => sid)).toEqual([
        newer.sid,
        older.sid,
      ])
    })

    test('of everybody are listed newest first, page by page, with whose they are', async () => {
      const [ada, bob] = [await addUser({ username: 'Ada' }), await addUser({ username: 'Bob' })]
      const made = [
        await addSession(ada, { createdAt: now - 30 }),
        await addSession(bob, { createdAt: now - 20, lastUsedAt: now + 9 }),
        await addSession(ada, { createdAt: now - 10, sid: 'a' }),
        await addSession(bob, { createdAt: now - 10, sid: 'b' }),
      ].reverse()
      await addSession(ada, { endedAt: now, endReason: 'logout' })
      await addSession(bob, { idleExpiresAt: now })
      await addSession(bob, { absoluteExpiresAt: now })
      const pages: SessionPage['sessions'][] = []
      let after: string | undefined
      do {
        const page = await store.sessions.listAllLive({
          now,
          limit: 2,
          ...(after !== undefined && { after }),
        })
        pages.push(page?.sessions ?? [])
        after = page?.next
      } while (after !== undefined && pages.length < 9)
      expect(pages.flat().map(({ sid }) => sid)).toEqual(made.map(({ sid }) => sid))
      expect(pages.flat().map(({ username }) => username)).toEqual(['Bob', 'Ada', 'Bob', 'Ada'])
      expect(pages[0]?.[0]).toEqual({ ...made[0], username: 'Bob' })
      expect(await store.sessions.listAllLive({ now, limit: 2, after: 'nothing' })).toBeUndefined()
      expect(await store.sessions.listAllLive({ now, limit: 2, after: '1.zz' })).toEqual({ sessions: [] })
    })

    test('P22: where a store compares and sets, it writes what is as it was read, and tells what it wrote', async () => {
      const { compareAndSet } = store.sessions
      if (compareAndSet === undefined) return
      const owner = await addUser()
      const [one, two] = [await addSession(owner), await addSession(owner)]
      const written = await compareAndSet([one.sid, two.sid, 'nobody'], (found) => {
        expect([...found.keys()].sort()).toEqual([one.sid, two.sid].sort())
        return [{ ...one, generation: 1 }]
      })
      expect(written).toEqual(new Set([one.sid]))
      expect(await read(one.sid)).toMatchObject({ generation: 1 })
      expect(await read(two.sid)).toMatchObject({ generation: 0 })
      expect(await compareAndSet([one.sid], () => [])).toEqual(new Set())
    })

    test('P14: rows, entries and audit lines of a change are written together; each entry has its place', async () => {
      const owner = await addUser()
      const [one, two] = [await addSession(owner), await addSession(owner)]
      const written = await store.sessions.change([one.sid, two.sid], () => [
        { session: { ...one, generation: 1, rotatedAtMs: nowMs + 7, retryKeyHash: 'k', retryReplays: 2 } },
        {
          session: { ...two, endedAt: now, endReason: 'replayed' },
          revocation: { kind: 'session', sid: two.sid, createdAt: now, expiresAt: now + 660 },
          event,
        },
      ])
      expect(written).toMatchObject([{ kind: 'session', sid: two.sid, epoch: store.epoch }])
      expect(await feed()).toEqual(written)
      expect(await read(one.sid)).toMatchObject({
        generation: 1,
        rotatedAtMs: nowMs + 7,
        retryKeyHash: 'k',
        retryReplays: 2,
      })
      expect(await read(two.sid)).toMatchObject({ endedAt: now, endReason: 'replayed' })
    })

    test('P22: a session that is changed twice in one go has its last state', async () => {
      const owner = await addUser()
      const added = await addSession(owner)
      await store.sessions.change([added.sid], () => [
        { session: { ...added, generation: 1 } },
        { session: { ...added, generation: 2 } },
      ])
      expect(await read(added.sid)).toMatchObject({ generation: 2 })
    })

    test('a decision that throws changes nothing, and the store goes on', async () => {
      const owner = await addUser()
      const added = await addSession(owner)
      const failing = store.sessions.change([added.sid], () => {
        throw new Error('a fault of ours')
      })
      await expect(failing).rejects.toThrow('a fault of ours')
      const impossible = { ...added, generation: null as unknown as number }
      const refused = store.sessions.change([added.sid], () => [
        { session: { ...added, generation: 5 } },
        { session: { ...impossible, sid: added.sid } },
      ])
      await expect(refused).rejects.toBeInstanceOf(StoreError)
      expect(await read(added.sid)).toMatchObject({ generation: 0 })
    })

    test('concurrent changes of one session are serial: each sees what the one before wrote', async () => {
      const owner = await addUser()
      const { sid } = await addSession(owner)
      const raise = () =>
        store.sessions.change([sid], (found) => {
          const current = found.get(sid) as Session
          return [{ session: { ...current, generation: current.generation + 1 } }]
        })
      await Promise.all(Array.from({ length: 40 }, raise))
      expect(await read(sid)).toMatchObject({ generation: 40 })
    })

    test('all but one are ended, those that have expired are left', async () => {
      const owner = await addUser()
      const [kept, other] = [await addSession(owner), await addSession(owner)]
      const expired = await addSession(owner, { absoluteExpiresAt: now })
      const ended = await store.sessions.endOthers(owner.id, kept.sid, ending)
      expect(ended.map(({ sid }) => sid)).toEqual([other.sid])
      expect(await read(kept.sid)).toMatchObject({ endedAt: null })
      expect(await read(expired.sid)).toMatchObject({ endedAt: null })
    })

    test('more than one statement can hold are ended at once', async () => {
      const owner = await addUser()
      for (let count = 0; count < 520; count += 1) await addSession(owner)
      const ended = await store.users.disable(owner.id, ending)
      expect(new Set(ended?.map(({ position }) => position)).size).toBe(520)
    })
  })
  test('a closed store says that it does not answer', async () => {
    const other = await open()
    await other.check()
    await other.close()
    const answer = await other.check().then(
      () => 'answers',
      () => 'refuses',
    )
    expect(answer).toBe('refuses')
  })
}
