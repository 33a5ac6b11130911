/** A database that is away for ten seconds under load: 503 with Retry-After, and everybody goes on when it is back. */
import { join } from 'node:path'
import Libsql from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../../tools/start-postgres.js'
import { password } from '../create-test-server.ts'
import { watchHealth } from './flood-client.ts'
import type { RefreshClient } from './refresh-client.ts'
import { signIn } from './refresh-client.ts'
import type { Answer } from './requests.ts'
import { send } from './requests.ts'
import type { ServerProcess } from './server-process.ts'
import { createServerProcess } from './server-process.ts'

const outageMs = 10_000
const recoveryMs = 2000
/** What an answer of `/healthz` may take, but for the time in which the machine had no core for it. */
const healthBoundMs = 500

interface Outage {
  readonly name: string
  /** Starts a server on a database that can be taken away. */
  open(): Promise<{ server: ServerProcess; begin(): unknown; end(): unknown }>
}

const outages: readonly Outage[] = [
  {
    name: 'the SQLite file is locked by another process',
    open: async () => {
      const server = await createServerProcess()
      onTestFinished(server.remove)
      await server.start()
      const other = new Libsql(join(server.directory, '.tessera', 'tessera.db'))
      // The server may hold the lock in the very moment.
      other.pragma('busy_timeout = 5000')
      onTestFinished(() => void other.close())
      return { server, begin: () => other.exec('BEGIN EXCLUSIVE'), end: () => other.exec('ROLLBACK') }
    },
  },
  {
    name: 'PostgreSQL is frozen: no answer, and no connection is closed',
    open: async () => {
      const { server, postgres } = await openOnPostgres()
      return { server, begin: postgres.freeze, end: postgres.thaw }
    },
  },
  {
    name: 'PostgreSQL has crashed: connections break, and none can be had',
    open: async () => {
      const { server, postgres } = await openOnPostgres()
      return { server, begin: postgres.crash, end: postgres.start }
    },
  },
]

async function openOnPostgres() {
  const postgres = await startPostgres()
  const server = await createServerProcess({ TESSERA_DATABASE: postgres.url })
  onTestFinished(async () => {
    await server.remove()
    await postgres.stop()
  })
  await server.start()
  return { server, postgres }
}

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Everybody asks again and again, until `stop`. */
function createLoad(clients: readonly RefreshClient[], url: string) {
  const answers: (Answer | undefined)[] = []
  /** When each client last got tokens. */
  const refreshedAt = clients.map(() => 0)
  let isStopped = false
  const repeat = async (everyMs: number, act: () => Promise<unknown>): Promise<void> => {
    while (!isStopped) {
      await act()
      await pause(everyMs)
    }
  }
  const credentials = { method: 'POST', json: { username: 'ada', password } } as const
  const working = [
    ...clients.map((client, index) =>
      repeat(100, async () => {
        const answer = await client.attempt()
        answers.push(answer)
        if (answer?.status === 200) refreshedAt[index] = Date.now()
      }),
    ),
    repeat(1000, async () => answers.push(await send(`${url}/login`, credentials))),
  ]
  return {
    answers,
    refreshedAt,
    stop: async () => {
      isStopped = true
      await Promise.all(working)
    },
  }
}

/** When the last client got tokens after a time, in milliseconds since then. */
async function recoveryAfter(refreshedAt: readonly number[], time: number): Promise<number> {
  while (refreshedAt.some((at) => at < time) && Date.now() - time < 3 * recoveryMs) await pause(10)
  return Math.max(...refreshedAt.map((at) => (at < time ? Infinity : at - time)))
}

/** Each request that failed is a line; of all that failed for one reason, one line tells its place in the program too. */
function expectOneStack(log: string): void {
  const faults = log
    .split('\n')
    .filter((line) => line.includes('"request failed"'))
    .map((line) => JSON.parse(line) as { err: { message: string; stack?: string } })
  const told = faults.filter(({ err }) => err.stack !== undefined)
  expect(faults.length).toBeGreaterThanOrEqual(12)
  expect(told.length).toBeGreaterThan(0)
  // What is away is one reason; a commit that broke off is another.
  expect(told.length).toBeLessThanOrEqual(2)
}

test.each(outages.map(({ name, open }) => [name, open] as const))(
  '%s',
  // Bounds of time, which a neighbour on the machine can break: tried again.
  { retry: 2, timeout: 120_000 },
  async (_, open) => {
    const { server, begin, end } = await open()
    const clients = await signIn(server.url, 12)
    const load = createLoad(clients, server.url)
    const stopWatching = await watchHealth(server.url, server.pid)
    await pause(500)
    await begin()
    await pause(outageMs)
    const during = load.answers.splice(0)
    const me = await send(`${server.url}/me`, {
      headers: { authorization: `Bearer ${clients[0]?.accessToken}` },
    })
    await end()
    const recovered = await recoveryAfter(load.refreshedAt, Date.now())
    await load.stop()
    const health = await stopWatching()

    const answers = [...during, ...load.answers]
    // No 401, no 400, and no connection that ends without an answer: no client drops its session.
    expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200, 503]))
    for (const answer of answers) {
      if (answer?.status !== 503) continue
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(during.filter((answer) => answer?.status === 503).length).toBeGreaterThanOrEqual(12)
    expect([200, 503]).toContain(me?.status)
    expect(recovered).toBeLessThanOrEqual(recoveryMs)
    // The process itself is as quick as ever.
    expect(health.p99OwnMs).toBeLessThan(healthBoundMs)
    for (const client of clients) expect((await client.attempt())?.status).toBe(200)
    await server.kill('SIGTERM')
    expectOneStack((await server.ended).log)
  },
)
