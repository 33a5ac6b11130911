/** P8: a restored backup undoes no log-out, no change of a password and no key that was called back. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDataAdministration } from '../../src/data/data-administration.ts'
import { createKeyAdministration } from '../../src/keys/key-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import type { Recovery } from '../../src/store/recovery-store.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { createTestServer, issuer, password, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const newPassword = 'another battery and another staple'
const secrets = deriveServerSecrets([serverSecret])

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-recovered-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'tessera.db')
}

/** Stops the server, copies its file, and starts it again. */
async function backUp(server: TestServer, path: string): Promise<TestServer> {
  await server.close()
  copyFileSync(path, `${path}.backup`)
  return createTestServer({ path, startMs: server.nowMs() })
}

async function restore(server: TestServer, path: string): Promise<void> {
  await server.close()
  copyFileSync(`${path}.backup`, path)
}

async function recovered(path: string, nowMs: () => number, keepSessions = false): Promise<Recovery> {
  const store = await openSqliteStore({ path, evenIfOlder: true })
  const data = createDataAdministration({
    store,
    secrets,
    keepSeconds: 660,
    nowMs,
  })
  const recovery = await data.recover({ keepSessions })
  await store.close()
  return recovery
}

/** Calls the key back that signs access tokens, as the command does. */
async function revokeActiveKey({ store, nowMs }: TestServer): Promise<string> {
  const keys = createKeyAdministration({
    store: store.signingKeys,
    secrets,
    issuer,
    leadSeconds: 3600,
    keepSeconds: 1000,
    nowMs,
  })
  const active = (await keys.list()).find((row) => row.state === 'active' && row.purpose === 'access')
  await keys.revoke(active?.kid ?? '')
  return active?.kid ?? ''
}

describe('P8: a backup that is put in the place of the database', () => {
  test('is refused, and after recovered a log-out, a new password and a called-back key hold', async () => {
    const path = newPath()
    const first = await createTestServer({ path })
    const out = await first.signup('out')
    const changer = await first.signup('changer')
    const server = await backUp(first, path)
    await server.send('POST', '/logout', { bearer: out.access_token })
    await server.send('POST', '/password', {
      bearer: changer.access_token,
      json: { current_password: password, new_password: newPassword },
    })
    const revokedKid = await revokeActiveKey(server)
    await restore(server, path)

    await expect(createTestServer({ path, startMs: server.nowMs() })).rejects.toMatchObject({
      code: 'database_older',
      message: expect.stringContaining('tessera data recovered') as unknown,
    })
    expect(await recovered(path, server.nowMs)).toMatchObject({
      endedSessions: 2,
      revokedKeys: 1,
      lockedUsers: 1,
    })

    const again = await createTestServer({ path, startMs: server.nowMs() })
    for (const { refresh_token } of [out, changer])
      expect((await again.refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    for (const { access_token } of [out, changer]) expect((await again.me(access_token)).status).toBe(401)
    const login = (username: string, text: string) =>
      again.send('POST', '/login', { json: { username, password: text } })
    expect((await login('changer', password)).status).toBe(401)
    expect((await login('out', password)).status).toBe(200)
    const { body } = await again.send('GET', '/.well-known/jwks.json')
    expect(JSON.stringify(body)).not.toContain(revokedKid)
    const { entries } = await again.store.revocations.read({ now: 0, limit: 1000 })
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'key', kid: revokedKid }))
  })

  test('is refused also when it is of before the last recovered; a new, empty database is not', async () => {
    const path = newPath()
    const server = await backUp(await createTestServer({ path }), path)
    await server.signup()
    await restore(server, path)
    await recovered(path, server.nowMs)
    await (await createTestServer({ path, startMs: server.nowMs() })).close()
    copyFileSync(`${path}.backup`, path)
    await expect(createTestServer({ path, startMs: server.nowMs() })).rejects.toMatchObject({
      code: 'database_older',
    })
    rmSync(path)
    const fresh = await createTestServer({ path, startMs: server.nowMs() })
    expect((await fresh.signup()).session_id).toBeDefined()
  })

  test('P7: with sessions kept, a client that is ahead is believed once; then the old line is a replay', async () => {
    const path = newPath()
    const first = await createTestServer({ path })
    const { refresh_token: token0 } = await first.signup()
    const server = await backUp(first, path)
    const token1 = String((await server.refresh(token0)).body['refresh_token'])
    const token2 = String((await server.refresh(token1)).body['refresh_token'])
    await restore(server, path)
    expect(await recovered(path, server.nowMs, true)).toMatchObject({ endedSessions: 0 })

    const again = await createTestServer({ path, startMs: server.nowMs() })
    const ahead = await again.refresh(token2)
    expect(ahead.status).toBe(200)
    again.wait(31)
    expect((await again.refresh(token1)).body).toMatchObject({ code: 'replayed' })
    expect((await again.refresh(String(ahead.body['refresh_token']))).body).toMatchObject({
      code: 'replayed',
    })
  })

  test('P7: after a day, and without sessions kept, nobody who is ahead is believed', async () => {
    for (const keepSessions of [true, false]) {
      const path = newPath()
      const first = await createTestServer({ path })
      const { refresh_token: token0 } = await first.signup()
      const server = await backUp(first, path)
      const token1 = String((await server.refresh(token0)).body['refresh_token'])
      await restore(server, path)
      await recovered(path, server.nowMs, keepSessions)
      const again = await createTestServer({ path, startMs: server.nowMs() + 86_401_000 })
      expect((await again.refresh(token1)).body).toMatchObject({ error: 'invalid_grant' })
    }
  })
})
