/** What every store must do about server secrets and the processes that hold them (P6), as tests that take a store. */
import type { ProcessBeat, SecretRow, Store } from '../store.ts'
import { id, nowMs, session, user, event, ending } from './records.ts'
import type { TestRunner } from './test-runner.ts'

/** A process that holds these secrets, the one it prefers first. */
export function beatOf(processId: string, ...kids: readonly string[]): ProcessBeat {
  const secrets = kids.map((kid) => ({ kid, checkValue: `check of ${kid}` }))
  return { processId, secrets, nowMs, lifeMs: 30_000, admit: () => undefined }
}

const inUse = (rows: readonly SecretRow[]): string | undefined =>
  rows
    .filter(({ state, turn }) => state === 'live' && turn > 0)
    .slice()
    .sort((one, other) => other.turn - one.turn)[0]?.kid

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testSecrets(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  describe('P6: server secrets and the processes that hold them', () => {
    test('a secret is registered once, and its check value stays', async () => {
      const rows = await store.secrets.beat(beatOf('a', 'old'))
      expect(rows).toMatchObject([{ kid: 'old', checkValue: 'check of old', state: 'live' }])
      const altered = { ...beatOf('a', 'old'), secrets: [{ kid: 'old', checkValue: 'another' }] }
      expect(await store.secrets.beat(altered)).toEqual(rows)
      expect(await store.secrets.list()).toEqual(rows)
    })

    test('on an empty database the secret that the first process prefers is in use', async () => {
      expect(inUse(await store.secrets.beat(beatOf('a', 'new', 'old')))).toBe('new')
      expect(inUse(await store.secrets.beat(beatOf('b', 'old', 'new')))).toBe('new')
    })

    test('a new secret waits until every live process holds and prefers it', async () => {
      for (const name of ['a', 'b', 'c']) await store.secrets.beat(beatOf(name, 'old'))
      expect(inUse(await store.secrets.beat(beatOf('a2', 'new', 'old')))).toBe('old')
      await store.secrets.leave('a')
      expect(inUse(await store.secrets.beat(beatOf('b', 'new', 'old')))).toBe('old')
      expect(inUse(await store.secrets.beat(beatOf('c', 'old', 'new')))).toBe('old')
      const rows = await store.secrets.beat(beatOf('c', 'new', 'old'))
      expect(inUse(rows)).toBe('new')
      expect(await store.audit.list({ limit: 9 })).toContainEqual(
        expect.objectContaining({ event: 'secret.in_use', detail: { kid: 'new', before: 'old' } }),
      )
    })

    test('nobody waits for a process that has been silent for its life, but in the beat that notices', async () => {
      const process = beatOf('a', 'new', 'old')
      await store.secrets.beat(beatOf('silent', 'old'))
      expect(inUse(await store.secrets.beat(process))).toBe('old')
      // However short the others' silence was, it was too long.
      const strict = { ...process, lifeMs: 0 }
      expect(inUse(await store.secrets.beat(strict))).toBe('old')
      expect(inUse(await store.secrets.beat(strict))).toBe('new')
    })

    test('what looks at the registry can refuse, and nothing is written then', async () => {
      await store.secrets.beat(beatOf('a', 'old'))
      const seen: (readonly SecretRow[])[] = []
      const refusing = {
        ...beatOf('b', 'new'),
        admit: (rows: readonly SecretRow[]): void => {
          seen.push(rows)
          throw new Error('no')
        },
      }
      await expect(store.secrets.beat(refusing)).rejects.toThrow('no')
      expect(seen[0]).toMatchObject([{ kid: 'old' }])
      expect(await store.secrets.list()).toHaveLength(1)
    })

    test('when the secret in use is dropped, one takes its place that all who can make anything hold', async () => {
      const owner = user()
      await store.users.insert(owner, event)
      await store.sessions.insert(session(owner, { macKid: 'old' }), event)
      await store.secrets.beat(beatOf('a', 'old', 'new'))
      await store.secrets.beat(beatOf('b', 'old'))
      expect(await store.secrets.drop('old', ending)).toEqual({ sessions: 1, keys: 0 })
      expect(inUse(await store.secrets.beat(beatOf('a', 'old', 'new')))).toBe('new')
      expect(await store.secrets.drop('old', ending)).toBeUndefined()
      expect(await store.secrets.drop(id(), ending)).toBeUndefined()
    })

    test('beats of many processes at once leave one secret in use', async () => {
      await store.secrets.beat(beatOf('first', 'old'))
      await store.secrets.leave('first')
      const names = ['a', 'b', 'c', 'd', 'e', 'f']
      await Promise.all(names.map((name) => store.secrets.beat(beatOf(name, 'new', 'old'))))
      const rows = await store.secrets.beat(beatOf('a', 'new', 'old'))
      expect(inUse(rows)).toBe('new')
      expect(new Set(rows.map(({ turn }) => turn)).size).toBe(2)
    })
  })
}
