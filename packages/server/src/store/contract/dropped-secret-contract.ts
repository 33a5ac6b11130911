/** What every store must do once a secret was dropped (P6): nothing that lives is written under it, whoever tries. */
import type { Session, SigningKeyRow, Store, User } from '../store.ts'
import { createAddRecords } from './add-records.ts'
import { ending, event, id, now, session } from './records.ts'
import { beatOf } from './secret-contract.ts'
import type { TestRunner } from './test-runner.ts'

const refusal = 'SECRET_DROPPED'

function keyOf(kekKid: string, change: Partial<SigningKeyRow> = {}): SigningKeyRow {
  const dates = { createdAt: now, activatedAt: null, retiredAt: null, goneAt: null, revokedAt: null }
  const kinds = { issuer: 'i', algorithm: 'ES256', purpose: 'access', state: 'next' } as const
  return { kid: id(), ...kinds, sealedKey: 'sealed', kekKid, publicJwk: '{}', ...dates, ...change }
}

/** Runs the contract on stores that `open` makes; each test gets a new one. */
export function testDroppedSecrets(
  open: () => Promise<Store>,
  { afterEach, beforeEach, describe, expect, test }: TestRunner,
): void {
  let store: Store
  const { addUser, addSession } = createAddRecords(() => store, expect)
  const begin = (owner: User, macKid: string) => store.sessions.insert(session(owner, { macKid }), event)
  const rotate = (sid: string, macKid: string) =>
    store.sessions.change([sid], (found) => [
      { session: { ...(found.get(sid) as Session), macKid, generation: 1 } },
    ])
  /** Undefined: nothing was written. */
  const rotateAtOnce = async (sid: string, macKid: string): Promise<string | undefined> => {
    const written = await store.sessions.compareAndSet?.([sid], (found) => [
      { ...(found.get(sid) as Session), macKid, generation: 1 },
    ])
    return written?.has(sid) === true ? sid : undefined
  }
  beforeEach(async () => {
    store = await open()
    await store.secrets.beat(beatOf('a', 'old', 'new'))
  })
  afterEach(() => store.close())

  describe('P6: a secret that was dropped', () => {
    test('begins no session: neither a log-in nor a change of password', async () => {
      const owner = await addUser()
      const current = await addSession(owner, { macKid: 'new' })
      await store.secrets.drop('old', ending)
      await expect(begin(owner, 'old')).rejects.toThrow(refusal)
      const renewed = session(owner, { macKid: 'old', credentialVersion: 2 })
      const change = { userId: owner.id, credentialVersion: 1, passwordHash: 'new hash', event }
      const changing = store.users.changePassword({ ...change, currentSid: current.sid, renewed, ending })
      await expect(changing).rejects.toThrow(refusal)
      expect(await store.users.findById(owner.id)).toEqual(owner)
      expect(await store.sessions.listLive(owner.id, now)).toEqual([current])
    })

    test('takes over no session that another secret carries', async () => {
      const { sid } = await addSession(await addUser(), { macKid: 'new' })
      await store.secrets.drop('old', ending)
      await expect(rotate(sid, 'old')).rejects.toThrow(refusal)
      expect(await rotateAtOnce(sid, 'old')).toBeUndefined()
      expect(await store.sessions.find(sid)).toMatchObject({ macKid: 'new', generation: 0, endedAt: null })
      await rotate(sid, 'new')
      expect(await store.sessions.find(sid)).toMatchObject({ generation: 1 })
    })

    test('lets go of the sessions that it left: one that is over may be ended', async () => {
      const over = await addSession(await addUser(), { macKid: 'old', absoluteExpiresAt: now })
      await store.secrets.drop('old', ending)
      await store.sessions.change([over.sid], () => [
        { session: { ...over, endedAt: now, endReason: 'logout' } },
      ])
      expect(await store.sessions.find(over.sid)).toMatchObject({ endedAt: now })
    })

    test('seals no signing key', async () => {
      const kept = keyOf('new')
      await store.signingKeys.change('i', () => ({ keys: [kept], events: [] }))
      await store.secrets.drop('old', ending)
      const sealed = store.signingKeys.change('i', () => ({
        keys: [keyOf('old', { state: 'active' })],
        events: [],
      }))
      await expect(sealed).rejects.toThrow(refusal)
      const rewrapping = { kid: kept.kid, oldKekKid: 'new', kekKid: 'old', sealedKey: 'sealed anew' }
      expect(await store.signingKeys.rewrap(rewrapping)).toBe(false)
      expect(await store.signingKeys.list('i')).toEqual([kept])
    })

    test('ends all that was written under it: what was not refused in the race is counted', async () => {
      const owner = await addUser()
      for (const kid of Array.from({ length: 8 }, (_, round) => `old ${round}`)) {
        await store.secrets.beat(beatOf(kid, kid, 'new'))
        const sids: string[] = []
        while (sids.length < 6) sids.push((await addSession(owner, { macKid: 'new' })).sid)
        const writes = sids.flatMap((sid, index) => [
          index % 2 === 0 ? rotate(sid, kid).then(() => sid) : rotateAtOnce(sid, kid),
          begin(owner, kid).then((begun) => begun?.sid),
        ])
        const [dropped, ...written] = await Promise.all([
          store.secrets.drop(kid, ending),
          ...writes.map((write) => write.catch(() => undefined)),
        ])
        const made = written.flatMap((sid) => (sid === undefined ? [] : [store.sessions.find(sid)]))
        for (const one of await Promise.all(made)) expect(one).toMatchObject({ endedAt: now })
        expect(dropped?.sessions).toBe(made.length)
      }
    })
  })
}
