import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTokenServer } from '@tessera/server'
import { runCli } from '../run-cli.ts'

const issuer = 'https://auth.example'
const oldSecret = 'an older server secret of a test that is long enough'
const newSecret = 'a newer server secret of a test that is long enough'
const now = Math.floor(Date.now() / 1000)

let folder: string
let database: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-secrets-'))
  database = `sqlite:${join(folder, 'tessera.db')}`
})
afterEach(() => rmSync(folder, { recursive: true }))

const cli = (argv: readonly string[], secrets: readonly string[] = [oldSecret]) =>
  runCli([...argv], {
    env: { TESSERA_ISSUER: issuer, TESSERA_DATABASE: database, TESSERA_SECRETS: secrets.join(',') },
    now,
  })

/** One request at a server that is started for it. */
async function ask(secrets: [string, ...string[]], path: string, init: RequestInit) {
  const server = createTokenServer({ issuer, database, secrets })
  await server.ready
  const reply = await server.handle(new Request(`${issuer}${path}`, { method: 'POST', ...init }))
  const body = (await reply.json()) as Record<string, string>
  await server.close()
  return { status: reply.status, body }
}

async function signUp(secrets: [string, ...string[]] = [oldSecret]): Promise<Record<string, string>> {
  const json = JSON.stringify({ username: 'ada', password: 'a long enough pass phrase' })
  const { body } = await ask(secrets, '/signup', {
    body: json,
    headers: { 'content-type': 'application/json' },
  })
  return body
}

const refresh = (secrets: [string, ...string[]], token = '') =>
  ask(secrets, '/token', { body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }) })

describe('P6: secrets', () => {
  test('list tells what depends on each, and never a secret', async () => {
    await signUp()
    const { code, stdout } = await cli(['secrets', 'list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\S{8} {2}live {5}1 sessions, 4 signing keys\n$/)
    expect(stdout).not.toContain(oldSecret)
  })

  test('drop ends the sessions and keys of that secret alone; its tokens are invalid_grant, and it starts no server', async () => {
    const { refresh_token: token } = await signUp()
    const kid = String(token).slice(3, 11)
    const dropped = await cli(['secrets', 'drop', kid], [newSecret])
    expect(dropped).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 sessions and 4 signing keys have ended') as unknown,
    })
    expect(await refresh([newSecret], token)).toMatchObject({ status: 400, body: { code: 'revoked' } })
    await expect(refresh([newSecret, oldSecret], token)).rejects.toMatchObject({ code: 'secret_missing' })
    expect((await cli(['secrets', 'drop', kid], [newSecret])).code).toBe(2)
    for (const argv of [['-a-kid-'], ['--jsn', kid], []])
      expect((await cli(['secrets', 'drop', ...argv], [newSecret])).code).toBe(2)
    expect((await cli(['secrets', 'drop', '-a-kid-'], [newSecret])).stderr).toContain('no such live secret')
    expect((await cli(['secrets', 'list'], [newSecret])).stdout).toContain(
      `${kid}  dropped  0 sessions, 0 signing keys`,
    )
  })
})
