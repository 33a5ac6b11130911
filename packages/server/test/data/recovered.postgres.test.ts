/** P8 on PostgreSQL: after `pg_restore`, `data recovered` is a step of the restore drill, and undoes nothing that happened after the backup. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDataAdministration } from '../../src/data/data-administration.ts'
import { createKeyAdministration } from '../../src/keys/key-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Recovery } from '../../src/store/recovery-store.ts'
import { createTestServer, issuer, password, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { binaries } from '../../../../tools/start-postgres.js'
import { createSchema, testDatabase } from '../store/open-test-database.ts'

const newPassword = 'another battery and another staple'
const secrets = deriveServerSecrets([serverSecret])

/** Runs a program of PostgreSQL on the database of the tests. */
async function runProgram(name: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(join(binaries(), name), ['--dbname', testDatabase ?? '', ...args])
}

interface Place {
  start(startMs?: number): Promise<TestServer>
  backUp(): Promise<void>
  /** Puts the backup in the place of the database, and runs the step of the drill. */
  restore(nowMs: () => number, keepSessions?: boolean): Promise<Recovery>
}

async function createPlace(hasChangesFile: boolean): Promise<Place> {
  const { url, schema, drop } = await createSchema()
  const folder = mkdtempSync(join(tmpdir(), 'tessera-recovered-'))
  onTestFinished(async () => {
    await drop()
    rmSync(folder, { recursive: true, force: true })
  })
  const backup = join(folder, 'backup')
  const changesFile = hasChangesFile ? join(folder, 'changes') : undefined
  const open = () => openStore({ kind: 'postgres', url }, { changesFile })
  return {
    start: (startMs) => createTestServer({ openStore: open, ...(startMs !== undefined && { startMs }) }),
    backUp: () => runProgram('pg_dump', '--format=custom', `--schema=${schema}`, `--file=${backup}`),
    restore: async (nowMs, keepSessions = false) => {
      await drop()
      await runProgram('pg_restore', '--exit-on-error', backup)
      const store = await open()
      const data = createDataAdministration({ store, secrets, keepSeconds: 660, nowMs })
      const recovery = await data.recover({ keepSessions })
      await store.close()
      return recovery
    },
  }
}

async function revokeActiveKey({ store, nowMs }: TestServer): Promise<string> {
  const rules = { leadSeconds: 3600, keepSeconds: 1000 }
  const keys = createKeyAdministration({ store: store.signingKeys, secrets, issuer, ...rules, nowMs })
  const active = (await keys.list()).find((row) => row.state === 'active' && row.purpose === 'access')
  await keys.revoke(active?.kid ?? '')
  return active?.kid ?? ''
}

/** A log-out, a change of password and a called-back key after the backup; then the backup is restored. */
async function drill(place: Place, keepSessions = false) {
  const first = await place.start()
  const out = await first.signup('out')
  const changer = await first.signup('changer')
  await place.backUp()
  await first.send('POST', '/logout', { bearer: out.access_token })
  await first.send('POST', '/password', {
    bearer: changer.access_token,
    json: { current_password: password, new_password: newPassword },
  })
  const revokedKid = await revokeActiveKey(first)
  await first.close()
  const recovery = await place.restore(first.nowMs, keepSessions)
  const server = await place.start(first.nowMs())
  const login = async (username: string, text: string): Promise<number> =>
    (await server.send('POST', '/login', { json: { username, password: text } })).status
  return { out, changer, revokedKid, recovery, server, login }
}

describe('P8: a backup that is restored into PostgreSQL, after data recovered', () => {
  test('undoes no log-out, no change of password and no called-back key, where changes were noted', async () => {
    const { out, changer, revokedKid, recovery, server, login } = await drill(await createPlace(true))
    expect(recovery).toMatchObject({ endedSessions: 2, revokedKeys: 1, lockedUsers: 1 })
    for (const { refresh_token, access_token } of [out, changer]) {
      expect((await server.refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
      expect((await server.me(access_token)).status).toBe(401)
    }
    expect(await login('changer', password)).toBe(401)
    expect(await login('out', password)).toBe(200)
    const { body } = await server.send('GET', '/.well-known/jwks.json')
    expect(JSON.stringify(body)).not.toContain(revokedKid)
    const { entries } = await server.store.revocations.read({ now: 0, limit: 1000 })
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'key', kid: revokedKid }))
  })

  test('calls every signing key back where nothing was noted: one of them may have been', async () => {
    const { out, revokedKid, recovery, server, login } = await drill(await createPlace(false))
    // The one that signed and the one that waited, as the backup knows them.
    expect(recovery).toMatchObject({ endedSessions: 2, revokedKeys: 2, lockedUsers: 0 })
    expect((await server.refresh(out.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    const { body } = await server.send('GET', '/.well-known/jwks.json')
    expect(JSON.stringify(body)).not.toContain(revokedKid)
    expect(await login('out', password)).toBe(200)
  })

  test('with sessions kept they go on, under a new epoch; a guard reads the whole feed anew', async () => {
    const place = await createPlace(true)
    const before = await place.start()
    const { next } = await before.store.revocations.read({ now: 0, limit: 10 })
    await before.close()
    const { out, changer, recovery, server } = await drill(place, true)
    expect(recovery).toMatchObject({ endedSessions: 0 })
    expect((await server.refresh(out.refresh_token)).status).toBe(200)
    // Whose password changed since is signed out all the same: nobody knows who has the old one.
    expect((await server.refresh(changer.refresh_token)).status).toBe(400)
    expect(await server.store.revocations.read({ after: next, now: 0, limit: 10 })).toMatchObject({
      reset: true,
    })
  })
})
