/** What every store must do with the audit trail, as tests that take a store. */
import type { AuditEvent, Store } from '../store.ts'
import { createAddRecords } from './add-records.ts'
import { ending, event, user } from './records.ts'
import type { TestRunner } from './test-runner.ts'

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testAudit(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  describe('the audit trail', () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const { addUser, addSession } = createAddRecords(() => store, expect)

    test('is read newest first, page by page, of all or of one user', async () => {
      for (const userId of ['a', 'b', 'a']) {
        await store.audit.append({ ...event, userId, sid: 's', addressPrefix: 'p', detail: { scope: 'n' } })
      }
      const all = await store.audit.list({ limit: 10 })
      expect(all.map(({ userId }) => userId)).toEqual(['a', 'b', 'a'])
      expect(all[0]).toMatchObject({ ...event, sid: 's', addressPrefix: 'p', detail: { scope: 'n' } })
      const [first] = await store.audit.list({ limit: 1 })
      const rest = await store.audit.list({ before: first?.id ?? 0, limit: 10 })
      expect(rest.map(({ id: place }) => place)).toEqual(all.slice(1).map(({ id: place }) => place))
      expect(await store.audit.list({ userId: 'a', limit: 10 })).toHaveLength(2)
    })

    test('is told to whoever follows it, each line once and after the commit; what changed nothing tells nothing', async () => {
      const { follow } = store.audit
      // A store need not tell.
      if (follow === undefined) return
      const told: AuditEvent[] = []
      const stop = follow((line) => void told.push(line))
      const owner = await addUser({ username: 'ada' })
      const taken = await store.users.insert(user({ username: 'ada' }), event)
      const begun = await addSession(owner)
      const ended = { ...ending, reason: 'user_disabled' } as const
      await store.users.disable(owner.id, ended)
      await store.audit.append(event)
      expect(taken).toBe('taken')
      const lines = await store.audit.list({ limit: 100 })
      expect(told).toEqual([...lines].reverse().map(({ id, ...line }) => (id > 0 ? line : undefined)))
      expect(told.at(-2)).toMatchObject({ event: 'session.ended', sid: begun.sid })
      stop()
      await store.audit.append(event)
      expect(told).toHaveLength(lines.length)
    })
  })
}
