/** What every store must do with clients, as tests that take a store. */
import type { Client } from '../client-store.ts'
import type { Ticket } from '../ticket-store.ts'
import type { Store } from '../store.ts'
import { event, id, now, nowMs } from './records.ts'
import type { TestRunner } from './test-runner.ts'

function client(change: Partial<Client> = {}): Client {
  return {
    clientId: id(),
    name: 'Billing',
    secretHash: 'stands for a digest',
    jwkSet: null,
    scope: 'orders:read',
    audiences: ['https://api.example', 'a "quoted" one'],
    roles: ['service'],
    tokenSid: id(),
    createdAt: now,
    revokedAt: null,
    ...change,
  }
}

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testClients(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  async function add(change: Partial<Client> = {}): Promise<Client> {
    const added = client(change)
    expect(await store.clients.insert(added, event)).toBe('inserted')
    return added
  }

  describe('clients', () => {
    test('are found by id with everything that was written, and an id is given once', async () => {
      const added = await add()
      expect(await store.clients.find(added.clientId)).toEqual(added)
      expect(await store.clients.find('nobody')).toBeUndefined()
      expect(await store.clients.insert({ ...client(), clientId: added.clientId }, event)).toBe('taken')
    })

    test('are listed page by page, each once', async () => {
      const added = await Promise.all(['c', 'a', 'b'].map((clientId) => add({ clientId })))
      expect(added).toHaveLength(3)
      const first = await store.clients.list({ limit: 2 })
      expect(first.map(({ clientId }) => clientId)).toEqual(['a', 'b'])
      const second = await store.clients.list({ after: 'b', limit: 2 })
      expect(second.map(({ clientId }) => clientId)).toEqual(['c'])
    })

    test('a revoked one stays to be seen, and the feed names the sid of its tokens, once', async () => {
      const { clientId, tokenSid } = await add()
      const ended = await store.clients.revoke(clientId, { atMs: nowMs, keepSeconds: 60 })
      expect(ended).toMatchObject([{ kind: 'session', sid: tokenSid, expiresAt: now + 60 }])
      expect((await store.clients.find(clientId))?.revokedAt).toBe(now)
      const page = await store.revocations.read({ now, limit: 10 })
      expect(page.entries).toMatchObject([{ sid: tokenSid }])
      expect(await store.clients.revoke(clientId, { atMs: nowMs, keepSeconds: 60 })).toBeUndefined()
      expect(await store.clients.revoke('nobody', { atMs: nowMs, keepSeconds: 60 })).toBeUndefined()
    })
  })

  describe('an assertion', () => {
    test('is used once by each client, also when it comes twice at once', async () => {
      const use = (clientId: string) =>
        store.clients.useAssertion({ clientId, jti: 'j', expiresAt: now + 60 })
      const both = await Promise.all([use('a'), use('a')])
      expect(both.filter((isFirst) => isFirst)).toHaveLength(1)
      expect(await use('b')).toBe(true)
    })

    test('is forgotten when it has expired, and not before', async () => {
      const use = () => store.clients.useAssertion({ clientId: 'a', jti: 'j', expiresAt: now + 60 })
      await use()
      await store.removeExpired(nowMs + 59_000, 10)
      expect(await use()).toBe(false)
      await store.removeExpired(nowMs + 60_000, 10)
      expect(await use()).toBe(true)
    })
  })

  describe('a ticket', () => {
    const add = async (change: Partial<Ticket> = {}): Promise<Ticket> => {
      const ticket = {
        id: id(),
        claims: { sub: 'ada', exp: now + 600 },
        scope: 'account',
        audience: 'https://api.example',
        path: '/live',
        expiresAt: now + 30,
        ...change,
      }
      await store.tickets.insert(ticket)
      return ticket
    }

    test('P20: is taken by one of those who come at once, with everything that was written', async () => {
      const ticket = await add()
      const taken = await Promise.all(Array.from({ length: 10 }, () => store.tickets.take(ticket.id, now)))
      expect(taken.filter((one) => one !== undefined)).toEqual([ticket])
    })

    test('is gone after its time', async () => {
      const { id: late } = await add()
      expect(await store.tickets.take(late, now + 30)).toBeUndefined()
      await store.removeExpired(nowMs + 30_000, 10)
      expect(await store.tickets.take(late, now)).toBeUndefined()
      expect(await store.tickets.take('unknown', now)).toBeUndefined()
    })
  })

  test('an entry of the feed is added with its line in the audit trail', async () => {
    const entry = { kind: 'token', jti: id(), createdAt: now, expiresAt: now + 60 } as const
    expect(await store.revocations.add(entry, event)).toMatchObject([entry])
    const { entries } = await store.revocations.read({ now, limit: 10 })
    expect(entries).toMatchObject([entry])
  })
}
