/**
 * Whoever refreshes or signs in races whoever changes the account: the server's own engine from the row to what a token would
 * say, without the cost of passwords and signatures, so that ten thousand trials are a matter of seconds.
 */
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { openTestStore } from '../store/open-test-database.ts'
import { createRefreshEngine } from './refresh-engine.ts'

const startMs = 1_767_225_600_000

const stores = [
  { name: 'SQLite', trials: 10_000, open: () => openSqliteStore({ path: ':memory:' }) },
  { name: 'PostgreSQL', trials: 1000, open: () => openTestStore() },
]

describe.each(stores)('on $name', ({ trials, open }) => {
  async function setUp() {
    const clock = { nowMs: startMs }
    const engine = await createRefreshEngine(() => clock.nowMs, await open())
    onTestFinished(engine.close)
    const begun = await engine.signIn(engine.owner)
    if (begun === undefined) throw new Error('expected a session')
    return { clock, begun, ...engine }
  }
  const event = { atMs: startMs, event: 'user.claims_changed', detail: {} } as const

  test(`P11: a change of roles and a refresh in the same second, clocks two seconds apart: old refused, new accepted, ${trials} times`, async () => {
    const { clock, begun, store, owner, revocations, refresh } = await setUp()
    const change = async (roles: readonly string[]): Promise<void> => {
      const entries = await store.users.changeClaims({ userId: owner.id, roles, keepSeconds: 660, event })
      revocations.add(entries ?? [])
    }
    let { token, claims: old } = begun
    for (let trial = 0; trial < trials; trial++) {
      clock.nowMs = startMs + ((trial % 5) - 2) * 1000
      const roles = [`role ${trial}`]
      // Every other refresh races the change, and says either what it was or what it is.
      const racing = trial % 2 === 0 ? undefined : refresh(token, undefined)
      await change(roles)
      clock.nowMs = startMs + (2 - (trial % 5)) * 1000
      const raced = await racing
      if (raced !== undefined) {
        if (!('token' in raced)) throw new Error('expected a successor')
        expect(revocations.source.isRevoked(raced.claims)).toBe(raced.claims.roles[0] !== roles[0])
        token = raced.token
      }
      const next = await refresh(token, undefined)
      if (!('token' in next)) throw new Error('expected a successor')
      expect(revocations.source.isRevoked(old)).toBe(true)
      expect(revocations.source.isRevoked(next.claims)).toBe(false)
      expect(next.claims.roles).toEqual(roles)
      ;({ token, claims: old } = next)
    }
  }, 180_000)

  test(`P2: a log-in and a change of password at once leave no session under the old one, ${trials} times`, async () => {
    const { begun: current, store, owner, revocations, signIn } = await setUp()
    for (let version = 1; version <= trials; version++) {
      const change = () =>
        store.users.changePassword({
          userId: owner.id,
          credentialVersion: version,
          passwordHash: `hash ${version}`,
          currentSid: current.claims.sid,
          ending: { atMs: startMs, reason: 'password_changed', keepSeconds: 660 },
          event: { atMs: startMs, event: 'password.changed' },
        })
      const logIn = () => signIn({ ...owner, credentialVersion: version })
      const [changed, begun] =
        version % 2 === 0
          ? await Promise.all([change(), logIn()])
          : await Promise.all([logIn(), change()]).then(([one, other]) => [other, one] as const)
      if (changed === undefined) throw new Error('expected a change')
      revocations.add(changed)
      if (begun !== undefined) expect(revocations.source.isRevoked(begun.claims)).toBe(true)
      const live = await store.sessions.listLive(owner.id, startMs / 1000)
      expect(live.map(({ sid }) => sid)).toEqual([current.claims.sid])
    }
  }, 180_000)
})
