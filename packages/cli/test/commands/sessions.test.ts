import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenServer } from '@tessera/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const issuer = 'https://auth.example'
const secrets = ['a server secret of a test that is long enough']
let folder: string
let database: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-sessions-'))
  database = `sqlite:${join(folder, 'tessera.db')}`
})
afterAll(() => rmSync(folder, { recursive: true }))

const sessions = (...argv: readonly string[]) =>
  runCli(['sessions', ...argv], {
    env: { TESSERA_ISSUER: issuer, TESSERA_DATABASE: database, TESSERA_SECRETS: secrets[0] ?? '' },
    now: Date.now() / 1000,
  })

describe('sessions', () => {
  test('are listed and ended, one and all, beside a server that runs', async () => {
    const server = createTokenServer({ issuer, database, secrets })
    const post = async (path: string) => {
      const body = JSON.stringify({ username: 'ada', password: 'correct horse battery staple' })
      const headers = { 'content-type': 'application/json' }
      const response = await server.handle(new Request(`${issuer}${path}`, { method: 'POST', headers, body }))
      return (await response.json()) as { access_token: string; session_id: string }
    }
    const me = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` }
      return (await server.handle(new Request(`${issuer}/me`, { headers }))).status
    }
    const first = await post('/signup')
    const second = await post('/login')
    const third = await post('/login')

    const { stdout } = await sessions('list', 'Ada')
    expect(stdout.trim().split('\n')).toHaveLength(3)
    expect(stdout).toContain(first.session_id)

    const everybody = (await sessions('list')).stdout.trim().split('\n')
    expect(everybody).toHaveLength(3)
    for (const line of everybody) expect(line).toMatch(/  ada$/)
    expect(JSON.parse((await sessions('list', '--json')).stdout)).toEqual({
      sessions: Array.from({ length: 3 }, () => expect.objectContaining({ username: 'ada' })),
    })

    expect(await sessions('revoke', first.session_id)).toMatchObject({ code: 0 })
    await expect.poll(() => me(first.access_token), { timeout: 5000 }).toBe(401)
    expect(await me(second.access_token)).toBe(200)
    expect((await sessions('revoke', first.session_id)).code).toBe(2)

    const all = await sessions('revoke', '--user', 'ada', '--json')
    expect(JSON.parse(all.stdout)).toEqual({ status: 'revoked', ended: 2 })
    await expect.poll(() => me(third.access_token), { timeout: 5000 }).toBe(401)
    expect((await sessions('list', 'ada')).stdout).toBe('Signed in nowhere.\n')
    await server.close()
  })

  test.each([
    ['list', 'nobody'],
    ['revoke', 'nothing'],
    ['revoke', '--user', 'nobody'],
  ])('%s %s of what there is not is refused in a line', async (...argv) => {
    const { code, stderr } = await sessions(...argv)
    expect(code).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
