/** What every store must do with the revocation feed, the throttle and signing keys, as tests that take a store. */
import type { Revocation, RevocationPage, SigningKeyRow, Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { createAddRecords } from './add-records.ts'
import { ending, event, now, nowMs } from './records.ts'
import { readFeed } from './read-feed.ts'
import type { TestRunner } from './test-runner.ts'

/** The revocation feed, the throttle, signing keys; each test gets a new store. */
export function testFeed(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const { addUser, addSession } = createAddRecords(() => store, expect)
  const feed = (at?: number, limit?: number): Promise<readonly Revocation[]> => readFeed(store, at, limit)

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
      expect(
        (await store.signingKeys.list('i'))
          .map(({ kid }) => kid)
          .slice()
          .sort(),
      ).toEqual(['k1', 'k3', 'k4'])
    })

    test('P25: a key gets its new seal where it has the one that was read, and in no other case', async () => {
      await write(key)
      const to = (kekKid: string, oldKekKid = 'kidkidki') => ({
        kid: 'k1',
        oldKekKid,
        kekKid,
        sealedKey: `under ${kekKid}`,
      })
      expect(await store.signingKeys.rewrap({ ...to('new'), kid: 'unknown' })).toBe(false)
      expect(await store.signingKeys.rewrap(to('new', 'another'))).toBe(false)
      expect(await store.signingKeys.rewrap(to('new'))).toBe(true)
      expect(await store.signingKeys.rewrap(to('newer'))).toBe(false)
      expect(await store.signingKeys.list('i')).toEqual([{ ...key, kekKid: 'new', sealedKey: 'under new' }])
      await write({ ...key, state: 'gone', kekKid: 'new', sealedKey: null, goneAt: now })
      expect(await store.signingKeys.rewrap(to('newer', 'new'))).toBe(false)
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
}
