/** The stand-alone server as a process of its own, ended the hard way. Runs the built command: `npm run build` first. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { password } from '../create-test-server.ts'

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))

let directory = ''
let port = 0
let child: ChildProcess | undefined

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tessera-kill-'))
  port = await freePort()
})

afterEach(async () => {
  await kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}

async function start(): Promise<void> {
  const environment = { PATH: process.env['PATH'], PORT: String(port), LOG_LEVEL: 'silent' }
  child = spawn(process.execPath, [command, 'serve'], { cwd: directory, env: environment, stdio: 'ignore' })
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('expected the server to answer')
}

async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null)
    return child?.exitCode ?? null
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
  return child.exitCode
}

async function post(
  path: string,
  body: object | URLSearchParams,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const isForm = body instanceof URLSearchParams
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: isForm ? body.toString() : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const refresh = (token: unknown) =>
  post('/token', new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(token) }))

const me = async (token: unknown): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/me`, { headers: { authorization: `Bearer ${String(token)}` } }))
    .status

test('50 parallel refreshes on the running server: one successor, everybody signed in, also after kill -9', async () => {
  await start()
  const { body: tokens } = await post('/signup', { username: 'ada', password })
  const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(tokens['refresh_token'])))
  expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(200))
  expect(new Set(replies.map(({ body }) => body['refresh_token'])).size).toBe(1)
  await kill('SIGKILL')
  await start()
  // Nothing that was acknowledged is lost: the session goes on, under the same signing key.
  expect(await me(replies[0]?.body['access_token'])).toBe(200)
  expect((await refresh(replies[49]?.body['refresh_token'])).status).toBe(200)
})

test('a replay two generations back ends the session, and it stays ended after kill -9', async () => {
  await start()
  const { body: first } = await post('/signup', { username: 'ada', password })
  const { body: second } = await refresh(first['refresh_token'])
  const { body: third } = await refresh(second['refresh_token'])
  await kill('SIGKILL')
  await start()
  expect(await refresh(first['refresh_token'])).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', code: 'replayed' },
  })
  await kill('SIGKILL')
  await start()
  expect((await refresh(third['refresh_token'])).body).toMatchObject({
    error: 'invalid_grant',
    code: 'replayed',
  })
  expect(await me(third['access_token'])).toBe(401)
})

test('SIGTERM ends the server cleanly, with exit code 0', async () => {
  await start()
  expect(await kill('SIGTERM')).toBe(0)
})
