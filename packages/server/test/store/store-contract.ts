/**
 * What every store must do, as tests that take a store. A database of any kind passes them all, or it is none of ours.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  Revocation,
  RevocationPage,
  Session,
  SigningKeyRow,
  Store,
  User,
} from '../../src/store/store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { ending, event, now, nowMs, session, user } from './records.ts'

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testStoreContract(open: () => Promise<Store>): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  async function addUser(change: Partial<User> = {}): Promise<User> {
    const added = user(change)
    expect(await store.users.insert(added, event)).toBe('inserted')
    return added
  }

  async function addSession(owner: User, change: Partial<Session> = {}): Promise<Session> {
    const added = session(owner, change)
    expect(await store.sessions.insert(added, event)).toBe(true)
    return added
  }

  async function read(sid: string): Promise<Session | undefined> {
    let found: Session | undefined
    await store.sessions.change([sid], (sessions) => {
      found = sessions.get(sid)
      return []
    })
    return found
  }

  /** The whole feed, read page by page. */
  async function feed(at = now, limit = 1000): Promise<readonly Revocation[]> {
    const entries: Revocation[] = []
    for (let after: string | undefined, more = true; more;) {
      const page = await store.revocations.read({ ...(after !== undefined && { after }), now: at, limit })
      entries.push(...page.entries)
      after = page.next
      more = page.more
    }
    return entries
  }

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
      expect(both.toSorted()).toEqual(['inserted', 'taken'])
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
      expect(ended?.map(({ sid }) => sid).toSorted()).toEqual(sids.toSorted())
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
      expect(proof).toEqual({ sid, userId, clientId, macNonce, macKid, macFromGeneration })
    })

    test('P2: none begins for a disabled user, or under credentials that have changed', async () => {
      const owner = await addUser()
      expect(await store.sessions.insert(session(owner, { credentialVersion: 2 }), event)).toBe(false)
      await store.users.disable(owner.id, ending)
      expect(await store.sessions.insert(session(owner), event)).toBe(false)
      expect(await store.sessions.insert(session(owner, { credentialVersion: 2 }), event)).toBe(false)
      expect(await store.sessions.listLive(owner.id, now)).toEqual([])
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

  describe('revocations', () => {
    test('P4: expired entries are not told, and no position is ever given out twice', async () => {
      const owner = await addUser()
      const end = async (): Promise<number> => {
        const { sid } = await addSession(owner)
        const [entry] = await store.sessions.endOthers(owner.id, 'none', ending)
        expect(entry?.sid).toBe(sid)
        return entry?.position ?? 0
      }
      const first = await end()
      expect(await feed(now + 660)).toEqual([])
      expect(await store.removeExpired((now + 661) * 1000, 100)).toBe(false)
      expect(await end()).toBeGreaterThan(first)
    })

    /** Ends a new session; what the feed then tells. */
    async function endOne(): Promise<string> {
      const owner = await addUser()
      const { sid } = await addSession(owner)
      await store.sessions.endOthers(owner.id, 'none', ending)
      return sid
    }
    const sidsOf = ({ entries }: RevocationPage) => entries.map(({ sid }) => sid)
    const read = (after?: string, limit = 1000) =>
      store.revocations.read({ ...(after !== undefined && { after }), now, limit })

    test('P3: a cursor goes on where it was, and what was told before may be told again but nothing is left out', async () => {
      const first = await endOne()
      const page = await read()
      expect(sidsOf(page)).toEqual([first])
      expect(page).toMatchObject({
        more: false,
        reset: false,
        next: expect.stringContaining(`${store.epoch}.`),
      })
      expect(await read(page.next)).toMatchObject({ more: false, reset: false })
      const second = await endOne()
      expect(sidsOf(await read(page.next))).toContain(second)
    })

    test('pages follow each other without a gap, also inside what one transaction wrote', async () => {
      const owner = await addUser()
      const sids = new Set<string>()
      for (let count = 0; count < 7; count += 1) sids.add((await addSession(owner)).sid)
      await store.users.disable(owner.id, ending)
      sids.add(await endOne())
      for (const limit of [1, 2, 3, 8]) {
        const told = (await feed(now, limit)).map(({ sid }) => sid ?? '')
        expect(new Set(told)).toEqual(sids)
        expect(told).toHaveLength(8)
      }
    })

    test('P4: a cursor of another epoch, of the future, or of no shape begins anew and says so', async () => {
      const sid = await endOne()
      const cursors = [
        'other.1',
        `${store.epoch}.99999999999`,
        `${store.epoch}.-1`,
        'x',
        '',
        `${store.epoch}.1e3`,
      ]
      for (const cursor of cursors) {
        const page = await read(cursor)
        expect(page.reset).toBe(true)
        expect(sidsOf(page)).toEqual([sid])
      }
    })

    test('P4: after clean-up has emptied the feed an old cursor still meets what comes next', async () => {
      await endOne()
      const { next } = await read()
      await store.removeExpired((now + 661) * 1000, 100)
      const sid = await endOne()
      expect(sidsOf(await read(next))).toEqual([sid])
    })
  })

  describe('the throttle', () => {
    const bucket = { key: 'b', capacity: 3, refillMs: 1000 }

    test('lets a capacity through at once, then one each interval, and tells the wait', async () => {
      for (let count = 0; count < 3; count += 1) expect(await store.throttle.charge([bucket], nowMs)).toBe(0)
      expect(await store.throttle.charge([bucket], nowMs)).toBe(1000)
      expect(await store.throttle.charge([bucket], nowMs + 400)).toBe(600)
      expect(await store.throttle.charge([bucket], nowMs + 1000)).toBe(0)
      expect(await store.throttle.charge([bucket], nowMs + 1000)).toBe(1000)
    })

    test('a refused attempt charges no bucket, and prolongs nothing', async () => {
      const wide = { key: 'wide', capacity: 100, refillMs: 1000 }
      const attempt = () => store.throttle.charge([wide, bucket], nowMs)
      for (let count = 0; count < 50; count += 1) await attempt()
      expect(await store.throttle.charge([bucket], nowMs)).toBe(1000)
      // Only the three that passed were charged to the wide one.
      for (let count = 0; count < 97; count += 1) expect(await store.throttle.charge([wide], nowMs)).toBe(0)
      expect(await store.throttle.charge([wide], nowMs)).toBeGreaterThan(0)
    })

    test('a refund gives the room back, and never more than there was', async () => {
      for (let count = 0; count < 3; count += 1) await store.throttle.charge([bucket], nowMs)
      await store.throttle.refund([bucket], nowMs)
      expect(await store.throttle.charge([bucket], nowMs)).toBe(0)
      for (let count = 0; count < 9; count += 1) await store.throttle.refund([bucket], nowMs)
      for (let count = 0; count < 3; count += 1) expect(await store.throttle.charge([bucket], nowMs)).toBe(0)
      expect(await store.throttle.charge([bucket], nowMs)).toBe(1000)
    })

    test('charges at once are atomic', async () => {
      const waits = await Promise.all(
        Array.from({ length: 20 }, () => store.throttle.charge([bucket], nowMs)),
      )
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
    })

    test('drained buckets are removed, in steps', async () => {
      for (let count = 0; count < 25; count += 1) {
        await store.throttle.charge([{ ...bucket, key: `b${count}` }], nowMs)
      }
      expect(await store.removeExpired(nowMs + 1000, 10)).toBe(true)
      expect(await store.removeExpired(nowMs + 1000, 10)).toBe(true)
      expect(await store.removeExpired(nowMs + 1000, 10)).toBe(false)
    })
  })

  describe('keys and secrets', () => {
    const key = {
      kid: 'k1',
      issuer: 'i',
      algorithm: 'ES256',
      purpose: 'access',
      state: 'active',
      sealedKey: 'sealed',
      kekKid: 'kidkidki',
      publicJwk: '{}',
      createdAt: now,
      activatedAt: now,
      retiredAt: null,
      goneAt: null,
      revokedAt: null,
    } as const
    const write = (...keys: readonly SigningKeyRow[]) =>
      store.signingKeys.change('i', () => ({ keys, events: [event] }))

    test('P24: of one issuer, algorithm and purpose there is one active key and one next', async () => {
      await write(key)
      await expect(write({ ...key, kid: 'k2' })).rejects.toBeInstanceOf(StoreError)
      await write({ ...key, kid: 'k3', state: 'next', activatedAt: null })
      await write({ ...key, kid: 'k4', algorithm: 'RS256' }, { ...key, kid: 'k5', issuer: 'other' })
      expect((await store.signingKeys.list('i')).map(({ kid }) => kid).toSorted()).toEqual(['k1', 'k3', 'k4'])
    })

    test('P24: a hand-over is one change, and of two that decide at once the second sees the first', async () => {
      const next = { ...key, kid: 'k2', state: 'next', activatedAt: null } as const
      await write(key, next)
      const handOver = () =>
        store.signingKeys.change('i', (keys) => {
          const waiting = keys.find(({ state }) => state === 'next')
          const active = keys.find(({ state }) => state === 'active')
          if (waiting === undefined || active === undefined) return { keys: [], events: [] }
          const retired = { ...active, state: 'retired', retiredAt: now } as const
          return { keys: [retired, { ...waiting, state: 'active', activatedAt: now }], events: [event] }
        })
      await Promise.all([handOver(), handOver()])
      const rows = await store.signingKeys.list('i')
      expect(rows.map(({ kid, state }) => [kid, state])).toEqual([
        ['k1', 'retired'],
        ['k2', 'active'],
      ])
      expect(rows[0]).toEqual({ ...key, state: 'retired', retiredAt: now })
    })

    test('P18: a key is called back in one transaction with its entry in the feed', async () => {
      await write(key)
      const entry = { kind: 'key', kid: 'k1', createdAt: now, expiresAt: now + 660 } as const
      const called = { ...key, state: 'gone', sealedKey: null, goneAt: now, revokedAt: now } as const
      const told = await store.signingKeys.change('i', () => ({
        keys: [called],
        revocations: [entry],
        events: [event],
      }))
      expect(told).toMatchObject([entry])
      expect(await feed()).toEqual(told)
      expect(await store.signingKeys.list('i')).toEqual([called])
    })

    test('P23: the longest life of access tokens that was ever in force is kept', async () => {
      expect(await store.longestAccessTokenSeconds(600)).toBe(600)
      expect(await store.longestAccessTokenSeconds(60)).toBe(600)
      expect(await store.longestAccessTokenSeconds(3600)).toBe(3600)
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
