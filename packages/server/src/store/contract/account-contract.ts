/** What every store must do with accounts beside the session's contract: many at once, pages, ends, one-time tokens. */
import type { OneTimeToken } from '../one-time-token-store.ts'
import type { Store, User } from '../store.ts'
import { createAddRecords } from './add-records.ts'
import { ending, event, id, now, nowMs, session, user } from './records.ts'
import type { TestRunner } from './test-runner.ts'

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testAccounts(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const { addUser } = createAddRecords(() => store, expect)

  describe('many users', () => {
    test('are added at once; those whose name or id is taken are left out', async () => {
      const first = await addUser({ username: 'ada' })
      const many = Array.from({ length: 500 }, (_, index) => user({ username: `u${index}` }))
      const taken = [user({ username: 'ADA' }), user({ id: first.id, username: 'other' })]
      const added = await store.users.insertMany([...taken, ...many], event)
      expect(added.size).toBe(500)
      expect(await store.users.findByName('ada')).toEqual(first)
      expect(await store.users.insertMany([], event)).toEqual(new Set())
    })

    test('are listed page by page in the order of their names', async () => {
      for (const username of ['c', 'a', 'b']) await addUser({ username })
      const first = await store.users.list({ limit: 2 })
      expect(first.map(({ username }) => username)).toEqual(['a', 'b'])
      const second = await store.users.list({ after: 'b', limit: 2 })
      expect(second.map(({ username }) => username)).toEqual(['c'])
    })

    test('are looked for by a part of the name, in which no character is a pattern', async () => {
      for (const username of ['a_c', 'abc', 'ABCD', 'x!y', '50%']) await addUser({ username })
      const found = async (part: string, after?: string) => {
        const page = await store.users.list({ part, ...(after !== undefined && { after }), limit: 9 })
        return page.map(({ username }) => username)
      }
      expect(await found('bc')).toEqual(['abc', 'ABCD'])
      expect(await found('bc', 'abc')).toEqual(['ABCD'])
      expect(await found('_')).toEqual(['a_c'])
      expect(await found('!')).toEqual(['x!y'])
      expect(await found('%')).toEqual(['50%'])
    })

    test('are sampled by their ids, those without a password left out', async () => {
      await addUser({ id: 'a', passwordHash: 'one' })
      await addUser({ id: 'b', passwordHash: null })
      await addUser({ id: 'c', passwordHash: 'three' })
      expect(await store.users.sampleHashes('', 10)).toEqual(['one', 'three'])
      expect(await store.users.sampleHashes('b', 10)).toEqual(['three'])
      expect(await store.users.sampleHashes('', 1)).toEqual(['one'])
    })
  })

  describe('a removed user', () => {
    const deleted = { ...ending, reason: 'user_deleted' } as const

    test('is gone with every session, which the feed tells; the name is free again', async () => {
      const owner = await addUser({ username: 'ada' })
      const begun = session(owner)
      await store.sessions.insert(begun, event)
      const ended = await store.users.remove(owner.id, owner.credentialVersion, deleted)
      expect(ended?.map(({ sid }) => sid)).toEqual([begun.sid])
      expect(await store.users.findById(owner.id)).toBeUndefined()
      expect(await store.sessions.find(begun.sid)).toBeUndefined()
      await addUser({ username: 'ada' })
    })

    test('P2: is not removed when the credentials changed meanwhile, and begins no session afterwards', async () => {
      const owner = await addUser()
      expect(await store.users.remove(owner.id, owner.credentialVersion + 1, deleted)).toBeUndefined()
      expect(await store.users.findById(owner.id)).toEqual(owner)
      await store.users.remove(owner.id, owner.credentialVersion, deleted)
      expect(await store.sessions.insert(session(owner), event)).toBeUndefined()
    })
  })

  describe('a one-time token', () => {
    const reset = { ...ending, reason: 'password_reset' } as const

    async function addToken(owner: User, change: Partial<OneTimeToken> = {}): Promise<OneTimeToken> {
      const token: OneTimeToken = {
        id: id(),
        kind: 'password_reset',
        userId: owner.id,
        credentialVersion: owner.credentialVersion,
        email: owner.email,
        expiresAt: now + 60,
        ...change,
      }
      await store.oneTimeTokens.insert(token)
      return token
    }
    const use = (tokenId: string, passwordHash = 'new') =>
      store.oneTimeTokens.resetPassword({ id: tokenId, passwordHash, ending: reset, event })

    test('P30: resets a password once, also when it comes twice at once, and ends every session', async () => {
      const owner = await addUser()
      const begun = session(owner)
      await store.sessions.insert(begun, event)
      const { id: tokenId } = await addToken(owner)
      expect(await store.oneTimeTokens.find(tokenId, 'password_reset', now)).toEqual({
        userId: owner.id,
        username: owner.username,
      })
      const both = await Promise.all([use(tokenId), use(tokenId)])
      const won = both.filter((result) => result !== undefined)
      expect(won).toMatchObject([[{ sid: begun.sid }]])
      expect(await store.users.findById(owner.id)).toMatchObject({
        passwordHash: 'new',
        credentialVersion: owner.credentialVersion + 1,
      })
    })

    test('P30: is void after its time, after a change of credentials, and when a newer one was made', async () => {
      const owner = await addUser()
      const { id: old } = await addToken(owner)
      const { id: late } = await addToken(owner, { expiresAt: now })
      expect(await use(old)).toBeUndefined()
      expect(await use(late)).toBeUndefined()
      const { id: stale } = await addToken(owner, { credentialVersion: owner.credentialVersion - 1 })
      expect(await store.oneTimeTokens.find(stale, 'password_reset', now)).toBeUndefined()
      expect(await use(stale)).toBeUndefined()
      expect(await store.users.findById(owner.id)).toEqual(owner)
    })

    test('of one kind is none of the other', async () => {
      const owner = await addUser({ email: 'ada@example.test' })
      const { id: tokenId } = await addToken(owner, { kind: 'email_verification' })
      expect(await use(tokenId)).toBeUndefined()
      expect(await store.oneTimeTokens.verifyEmail({ id: tokenId, now, event })).toBe(true)
      expect((await store.users.findById(owner.id))?.emailVerifiedAt).toBe(now)
      expect(await store.oneTimeTokens.verifyEmail({ id: tokenId, now, event })).toBe(false)
    })

    test('verifies no address but the one that it was sent to', async () => {
      const owner = await addUser({ email: 'new@example.test' })
      const { id: tokenId } = await addToken(owner, { kind: 'email_verification', email: 'old@example.test' })
      expect(await store.oneTimeTokens.verifyEmail({ id: tokenId, now, event })).toBe(false)
      expect((await store.users.findById(owner.id))?.emailVerifiedAt).toBeNull()
    })

    test('is removed when it has expired', async () => {
      const owner = await addUser()
      const { id: tokenId } = await addToken(owner)
      await store.removeExpired(nowMs + 60_000, 10)
      expect(await store.oneTimeTokens.find(tokenId, 'password_reset', now)).toBeUndefined()
    })
  })
}
