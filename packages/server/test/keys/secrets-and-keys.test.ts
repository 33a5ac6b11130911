import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterAll, describe, expect, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { openKey, sealKey } from '../../src/keys/sealed-key.ts'
import { mintRefreshToken } from '../../src/tokens/refresh-token.ts'
import { createTestServer, serverSecret } from '../create-test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const newPath = (): string => join(folder, `${(count += 1)}.db`)
const older = serverSecret
const newer = 'the next server secret, which is as long as it must be'
const withSecrets = (path: string, ...secrets: string[]) => createTestServer({ path, config: { secrets } })

/** A database in which one session has begun under the older secret; the server is closed. */
async function begun(): Promise<{ path: string; refreshToken: string }> {
  const path = newPath()
  const server = await withSecrets(path, older)
  const { refresh_token: refreshToken } = await server.signup()
  await server.close()
  return { path, refreshToken }
}

describe('server secrets (P6)', () => {
  test('a new secret in front of the old one: nobody is signed out, and the next token is made with the new one', async () => {
    const { path, refreshToken } = await begun()
    const server = await withSecrets(path, newer, older)
    const reply = await server.refresh(refreshToken)
    expect(reply.status).toBe(200)
    const { newest } = deriveServerSecrets([newer])
    expect(reply.body['refresh_token']).toMatch(new RegExp(`^rt_${newest.kid}\\.`))
    // The replay is byte for byte the same: the secret changes at a real rotation only.
    expect((await server.refresh(refreshToken)).body['refresh_token']).toBe(reply.body['refresh_token'])
  })

  test('a token forged with the old secret is refused once the session has moved on, and harms nobody', async () => {
    const { path, refreshToken } = await begun()
    const server = await withSecrets(path, newer, older)
    const { body } = await server.refresh(refreshToken)
    // The thief has the old secret and a dump of the database: everything but the new secret.
    const row = await server.rowOf(String(body['session_id']))
    const stolen = deriveServerSecrets([older])
    for (const ahead of [0, 1, 5]) {
      const forgery = { ...row, macKid: stolen.newest.kid, generation: row.generation + ahead }
      const reply = await server.refresh(mintRefreshToken(forgery, stolen))
      expect(reply.body).toMatchObject({ error: 'invalid_grant', code: 'malformed' })
    }
    expect((await server.refresh(String(body['refresh_token']))).status).toBe(200)
  })

  test('a registered secret that is missing stops the start, and is named', async () => {
    const { path } = await begun()
    const { kid } = deriveServerSecrets([older]).newest
    await expect(withSecrets(path, newer)).rejects.toMatchObject({
      code: 'secret_missing',
      message: expect.stringContaining(kid),
    })
    const server = await withSecrets(path, older)
    await server.login()
  })

  test('a missing secret is told by its registration alone, where no signing key was sealed under it', async () => {
    const path = newPath()
    const shared = { algorithm: 'HS256', jwtSecret: 'the secret that the API servers share with us' } as const
    await (await createTestServer({ path, config: { ...shared, secrets: [older] } })).close()
    const without = createTestServer({ path, config: { ...shared, secrets: [newer] } })
    await expect(without).rejects.toMatchObject({ code: 'secret_missing' })
  })

  test('a token of a secret that is registered nowhere is 503 and an alarm, never invalid_grant', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup()
    const reply = await server.refresh(refresh_token.replace(/^rt_[^.]+/, 'rt_AAAAAAAA'))
    expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(reply.headers.get('retry-after')).not.toBeNull()
    expect(server.lines).toContainEqual(expect.objectContaining({ kid: 'AAAAAAAA' }))
  })

  test('a token of a secret that was dropped on purpose is invalid_grant', async () => {
    const { path, refreshToken } = await begun()
    await (await withSecrets(path, newer, older)).close()
    const database = new Libsql(path)
    const { kid } = deriveServerSecrets([older]).newest
    database.prepare("UPDATE secrets SET state = 'dropped', dropped_at = 1 WHERE kid = ?").run([kid])
    database.prepare('DELETE FROM signing_keys').run([])
    database.close()
    await expect(withSecrets(path, newer, older)).rejects.toMatchObject({ code: 'secret_missing' })
    const server = await withSecrets(path, newer)
    expect((await server.refresh(refreshToken)).body).toMatchObject({
      error: 'invalid_grant',
      code: 'revoked',
    })
  })

  test('every purpose has a key of its own', () => {
    const { newest, throttleKey } = deriveServerSecrets([older])
    const keys = [newest.keyEncryptionKey, newest.refreshKey, newest.sealKey].map((key) =>
      key.export().toString('hex'),
    )
    expect(new Set([...keys, throttleKey.toString('hex')]).size).toBe(4)
    expect(deriveServerSecrets([newer, older]).get(newest.kid)?.checkValue).toBe(newest.checkValue)
  })
})

