/** Damaged files of PostgreSQL, and no room for more of them. */
import { closeSync, openSync, symlinkSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../../tools/start-postgres.js'
import { password } from '../create-test-server.ts'
import { signIn } from './refresh-client.ts'
import { send } from './requests.ts'
import { createServerProcess } from './server-process.ts'

/** A PostgreSQL of its own, and a server on it. */
async function startServer() {
  const postgres = await startPostgres()
  const server = await createServerProcess({ TESSERA_DATABASE: postgres.url })
  onTestFinished(async () => {
    await server.remove()
    await postgres.stop()
  })
  await server.start()
  return { postgres, server }
}

/** Runs statements one by one, on a connection of their own; gives the first row of the last. */
async function ask(url: string, ...statements: readonly string[]): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let row: Record<string, string> = {}
    for (const statement of statements) row = (await client.query(statement)).rows[0] ?? {}
    return row
  } finally {
    await client.end()
  }
}

const fileOf = (table: string): string =>
  `select current_setting('data_directory') as folder, pg_relation_filepath('${table}') as file`

test('a table of PostgreSQL with overwritten pages: the start is refused, and says to restore a backup', async () => {
  const { postgres, server } = await startServer()
  await server.kill('SIGTERM')
  const { folder = '', file = '' } = await ask(postgres.url, 'checkpoint', fileOf('meta'))
  await postgres.crash()
  const table = openSync(join(folder, file), 'r+')
  writeSync(table, Buffer.alloc(2000, 0xa5), 0, 2000, 0)
  closeSync(table)
  await postgres.start()
  await expect(server.start()).rejects.toThrow(/its files are damaged: restore a backup/)
  expect((await server.ended).code).toBe(3)
})

test('no room for more on PostgreSQL: what needs it is 503 with Retry-After, refreshes go on, and so does everybody later', async () => {
  const { postgres, server } = await startServer()
  const clients = await signIn(server.url, 6)
  const login = () => send(`${server.url}/login`, { method: 'POST', json: { username: 'ada', password } })
  // Every log-in adds a line to the audit trail. Its file is empty now, and grows on a device that is always full.
  const { folder = '', file = '' } = await ask(postgres.url, 'truncate audit', fileOf('audit'))
  unlinkSync(join(folder, file))
  symlinkSync('/dev/full', join(folder, file))
  for (let round = 0; round < 3; round += 1) {
    const refused = await login()
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)
    for (const client of clients) expect((await client.attempt())?.status).toBe(200)
  }
  // Its file is a new one then, where there is room.
  await ask(postgres.url, 'truncate audit')
  expect((await login())?.status).toBe(200)
  await server.kill()
  await server.start()
  for (const client of clients) expect((await client.attempt())?.status).toBe(200)
})
