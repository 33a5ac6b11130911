/** P9: a move is a hand-over. What is exported lives on at one place, and at one alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DataAdministration } from '../../src/data/data-administration.ts'
import { createDataAdministration } from '../../src/data/data-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { transferredTables } from '../../src/store/transfer.ts'
import { createTestServer, password, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

interface Place {
  readonly path: string
  readonly server: TestServer
  readonly data: DataAdministration
}

/** A server on a file, and the command of whoever runs it beside it. */
async function createPlace(secrets: readonly [string, ...string[]] = [serverSecret]): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tessera.db')
  const server = await createTestServer({ path, config: { secrets } })
  const store = await openSqliteStore({ path, evenIfMoved: true })
  onTestFinished(() => store.close())
  const data = createDataAdministration({
    store,
    secrets: deriveServerSecrets(secrets),
    keepSeconds: 660,
    nowMs: server.nowMs,
  })
  return { path, server, data }
}

async function exportLines({ data }: Place, isCopy = false): Promise<readonly string[]> {
  const lines: string[] = []
  await data.export({ isCopy }, async (line) => void lines.push(line))
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

const importLines = ({ data }: Place, lines: readonly string[], acceptOld = false) =>
  data.import(each(lines), { acceptOld })

describe('P9: a hand-over', () => {
  test('takes everybody along: refresh and access tokens go on at the new place, log-outs stay', async () => {
    const [from, to] = [await createPlace(), await createPlace()]
    const ada = await from.server.signup('ada')
    const bob = await from.server.signup('bob')
    const gone = await from.server.login('bob')
    await from.server.send('POST', '/logout', { bearer: gone.access_token })
    const lines = await exportLines(from)
    await to.server.close()
    expect(await importLines(to, lines)).toMatchObject({ users: 2, sessions: 3 })

    const server = await createTestServer({ path: to.path })
    for (const { access_token, refresh_token } of [ada, bob]) {
      expect((await server.me(access_token)).status).toBe(200)
      expect((await server.refresh(refresh_token)).status).toBe(200)
    }
    expect((await server.me(gone.access_token)).body['code']).toBe('revoked')
    expect((await server.refresh(gone.refresh_token)).body).toMatchObject({ code: 'revoked' })
    expect((await server.login('ada')).session_id).not.toBe(ada.session_id)
  })

  test('leaves a store that answers every write with 503 and Retry-After, also after a new start', async () => {
    const from = await createPlace()
    const { refresh_token, access_token } = await from.server.signup()
    await exportLines(from)
    const again = await createTestServer({ path: from.path })
    for (const server of [from.server, again]) {
      const replies = [
        await server.refresh(refresh_token),
        await server.send('POST', '/login', { json: { username: 'ada', password: 'a long enough guess' } }),
        await server.send('POST', '/logout', { bearer: access_token }),
      ]
      for (const { status, headers } of replies) {
        expect(status).toBe(503)
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      }
      // What needs no write is answered.
      expect((await server.me(access_token)).status).toBe(200)
    }
  })

  test('that fails on its way leaves the store as it was, and its bundle is not whole', async () => {
    const [from, to] = [await createPlace(), await createPlace()]
    const { refresh_token } = await from.server.signup()
    const lines: string[] = []
    const write = async (line: string): Promise<void> => {
      if (lines.length === 3) throw new Error('the disk is full')
      lines.push(line)
    }
    await expect(from.data.export({ isCopy: false }, write)).rejects.toThrow('the disk is full')
    expect((await from.server.refresh(refresh_token)).status).toBe(200)
    await expect(importLines(to, lines)).rejects.toThrow('it is cut off')
    expect((await to.server.signup()).session_id).toBeDefined()
  })

  test('taken back by reopen: the store goes on, and what was handed over has ended', async () => {
    const from = await createPlace()
    const { refresh_token, access_token } = await from.server.signup()
    expect(await from.data.reopen()).toBeUndefined()
    await exportLines(from)
    expect(await from.data.reopen()).toBe(1)
    expect((await from.server.refresh(refresh_token)).body).toMatchObject({ code: 'revoked' })
    const again = await createTestServer({ path: from.path })
    expect((await again.me(access_token)).body['code']).toBe('revoked')
    const { refresh_token: fresh } = await from.server.login()
    expect((await from.server.refresh(fresh)).status).toBe(200)
  })
})

describe('P9: a bundle is refused', () => {
  test('and the message says that the old place is still handed over, and what to do about it: reopen goes on there', async () => {
    const [from, used] = [await createPlace(), await createPlace()]
    const { refresh_token: handedOver } = await from.server.signup()
    await used.server.signup()
    const lines = await exportLines(from)
    const wayBack = /nothing was taken in, .* stays handed over: .* tessera data reopen$/
    const otherSecrets = await createPlace(['another server secret, 32 bytes and more'])
    await expect(importLines(used, lines)).rejects.toThrow(wayBack)
    await expect(importLines(otherSecrets, lines)).rejects.toThrow(wayBack)
    await expect(importLines(await createPlace(), lines.slice(0, -1))).rejects.toThrow(wayBack)
    expect(await from.server.send('POST', '/login', { json: { username: 'ada', password } })).toMatchObject({
      status: 503,
    })
    expect(await from.data.reopen()).toBe(1)
    expect((await from.server.refresh(handedOver)).body).toMatchObject({ code: 'revoked' })
    expect((await from.server.login()).session_id).toBeDefined()
    // Of one that was taken in here, taking it back there would end the sessions that live here.
    const to = await createPlace()
    const again = await exportLines(from)
    await importLines(to, again)
    await expect(importLines(to, again)).rejects.toThrow(/took it in before$/)
    // A copy gave nothing away.
    await expect(importLines(used, await exportLines(to, true))).rejects.toThrow(/begin with an empty one$/)
  })

  test('the second time, and by a store that has users of its own', async () => {
    const [from, to, used] = [await createPlace(), await createPlace(), await createPlace()]
    await from.server.signup()
    await used.server.signup()
    const lines = await exportLines(from)
    await importLines(to, lines)
    await expect(importLines(to, lines)).rejects.toThrow('this database took it in before')
    await expect(importLines(used, lines)).rejects.toThrow('has users or sessions of its own')
  })

  test('cut off, with a line altered, left out, twice or in another place, and with a header altered', async () => {
    const [from, to] = [await createPlace(), await createPlace()]
    await from.server.signup()
    const [header = '', first = '', second = '', ...rest] = await exportLines(from)
    const flipped = `${first.slice(0, 40)}${first[40] === 'A' ? 'B' : 'A'}${first.slice(41)}`
    const altered: readonly (readonly string[])[] = [
      [header, first, second, ...rest.slice(0, -1)],
      [header, flipped, second, ...rest],
      [header, second, ...rest],
      [header, first, first, second, ...rest],
      [header, second, first, ...rest],
      [header.replace(/"createdAt":\d+/, '"createdAt":1'), first, second, ...rest],
      [header, rest.at(-1) ?? ''],
    ]
    for (const lines of altered)
      await expect(importLines(to, lines, true)).rejects.toThrow('bundle cannot be taken in')
    await expect(importLines(to, ['a letter'])).rejects.toThrow('expected a bundle')
    await expect(importLines(to, [])).rejects.toThrow('expected a bundle')
    // Nothing of any of them was kept.
    expect(await importLines(to, [header, first, second, ...rest])).toMatchObject({ users: 1, sessions: 1 })
  })

  test('with sessions when it is older than a day, unless that is accepted', async () => {
    const [from, to] = [await createPlace(), await createPlace()]
    await from.server.signup()
    const lines = await exportLines(from)
    to.server.wait(86_401)
    await expect(importLines(to, lines)).rejects.toThrow('older than a day')
    expect(await importLines(to, lines, true)).toMatchObject({ sessions: 1 })
  })

  test('where the secrets that it was made with are not configured', async () => {
    const from = await createPlace()
    const to = await createPlace(['another server secret, 32 bytes and more'])
    await from.server.signup()
    await expect(importLines(to, await exportLines(from))).rejects.toThrow('TESSERA_SECRETS')
  })
})

test('P9: every table goes along, but for what the database knows of itself', async () => {
  const { path } = await createPlace()
  const database = new Libsql(path)
  const rows = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all([]) as { name: string }[]
  database.close()
  // Tickets live for seconds, and processes stay where they are.
  const own = ['meta', 'processes', 'schema_migrations', 'throttle_buckets', 'tickets']
  expect(rows.map(({ name }) => name).toSorted()).toEqual(
    [...Object.keys(transferredTables), ...own].toSorted(),
  )
})

test('P9: a copy holds no session, no nonce and no key, and the store goes on', async () => {
  const [from, to] = [await createPlace(), await createPlace()]
  const { refresh_token } = await from.server.signup()
  const counts = await importLines(to, await exportLines(from, true))
  expect(Object.keys(counts).toSorted()).toEqual(['audit', 'users'])
  expect((await from.server.refresh(refresh_token)).status).toBe(200)
  expect((await to.server.refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await to.server.login()).session_id).toBeDefined()
})