describe('signing keys', () => {
  test('are made once and kept: a token outlives a restart', async () => {
    const path = newPath()
    const first = await withSecrets(path, older)
    const { access_token } = await first.signup()
    await first.close()
    const second = await withSecrets(path, older)
    expect((await second.me(access_token)).status).toBe(200)
  })

  test('two servers that start at once on one new database share their keys', async () => {
    const path = newPath()
    const servers = await Promise.all([withSecrets(path, older), withSecrets(path, older)])
    const [one, other] = await Promise.all(
      servers.map((server) => server.send('GET', '/.well-known/jwks.json')),
    )
    expect(one?.body).toEqual(other?.body)
    const states = (await servers[0].store.signingKeys.list('https://auth.example.test')).map(
      ({ state }) => state,
    )
    // One pair signs access tokens, the other the revocation feed.
    expect(states.toSorted()).toEqual(['active', 'active', 'next', 'next'])
  })

  test('lie sealed in the database: no private member is readable', async () => {
    const path = newPath()
    await (await withSecrets(path, older)).close()
    const database = new Libsql(path)
    const rows = database.prepare('SELECT * FROM signing_keys').all([]) as Record<string, unknown>[]
    database.close()
    expect(rows).toHaveLength(4)
    for (const row of rows) {
      expect(JSON.stringify(row)).not.toMatch(/"d\\?":/)
      expect(Object.keys(JSON.parse(row['public_jwk'] as string) as object)).not.toContain('d')
    }
  })

  test('another issuer on the same database has keys of its own', async () => {
    const path = newPath()
    const one = await createTestServer({ path })
    const { access_token } = await one.signup()
    await one.close()
    const other = await createTestServer({ path, config: { issuer: 'https://other.example.test' } })
    expect((await other.me(access_token)).status).toBe(401)
    await other.login()
  })

  const attacks: readonly (readonly [string, string])[] = [
    [
      'swapped ciphertexts',
      'UPDATE signing_keys SET sealed_key = (SELECT other.sealed_key FROM signing_keys AS other WHERE other.kid <> signing_keys.kid)',
    ],
    ['a changed octet', "UPDATE signing_keys SET sealed_key = 'A' || substr(sealed_key, 2)"],
    [
      'a row under another kid',
      "UPDATE signing_keys SET kid = 'planted' WHERE state = 'active' AND purpose = 'access'",
    ],
    ['a row of another algorithm', "UPDATE signing_keys SET algorithm = 'RS256' WHERE state = 'next'"],
    ['no ciphertext', 'UPDATE signing_keys SET sealed_key = NULL'],
  ]
  test.each(attacks)('P25: %s in the database stop the start', async (_kind, change) => {
    const path = newPath()
    await (await withSecrets(path, older)).close()
    const database = new Libsql(path)
    database.exec(change)
    database.close()
    await expect(withSecrets(path, older)).rejects.toMatchObject({ code: 'database_unusable' })
  })

  test('P25: a key whose kid is not its thumbprint stops the start, properly sealed or not', async () => {
    const path = newPath()
    const server = await withSecrets(path, older)
    const [row] = await server.store.signingKeys.list('https://auth.example.test')
    await server.close()
    if (row?.sealedKey === null || row === undefined) throw new Error('expected a sealed key')
    const { keyEncryptionKey } = deriveServerSecrets([older]).newest
    const plain = openKey(row.sealedKey, keyEncryptionKey, row) ?? ''
    const planted = sealKey(plain, keyEncryptionKey, { ...row, kid: 'planted' })
    const database = new Libsql(path)
    database
      .prepare("UPDATE signing_keys SET kid = 'planted', sealed_key = ? WHERE kid = ?")
      .run([planted, row.kid])
    database.close()
    await expect(withSecrets(path, older)).rejects.toMatchObject({ code: 'database_unusable' })
  })

  test('P25: a public key that a row merely claims is not published', async () => {
    const path = newPath()
    const first = await withSecrets(path, older)
    const before = (await first.send('GET', '/.well-known/jwks.json')).body
    await first.close()
    const database = new Libsql(path)
    database.exec('UPDATE signing_keys SET public_jwk = \'{"kty":"EC","crv":"P-256","x":"a","y":"b"}\'')
    database.close()
    const second = await withSecrets(path, older)
    expect((await second.send('GET', '/.well-known/jwks.json')).body).toEqual(before)
  })

  test('a sealed key opens under its own secret and binding alone', () => {
    const { keyEncryptionKey } = deriveServerSecrets([older]).newest
    const binding = { issuer: 'i', kid: 'k', algorithm: 'ES256', purpose: 'access' }
    const sealed = sealKey('plain', keyEncryptionKey, binding)
    expect(openKey(sealed, keyEncryptionKey, binding)).toBe('plain')
    expect(openKey(sealed, deriveServerSecrets([newer]).newest.keyEncryptionKey, binding)).toBeUndefined()
    for (const name of ['issuer', 'kid', 'algorithm', 'purpose']) {
      expect(openKey(sealed, keyEncryptionKey, { ...binding, [name]: 'x' })).toBeUndefined()
    }
    for (const broken of ['', 'AAAA', sealed.slice(0, 30)]) {
      expect(openKey(broken, keyEncryptionKey, binding)).toBeUndefined()
    }
  })
})
