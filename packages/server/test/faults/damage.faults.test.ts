/** A damaged database file, and a disk without room. */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { signIn } from './refresh-client.ts'
import type { ServerProcess } from './server-process.ts'
import { createServerProcess } from './server-process.ts'

async function startServer(): Promise<{ server: ServerProcess; path: string }> {
  const server = await createServerProcess()
  onTestFinished(server.remove)
  await server.start()
  return { server, path: join(server.directory, '.tessera', 'tessera.db') }
}

test('a database file with overwritten pages: the start is refused, and says to restore a backup', async () => {
  const { server, path } = await startServer()
  await signIn(server.url, 4)
  await server.kill('SIGTERM')
  const file = openSync(path, 'r+')
  for (let page = 2; page < statSync(path).size / 4096; page += 1)
    writeSync(file, Buffer.alloc(2000, 0xa5), 0, 2000, page * 4096)
  closeSync(file)
  await expect(server.start()).rejects.toThrow(/is damaged: restore a backup/)
  expect((await server.ended).code).toBe(3)
})

test('a file that is no database: the start is refused, says what to do, and leaves the file as it is', async () => {
  const { server, path } = await startServer()
  await server.kill('SIGTERM')
  const text = 'minutes of a meeting\n'.repeat(1000)
  writeFileSync(path, text)
  await expect(server.start()).rejects.toThrow(/is not a SQLite database: restore a backup, or move it away/)
  expect(statSync(path).size).toBe(text.length)
})

test('no room on the disk: 503 with Retry-After, and everybody goes on when there is room', async () => {
  const { server, path } = await startServer()
  const clients = await signIn(server.url, 6)
  // No file of the process may grow beyond what the write-ahead log is now.
  limitFiles(server.pid, String(statSync(`${path}-wal`).size))
  let refused = 0
  for (let round = 0; round < 6; round += 1) {
    for (const answer of await Promise.all(clients.map((client) => client.attempt()))) {
      expect([200, 503]).toContain(answer?.status)
      if (answer?.status !== 503) continue
      refused += 1
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
  }
  expect(refused).toBeGreaterThan(0)
  limitFiles(server.pid, 'unlimited')
  for (const client of clients) expect((await client.attempt())?.status).toBe(200)
  await server.kill()
  await server.start()
  for (const client of clients) expect((await client.attempt())?.status).toBe(200)
})

function limitFiles(pid: number, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`expected prlimit to set the limit, it said: ${stderr}`)
}
