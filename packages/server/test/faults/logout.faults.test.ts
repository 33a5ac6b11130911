/** A log-out as API servers see it: guards in two processes that follow the revocation feed, and nothing asked per request. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { environmentOf, postgres, sqlite } from './databases.ts'
import type { RefreshClient } from './refresh-client.ts'
import { signIn } from './refresh-client.ts'
import { send } from './requests.ts'
import { createServerProcess } from './server-process.ts'

const program = fileURLToPath(new URL('guard-process.js', import.meta.url))
const boundMs = 15_000

async function startGuards(issuer: string, ...kinds: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, issuer, ...kinds], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

/** What the guards of a process answer to a message. */
async function ask(child: ChildProcess, message: object): Promise<readonly number[]> {
  const answer = once(child, 'message')
  child.send(message)
  const [numbers] = (await answer) as [number[]]
  return numbers
}

async function start({ open }: typeof sqlite) {
  const database = await open()
  const server = await createServerProcess(environmentOf(database))
  onTestFinished(async () => {
    await server.remove()
    await database.drop()
  })
  await server.start()
  return server
}

/** How long after the log-out each guard refused the token, in milliseconds. */
async function logout(url: string, client: RefreshClient, children: readonly ChildProcess[]) {
  const refusals = children.map((child) => ask(child, { watch: client.accessToken }))
  const before = Date.now()
  const answer = await send(`${url}/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.accessToken}` },
  })
  expect(answer?.status).toBe(204)
  return (await Promise.all(refusals)).flat().map((at) => at - before)
}

describe.each([sqlite, postgres])('on $name', (database) => {
  // A bound of time, which a neighbour on the machine can break: tried again.
  test(
    'three guards in two processes refuse the token within a second of its log-out',
    { retry: 2 },
    async () => {
      const { url } = await start(database)
      const children = await Promise.all([
        startGuards(url, 'stream:closed', 'stream:closed'),
        startGuards(url, 'stream:closed'),
      ])
      const clients = await signIn(url, 5)
      for (const client of clients) {
        const delays = await logout(url, client, children)
        expect(delays).toHaveLength(3)
        expect(Math.max(...delays)).toBeLessThanOrEqual(1000)
      }
    },
  )

  test(
    'a guard that polls refuses within its bound, and with the feed cut each does what it was told',
    { retry: 2, timeout: 120_000 },
    async () => {
      const server = await start(database)
      const child = await startGuards(server.url, 'poll:closed', 'stream:closed', 'stream:open')
      const [gone, client] = await signIn(server.url, 2)
      if (gone === undefined || client === undefined) throw new Error('expected two clients')
      const delays = await logout(server.url, gone, [child])
      expect(Math.max(...delays)).toBeLessThanOrEqual(boundMs)
      expect(await ask(child, { ask: client.accessToken })).toEqual([200, 200, 200])
      await server.kill()
      await new Promise((go) => setTimeout(go, boundMs + 1000))
      // Nobody is told that a token is bad because the issuer is away; and what was revoked stays so.
      expect(await ask(child, { ask: client.accessToken })).toEqual([503, 503, 200])
      expect((await ask(child, { ask: gone.accessToken }))[2]).toBe(401)
    },
  )
})
