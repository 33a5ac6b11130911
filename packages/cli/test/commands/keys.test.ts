import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTokenServer } from '@tessera/server'
import { runCli } from '../run-cli.ts'

let folder: string
let env: Record<string, string>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-keys-'))
  const secret = 'a server secret of a test that is long enough'
  const database = `sqlite:${join(folder, 'tessera.db')}`
  env = { TESSERA_ISSUER: 'https://auth.example', TESSERA_DATABASE: database, TESSERA_SECRETS: secret }
  const server = createTokenServer({ issuer: 'https://auth.example', database, secrets: [secret] })
  await server.ready
  await server.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const now = Math.floor(Date.now() / 1000)
const keys = (argv: readonly string[], at = now) => runCli(['keys', ...argv], { env, now: at })
const activeKid = async (): Promise<string> => {
  const { stdout } = await keys(['list', '--json'])
  const { keys: rows } = JSON.parse(stdout) as { keys: { kid: string; state: string; purpose: string }[] }
  return rows.find(({ state, purpose }) => state === 'active' && purpose === 'access')?.kid ?? ''
}

describe('keys', () => {
  test('list shows every key with its state, and nothing secret', async () => {
    const { code, stdout } = await keys(['list'])
    expect(code).toBe(0)
    expect(stdout.match(/active /g)).toHaveLength(2)
    expect(stdout.match(/next /g)).toHaveLength(2)
    expect((await keys(['list', '--json'])).stdout).not.toMatch(/sealed|"d"/)
  })

  test('rotate waits until every verifier can know the next key, and says until when', async () => {
    const early = await keys(['rotate'])
    expect(early.code).toBe(2)
    expect(early.stderr).toMatch(/possible at \d{4}-/)
    const before = await activeKid()
    const { code, stdout } = await keys(['rotate'], now + 7200)
    expect(code).toBe(0)
    expect(stdout).toContain(`${before} goes on verifying`)
    expect(await activeKid()).not.toBe(before)
  })

  test('revoke calls a key back and tells what follows of it', async () => {
    const kid = await activeKid()
    const { code, stdout } = await keys(['revoke', kid])
    expect(code).toBe(0)
    expect(stdout).toContain(`${kid} is called back.`)
    expect(stdout).toContain('Sessions go on')
    expect(await activeKid()).not.toBe(kid)
    expect(await keys(['revoke', kid])).toMatchObject({ code: 2, stderr: expect.stringContaining('gone') })
    expect(await keys(['revoke', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no such key'),
    })
  })

  describe('secret', () => {
    const jwtSecret = 'the secret that all others are derived from'
    const audience = 'https://a.example,https://b.example'
    const several = { TESSERA_ALGORITHM: 'HS256', TESSERA_JWT_SECRET: jwtSecret, TESSERA_AUDIENCE: audience }
    const tell = (api: string, more: Record<string, string>) =>
      runCli(['keys', 'secret', api], { env: { ...env, ...more } })

    test('P1: tells the secret of one API, alone, and warns beside it', async () => {
      const { code, stdout, stderr } = await tell('https://b.example', several)
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^[\w-]{43}\n$/)])
      expect(stderr).toContain('can make tokens')
      expect((await tell('https://a.example', several)).stdout).not.toBe(stdout)
    })

    test.each([
      ['an unknown API', 'https://c.example', several, 'names https://a.example, https://b.example'],
      ['the administration', 'https://auth.example/admin', several, 'no such API'],
      [
        'a server of one API',
        'https://a.example',
        { ...several, TESSERA_AUDIENCE: 'https://a.example' },
        'TESSERA_JWT_SECRET itself',
      ],
      ['published keys', 'https://a.example', { TESSERA_AUDIENCE: audience }, 'published keys'],
    ])('P1: of %s it tells none, and why', async (_, api, more, why) => {
      const { code, stdout, stderr } = await tell(api, more)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain(why)
      expect(stderr).not.toContain(jwtSecret)
    })
  })

  test('a database that cannot be opened is one line and exit code 3', async () => {
    const ran = await runCli(['keys', 'list'], { env: { ...env, TESSERA_DATABASE: `sqlite:${folder}` } })
    expect(ran.code).toBe(3)
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
  })
})
