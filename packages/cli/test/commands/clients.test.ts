import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportPem, generateKey } from '@tessera/jose'
import { createTokenServer } from '@tessera/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const issuer = 'https://auth.example'
const secrets = ['a server secret of a test that is long enough']
let folder: string
let database: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-clients-'))
  database = `sqlite:${join(folder, 'tessera.db')}`
})
afterAll(() => rmSync(folder, { recursive: true }))

const clients = (...argv: readonly string[]) =>
  runCli(['clients', ...argv], {
    env: { TESSERA_ISSUER: issuer, TESSERA_DATABASE: database, TESSERA_SECRETS: secrets[0] ?? '' },
    now: Date.now() / 1000,
  })

/** Asks the token endpoint of a server on the same database. */
async function askToken(clientId: string, secret: string): Promise<number> {
  const server = createTokenServer({ issuer, database, secrets })
  const response = await server.handle(
    new Request(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }),
  )
  await server.close()
  return response.status
}

describe('clients', () => {
  test('before any is added, list says how', async () => {
    expect((await clients('list')).stdout).toContain('tessera clients add')
  })

  test('add tells the secret once, with a command to try; the server takes it, until the client is revoked', async () => {
    const { code, stdout } = await clients('add', 'billing', '--scope', 'orders:read')
    expect(code).toBe(0)
    const secret = /cs_[\w-]{43}/.exec(stdout)?.[0] ?? ''
    expect(stdout).toContain(`curl -u 'billing:${secret}' -d grant_type=client_credentials ${issuer}/token`)
    expect(await askToken('billing', secret)).toBe(200)
    expect((await clients('list', '--json')).stdout).not.toContain(secret)

    expect(await clients('revoke', 'billing')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('revoked'),
    })
    expect(await askToken('billing', secret)).toBe(401)
    expect(await clients('revoke', 'billing')).toMatchObject({ code: 2 })
  })

  test('add --key keeps the public half of a key, and tells no secret', async () => {
    const path = join(folder, 'key.pem')
    writeFileSync(path, await exportPem(await generateKey('ES256', { extractable: true })))
    const { code, stdout } = await clients('add', 'reports', '--key', path, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ client_id: 'reports', authentication: 'private_key_jwt' })
    expect(stdout).not.toContain('client_secret')
  })

  test('list shows every program with its way of authentication', async () => {
    const { stdout } = await clients('list')
    expect(stdout).toMatch(/billing +client_secret +.*revoked/)
    expect(stdout).toMatch(/reports +private_key_jwt/)
  })

  test.each([
    ['an id that is taken', ['add', 'reports'], 'taken'],
    ['an id with a space', ['add', 'two words'], 'without spaces'],
    ['the scope of people', ['add', 'x', '--scope', 'account'], 'people alone'],
    ['an empty audience', ['add', 'x', '--audience', ''], 'audience'],
  ] as const)('add refuses %s in one line', async (_, argv, message) => {
    const { code, stderr } = await clients(...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
