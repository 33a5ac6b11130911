/** P6: processes that have not heard yet that a secret was dropped lose nobody's session. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSecretAdministration } from '../../src/keys/secret-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import type { StoreAddress } from '../../src/config/store-address.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createTestServer, issuer, password, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { createSchema, testDatabase } from '../store/open-test-database.ts'

const older = serverSecret
const newer = 'the next server secret, which is as long as it must be'
const kidOf = (secret: string): string => deriveServerSecrets([secret]).newest.kid
const madeWith = (refreshToken: unknown): string => String(refreshToken).slice(3, 11)

/** A database that several servers share. */
async function createAddress(): Promise<StoreAddress> {
  if (testDatabase !== undefined) {
    const { url, drop } = await createSchema()
    onTestFinished(drop)
    return { kind: 'postgres', url }
  }
  const folder = mkdtempSync(join(tmpdir(), 'tessera-dropped-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { kind: 'sqlite', path: join(folder, 'tessera.db') }
}

interface World {
  /** Has the older secret in use, and hears nothing: its clock stands still. */
  readonly stale: TestServer
  drop(): Promise<unknown>
}

/** @param secrets of the server that is behind */
async function createWorld(secrets: readonly string[], wrapStore?: (store: Store) => Store): Promise<World> {
  const address = await createAddress()
  const openShared = () => openStore(address)
  const stale = await createTestServer({
    config: { secrets },
    openStore: openShared,
    ...(wrapStore !== undefined && { wrapStore }),
  })
  const store = await openShared()
  onTestFinished(() => store.close())
  const administration = createSecretAdministration({ store, keepSeconds: 660, nowMs: stale.nowMs })
  return { stale, drop: () => administration.drop(kidOf(older)) }
}

const login = (server: TestServer) => server.send('POST', '/login', { json: { username: 'ada', password } })

describe('P6: a process that has not heard of a drop', () => {
  test('begins and carries on sessions with the secret that takes its place, and nobody is sent away', async () => {
    const { stale, drop } = await createWorld([older, newer])
    const ended = await stale.signup()
    expect(madeWith(ended.refresh_token)).toBe(kidOf(older))
    expect(await drop()).toMatchObject({ sessions: 1 })
    const begun = await login(stale)
    expect(begun).toMatchObject({ status: 200 })
    expect(madeWith(begun.body['refresh_token'])).toBe(kidOf(newer))
    const next = await stale.refresh(String(begun.body['refresh_token']))
    expect(next.status).toBe(200)
    expect(madeWith(next.body['refresh_token'])).toBe(kidOf(newer))
    expect((await stale.refresh(ended.refresh_token)).body).toMatchObject({ code: 'revoked' })
  })

  test('does so for a session of another secret, which it would have taken over', async () => {
    const address = await createAddress()
    const openShared = () => openStore(address)
    const first = await createTestServer({ config: { secrets: [newer] }, openStore: openShared })
    const { refresh_token: token } = await first.signup()
    await first.close()
    // In use again since: what is refreshed goes over to it.
    const stale = await createTestServer({ config: { secrets: [older, newer] }, openStore: openShared })
    expect(madeWith((await stale.login()).refresh_token)).toBe(kidOf(older))
    const administration = createSecretAdministration({ ...stale, keepSeconds: 660 })
    await administration.drop(kidOf(older))
    const { status, body } = await stale.refresh(token)
    expect({ status, secret: madeWith(body['refresh_token']) }).toEqual({ status: 200, secret: kidOf(newer) })
    expect((await stale.refresh(String(body['refresh_token']))).status).toBe(200)
  })

  test('renews a session at a change of password with the one that takes its place', async () => {
    let isDropped = false
    const world = await createWorld([older, newer], (store) => ({
      ...store,
      users: {
        ...store.users,
        changePassword: async (change) => {
          if (!isDropped) await world.drop()
          isDropped = true
          return store.users.changePassword(change)
        },
      },
    }))
    const { access_token: bearer } = await world.stale.signup()
    const json = {
      current_password: password,
      new_password: 'another battery and another staple',
      renew: true,
    }
    const renewed = await world.stale.send('POST', '/password', { bearer, json })
    expect(renewed).toMatchObject({ status: 200 })
    expect(madeWith(renewed.body['refresh_token'])).toBe(kidOf(newer))
    expect((await world.stale.refresh(String(renewed.body['refresh_token']))).status).toBe(200)
  })

  test('answers 503 with Retry-After where it holds no other, never invalid_grant, and writes nothing', async () => {
    const { stale, drop } = await createWorld([older])
    await stale.signup()
    await drop()
    const refused = await login(stale)
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(refused.headers.get('retry-after')).not.toBeNull()
    const { sessions } = (await stale.store.sessions.listAllLive({
      now: Math.floor(stale.nowMs() / 1000),
      limit: 9,
    })) ?? { sessions: [] }
    expect(sessions).toEqual([])
    expect(stale.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('makes its next signing keys under the one that takes its place', async () => {
    const { stale, drop } = await createWorld([older, newer])
    await stale.signup()
    expect(await drop()).toMatchObject({ keys: 4 })
    await expect
      .poll(
        async () => {
          const rows = await stale.store.signingKeys.list(issuer)
          return rows.filter(({ state }) => state !== 'gone').map(({ kekKid }) => kekKid)
        },
        { timeout: 20_000 },
      )
      .toEqual(Array.from({ length: 4 }, () => kidOf(newer)))
  })
})
