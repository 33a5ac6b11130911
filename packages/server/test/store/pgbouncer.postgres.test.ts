/** PgBouncer in transaction mode between: every transaction has another connection, and none knows the statements of the last. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { loadSigningKeys } from '../../src/keys/signing-keys.ts'
import { event, now, session, user } from '../../src/store/contract/records.ts'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import type { Session, Store } from '../../src/store/store.ts'
import { createTestServer, issuer, serverSecret } from '../create-test-server.ts'
import { execute, testDatabase } from './open-test-database.ts'
import type { PgBouncer } from './start-pgbouncer.ts'
import { hasPgBouncer, startPgBouncer } from './start-pgbouncer.ts'

const server = testDatabase ?? ''
const ignored = 'ignore_startup_parameters = statement_timeout, idle_in_transaction_session_timeout'
const name = `pooled_${randomBytes(6).toString('hex')}`

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode', () => {
  let pooler: PgBouncer
  beforeAll(async () => {
    await execute(server, `create database ${name}`)
    pooler = await startPgBouncer(server, [ignored])
  })
  afterAll(async () => {
    await pooler.stop()
    await execute(server, `drop database ${name} with (force)`)
  })

  async function open(clockMs?: () => number): Promise<Store> {
    const store = await openPostgresStore({ url: pooler.urlOf(name), ...(clockMs && { clockMs }) })
    onTestFinished(() => store.close())
    return store
  }

  test('P24: a start is refused where it drops our time limits without being told to, and the message says what to set', async () => {
    const strict = await startPgBouncer(server, [])
    onTestFinished(strict.stop)
    const opening = openPostgresStore({ url: strict.urlOf(name) })
    await expect(opening).rejects.toThrow(/statement_timeout.*ignore_startup_parameters/)
    await expect(opening).rejects.toMatchObject({ code: 'database_unusable' })
  })

  test('people sign in, refresh, come twice at once and log out', async () => {
    const tessera = await createTestServer({ openStore: () => open(() => now * 1000) })
    const { refresh_token: token, access_token } = await tessera.signup()
    const replies = await Promise.all(Array.from({ length: 50 }, () => tessera.refresh(token)))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    expect(new Set(replies.map(({ body }) => body['refresh_token'])).size).toBe(1)
    expect((await tessera.send('POST', '/logout', { bearer: access_token })).status).toBe(204)
    expect((await tessera.refresh(token)).body).toMatchObject({ code: 'revoked' })
  })

  test('P22: overlapping groups from three processes, with locks and without: no rotation is lost', async () => {
    const processes = [await open(), await open(), await open()]
    const [first] = processes as [Store]
    const owner = user()
    await first.users.insert(owner, event)
    const ends = { idleExpiresAt: now * 2, absoluteExpiresAt: now * 2 }
    const sids: string[] = []
    for (let count = 0; count < 20; count += 1) {
      const added = session(owner, ends)
      await first.sessions.insert(added, event)
      sids.push(added.sid)
    }
    const rotate = (found: ReadonlyMap<string, Session>): readonly Session[] =>
      [...found.values()].map((one) => ({ ...one, generation: one.generation + 1 }))
    const wins = new Map<string, number>()
    const turns = processes.flatMap(({ sessions }, process) =>
      Array.from({ length: 30 }, async (_, turn) => {
        const some = sids.filter((_sid, index) => (index * 7 + turn * 3 + process) % 4 === 0)
        const written =
          turn % 3 === 0
            ? await sessions
                .change(some, (found) => rotate(found).map((each) => ({ session: each })))
                .then(() => some)
            : await sessions.compareAndSet!(some, rotate)
        for (const sid of written) wins.set(sid, (wins.get(sid) ?? 0) + 1)
      }),
    )
    await Promise.all(turns)
    for (const sid of sids)
      expect(await first.sessions.find(sid)).toMatchObject({ generation: wins.get(sid) })
  })

  test('P24: two processes that find the same change of keys due make one key', async () => {
    let clock = now
    const day = 86_400
    const stores = [await open(() => clock * 1000), await open(() => clock * 1000)]
    const processes = await Promise.all(
      stores.map((store) =>
        loadSigningKeys({
          store: store.signingKeys,
          secrets: deriveServerSecrets([serverSecret]),
          issuer: `${issuer}/pooled`,
          algorithm: 'ES256',
          purpose: 'access',
          jwtSecret: undefined,
          rotateSeconds: day,
          keepSeconds: 1020,
          nowMs: () => clock * 1000,
        }),
      ),
    )
    for (let turn = 0; turn < 3; turn += 1) {
      clock += day
      await Promise.all(processes.map((keys) => keys.follow()))
      await Promise.all(processes.map((keys) => keys.follow()))
      expect(new Set(processes.map((keys) => keys.signingKey.kid)).size).toBe(1)
      const states = (await stores[0]?.signingKeys.list(`${issuer}/pooled`))?.map(({ state }) => state)
      expect(states?.filter((state) => state !== 'gone').sort()).toEqual(['active', 'next', 'retired'])
    }
  })
})
