import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenServer } from '@tessera/server'
import { runCli } from '../run-cli.ts'

const issuer = 'https://auth.example'
const secret = 'a server secret of a test that is long enough'
const now = Math.floor(Date.now() / 1000)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-data-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const databaseOf = (name: string): string => `sqlite:${join(folder, name)}`
const data = (argv: readonly string[], name: string, stdin = '') =>
  runCli(['data', ...argv], {
    env: { TESSERA_ISSUER: issuer, TESSERA_DATABASE: databaseOf(name), TESSERA_SECRETS: secret },
    now,
    ...(stdin !== '' && { stdin }),
  })

/** A refresh at a database's server. */
async function refresh(name: string, refreshToken: string): Promise<number> {
  const server = createTokenServer({ issuer, database: databaseOf(name), secrets: [secret] })
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  const { status } = await server.handle(new Request(`${issuer}/token`, { method: 'POST', body }))
  await server.close()
  return status
}

async function signUp(name: string): Promise<string> {
  const server = createTokenServer({ issuer, database: databaseOf(name), secrets: [secret] })
  const body = JSON.stringify({ username: 'ada.lovelace', password: 'a long enough pass phrase' })
  const headers = { 'content-type': 'application/json' }
  const reply = await server.handle(new Request(`${issuer}/signup`, { method: 'POST', body, headers }))
  const { refresh_token: token } = (await reply.json()) as { refresh_token: string }
  await server.close()
  return token
}

describe('data', () => {
  test('export and import hand everybody over; reopen takes it back', async () => {
    const token = await signUp('old.db')
    const exported = await data(['export'], 'old.db')
    expect(exported).toMatchObject({ code: 0, stderr: expect.stringContaining('answers no write') })
    expect(exported.stdout).not.toContain('lovelace')
    expect(await data(['import'], 'new.db', exported.stdout)).toMatchObject({
      code: 0,
      stdout: 'imported 1 users, 1 sessions, 4 signing keys, 0 clients\n',
    })
    expect(await refresh('new.db', token)).toBe(200)
    expect(await refresh('old.db', token)).toBe(503)
    expect(await data(['reopen'], 'old.db')).toMatchObject({
      code: 0,
      stdout: 'The database goes on; 1 sessions that were handed over have ended.\n',
    })
    expect(await refresh('old.db', token)).toBe(400)
  })

  test('what is no bundle, and a database that was not handed over, are one line and exit code 2', async () => {
    const ran = await data(['import'], 'other.db', 'a letter\n')
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain('expected a bundle of tessera data export')
    expect((await data(['reopen'], 'other.db')).code).toBe(2)
  })
})
