import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-start-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs `npm start` as a user would, on a free port and a database of its own. */
function npmStart(variables: Record<string, string> = {}) {
  const own = { TESSERA_DATABASE: `sqlite:${join(folder, 'start.db')}`, TESSERA_SECRETS: 's'.repeat(48) }
  const environment = { PORT: '0', ...own, ...variables }
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env: { ...process.env, ...environment } })
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
        if (found !== undefined) resolve(found)
      })
    }
    child.on('close', () => reject(new Error(`ended before it served: ${output}`)))
  })
  // A start that is meant to fail is judged by its exit code.
  url.catch(() => undefined)
  return { url, ended, stop: () => child.kill('SIGTERM'), printed: () => output }
}

test('npm start serves page, health and keys, and SIGTERM to npm ends the server with code 0', async () => {
  const started = npmStart()
  const url = await started.url
  try {
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${url}/`)).text()).toContain('<!doctype html>')
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toHaveProperty('keys')
  } finally {
    started.stop()
  }
  expect(await started.ended).toBe(0)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
}, 60_000)

test('npm start ends with one clear line and another code than 0 when a setting has an unknown name', async () => {
  const started = npmStart({ TESSERA_ISUER: 'http://127.0.0.1:1' })
  expect(await started.ended).not.toBe(0)
  expect(started.printed().trim()).toMatch(/^[^\n]*TESSERA_ISUER[^\n]*TESSERA_ISSUER[^\n]*$/)
}, 60_000)
