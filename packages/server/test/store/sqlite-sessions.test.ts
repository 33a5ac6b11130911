import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ending, event, session, user } from '../../src/store/contract/records.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import type { Session, SessionWithUser, Store } from '../../src/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-sqlite-sessions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let store: Store
/** On the same file, as another process has it. */
let other: Store
const owner = user()
const [one, two] = [session(owner), session(owner)]

beforeEach(async () => {
  const path = join(mkdtempSync(join(folder, 'store-')), 'tessera.db')
  store = await openSqliteStore({ path })
  other = await openSqliteStore({ path })
  await store.users.insert(owner, event)
  for (const each of [one, two]) await store.sessions.insert(each, event)
})
afterEach(() => Promise.all([store.close(), other.close()]))

/** What a change is shown of sessions. */
async function seenInChange(...sids: readonly string[]): Promise<readonly (SessionWithUser | undefined)[]> {
  let seen: readonly (SessionWithUser | undefined)[] = []
  await store.sessions.change(sids, (found) => {
    seen = sids.map((sid) => found.get(sid))
    return []
  })
  return seen
}

const rotate = (by: Store, { sid }: Session, generation: number) =>
  by.sessions.change([sid], (found) => [{ session: { ...found.get(sid)!, generation } }])

describe('P14: a change sees its sessions as they are in its transaction, although they were read before it', () => {
  test.each([
    ['nobody', async () => undefined, 0],
    ['another process', () => rotate(other, one, 1), 1],
    ['this process', () => rotate(store, one, 2), 2],
  ])('when %s wrote meanwhile', async (_who, write, generation) => {
    await store.sessions.findProofs([one.sid, two.sid])
    await write()
    expect(await seenInChange(one.sid)).toMatchObject([{ sid: one.sid, generation }])
  })

  test('when its user was disabled meanwhile by another process (P2)', async () => {
    await store.sessions.findProofs([one.sid])
    await other.users.disable(owner.id, ending)
    expect(await seenInChange(one.sid)).toMatchObject([
      { endReason: 'logout', user: { credentialVersion: 2 } },
    ])
  })

  test('when a transaction of this process that wrote it was undone', async () => {
    await store.sessions.findProofs([one.sid])
    const fault = new Error('the decision fails')
    const failing = store.sessions.change([one.sid, two.sid], (found) => {
      return [
        { session: { ...found.get(one.sid)!, generation: 7 } },
        { session: { ...found.get(two.sid)!, generation: fault as never } },
      ]
    })
    await expect(failing).rejects.toMatchObject({ phase: 'statement' })
    expect(await seenInChange(one.sid)).toMatchObject([{ generation: 0 }])
  })

  test('when others were read than those that it asks for, and none of those that it does not', async () => {
    await store.sessions.findProofs([one.sid])
    expect(await seenInChange(two.sid, 'unknown')).toMatchObject([{ sid: two.sid }, undefined])
    await store.sessions.findProofs([one.sid, two.sid])
    let size = 0
    await store.sessions.change([two.sid], (found) => {
      size = found.size
      return []
    })
    expect(size).toBe(1)
  })
})
