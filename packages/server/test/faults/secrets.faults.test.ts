/** P6, P25: three processes get a new server secret one by one, under load; at the end the old one is dropped. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { password } from '../create-test-server.ts'
import { postgres, sqlite } from './databases.ts'
import type { FaultDatabase } from './databases.ts'
import { refreshRequest } from './refresh-client.ts'
import { send } from './requests.ts'
import type { ServerProcess } from './server-process.ts'
import { createServerProcess } from './server-process.ts'

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))
const older = 'an-older-server-secret-of-this-test-which-is-long-enough'
const newer = 'a-newer-server-secret-of-this-test-which-is-long-enough'
const kidOf = (secret: string): string => deriveServerSecrets([secret]).newest.kid
const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))
const clients = 6

type Environment = Readonly<Record<string, string>>

/** Three processes on one database. */
interface Installation {
  readonly urls: readonly string[]
  /** Stops each process and starts it with these secrets, one by one. */
  roll(...secrets: readonly string[]): Promise<void>
  /** What `tessera secrets …` prints. */
  secrets(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>>
}

async function createInstallation(where: FaultDatabase): Promise<Installation> {
  const database = await where.open()
  const directory = mkdtempSync(join(tmpdir(), 'tessera-secrets-'))
  const shared: Environment = {
    TESSERA_ISSUER: 'http://127.0.0.1:1',
    TESSERA_DATABASE: database.url ?? `sqlite:${join(directory, 'shared.db')}`,
  }
  const processes: ServerProcess[] = []
  let current: Environment = { ...shared, TESSERA_SECRETS: older }
  while (processes.length < 3) {
    const process = await createServerProcess(current)
    processes.push(process)
    await process.start()
  }
  const urls = processes.map(({ url }) => url)
  onTestFinished(async () => {
    await Promise.all(processes.map((each) => each.remove()))
    await database.drop()
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    urls,
    roll: async (...secrets) => {
      current = { ...shared, TESSERA_SECRETS: secrets.join(',') }
      for (const [index, process] of processes.entries()) {
        await process.kill('SIGTERM')
        await process.remove()
        const next = await createServerProcess(current, Number(new URL(process.url).port))
        processes[index] = next
        await next.start()
      }
    },
    secrets: async (...args) => {
      const argv = [command, 'secrets', ...args, '--json']
      const env = { PATH: process.env['PATH'], ...current }
      const { stdout } = await promisify(execFile)(process.execPath, argv, { env })
      return JSON.parse(stdout) as Record<string, unknown>
    },
  }
}

interface Load {
  /** Answers of refreshes and of requests with access tokens, by status; 0 is none. */
  readonly statuses: Map<number, number>
  /** What refused somebody. */
  readonly faults: unknown[]
  /** Ends, and gives the refresh tokens that the clients hold. */
  stop(): Promise<readonly string[]>
}

/** One user at several devices: their refresh tokens. */
async function signIn(url: string): Promise<readonly string[]> {
  const credentials = { method: 'POST', json: { username: 'ada', password } } as const
  const tokens: string[] = []
  while (tokens.length < clients) {
    const answer = await send(`${url}/${tokens.length === 0 ? 'signup' : 'login'}`, credentials)
    tokens.push(String(answer?.body['refresh_token']))
  }
  return tokens
}

/** Clients that refresh and show what they got, at any process, as ours do: what is not answered is sent again with its key. */
async function startLoad(urls: readonly string[]): Promise<Load> {
  const statuses = new Map<number, number>()
  const faults: unknown[] = []
  let isRunning = true
  const anyUrl = (): string => urls[Math.floor(Math.random() * urls.length)] ?? ''
  const note = (status: number, detail: unknown): void => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status >= 400 && status < 500) faults.push(detail)
  }
  const run = async (first: string): Promise<string> => {
    let [token, key] = [first, randomBytes(16).toString('base64url')]
    while (isRunning) {
      await pause(20)
      const answer = await refreshRequest(anyUrl(), token, key)
      note(answer?.status ?? 0, answer?.body)
      if (answer?.status !== 200) continue
      token = String(answer.body['refresh_token'])
      key = randomBytes(16).toString('base64url')
      const authorization = `Bearer ${String(answer.body['access_token'])}`
      const me = await send(`${anyUrl()}/me`, { headers: { authorization } })
      note(me?.status ?? 0, me?.body)
    }
    return token
  }
  const running = (await signIn(urls[0] ?? '')).map(run)
  return {
    statuses,
    faults,
    stop: () => {
      isRunning = false
      return Promise.all(running)
    },
  }
}

describe.each([sqlite, postgres])('P6, P25: on $name, under load, at three processes', (database) => {
  test.each([
    ['in front', [[newer, older]]],
    [
      'behind, then in front',
      [
        [older, newer],
        [newer, older],
      ],
    ],
  ])(
    'a new secret %s: nobody is signed out, keys are sealed anew, the old one is dropped',
    { timeout: 180_000 },
    async (_, steps) => {
      const installation = await createInstallation(database)
      const load = await startLoad(installation.urls)
      for (const secrets of steps) await installation.roll(...secrets)
      await expect
        .poll(() => installation.secrets('list'), { timeout: 30_000, interval: 1000 })
        .toMatchObject({
          secrets: expect.arrayContaining([
            expect.objectContaining({ kid: kidOf(older), sessions: 0, keys: 0 }),
            expect.objectContaining({ kid: kidOf(newer), state: 'live', sessions: clients, keys: 4 }),
          ]) as unknown,
        })
      expect(await installation.secrets('drop', kidOf(older))).toMatchObject({ sessions: 0, keys: 0 })
      await installation.roll(newer)
      const tokens = await load.stop()
      console.log(`refreshes and requests by status: ${JSON.stringify([...load.statuses])}`)
      expect(load.faults).toEqual([])
      expect(load.statuses.get(200)).toBeGreaterThan(200)
      expect(new Set(tokens.map((token) => token.slice(3, 11)))).toEqual(new Set([kidOf(newer)]))
    },
  )
})
