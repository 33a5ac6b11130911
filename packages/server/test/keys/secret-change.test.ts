/** P6: a server secret is changed in a running installation of several processes, in whatever order, and nobody is signed out. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSecretAdministration } from '../../src/keys/secret-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { createTestServer, issuer, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const older = serverSecret
const newer = 'the next server secret, which is as long as it must be'
const kidOf = (secret: string): string => deriveServerSecrets([secret]).newest.kid
const shared = { algorithm: 'HS256', jwtSecret: 'the secret that the API servers share with us' } as const

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'tessera.db')
}

type Three = [TestServer, TestServer, TestServer]

interface Installation {
  /** Stops each process and starts it with these secrets, one by one; the clients go on after each. */
  roll(...secrets: readonly string[]): Promise<void>
  /** Every client refreshes at one process and shows its access token at every one. */
  goOn(): Promise<void>
  readonly servers: Readonly<Three>
  /** The secrets that the clients' refresh tokens are made with. */
  kids(): ReadonlySet<string>
}

async function createInstallation(config: object = {}): Promise<Installation> {
  const path = newPath()
  const start = (secrets: readonly string[]) => createTestServer({ path, config: { ...config, secrets } })
  const servers: Three = [await start([older]), await start([older]), await start([older])]
  const clients = [await servers[0].signup('ada'), await servers[1].signup('bob')]
  let turn = 0
  const goOn = async (): Promise<void> => {
    for (const [index, client] of clients.entries()) {
      const server = servers[((turn += 1) % 3) as 0 | 1 | 2]
      const { status, body } = await server.refresh(client.refresh_token)
      expect({ status, code: body['code'] }).toEqual({ status: 200, code: undefined })
      clients[index] = body as unknown as typeof client
      for (const each of servers) expect((await each.me(String(body['access_token']))).status).toBe(200)
    }
  }
  return {
    servers,
    goOn,
    kids: () => new Set(clients.map(({ refresh_token }) => refresh_token.slice(3, 11))),
    roll: async (...secrets) => {
      for (const [index, server] of servers.entries()) {
        await server.close()
        servers[index] = await start(secrets)
        await goOn()
      }
      // Each looks again what the others hold.
      for (const server of servers) server.wait(31)
      await goOn()
      await goOn()
      await goOn()
    },
  }
}

describe('P6: a secret is changed while three processes serve', () => {
  test.each([
    ['in front at once', {}, [[newer, older]]],
    [
      'behind first, then in front',
      {},
      [
        [older, newer],
        [newer, older],
      ],
    ],
    ['in front at once, with a shared secret for access tokens', shared, [[newer, older]]],
  ])('%s: nobody is signed out, and at the end nothing depends on the old one', async (_, config, steps) => {
    const installation = await createInstallation(config)
    for (const secrets of steps) await installation.roll(...secrets)
    expect(installation.kids()).toEqual(new Set([kidOf(newer)]))
    const { store, nowMs } = installation.servers[0]
    // Seals follow within a second.
    await expect
      .poll(async () => (await store.signingKeys.list(issuer)).map(({ kekKid }) => kekKid), {
        timeout: 10_000,
      })
      .not.toContain(kidOf(older))
    const secrets = createSecretAdministration({ store, keepSeconds: 660, nowMs })
    expect(await secrets.drop(kidOf(older))).toEqual({ sessions: 0, keys: 0 })
    await installation.roll(newer)
  })

  test('until the last process has the new one, tokens and keys are made with the old one', async () => {
    const path = newPath()
    const [a, b] = [
      await createTestServer({ path, config: { secrets: [older] } }),
      await createTestServer({ path, config: { secrets: [newer, older] } }),
    ]
    const { refresh_token } = await b.signup()
    expect(refresh_token.slice(3, 11)).toBe(kidOf(older))
    expect((await a.refresh(refresh_token)).status).toBe(200)
    const keks = (await b.store.signingKeys.list(issuer)).map(({ kekKid }) => kekKid)
    expect(new Set(keks)).toEqual(new Set([kidOf(older)]))
    // One that still has the old one alone may start again.
    await a.close()
    await (await createTestServer({ path, config: { secrets: [older] } })).close()
  })

  test('on an empty database three processes that start at once agree, whatever their order of secrets', async () => {
    const path = newPath()
    const start = (...secrets: string[]) => createTestServer({ path, config: { secrets } })
    const servers = await Promise.all([start(newer, older), start(older, newer), start(newer, older)])
    let { refresh_token: token } = await servers[0].signup()
    for (const server of [...servers, ...servers]) {
      const { status, body } = await server.refresh(token)
      expect(status).toBe(200)
      token = String(body['refresh_token'])
    }
    const [used] = await servers[0].store.secrets.list().then((rows) => rows.filter(({ turn }) => turn > 0))
    expect(token.slice(3, 11)).toBe(used?.kid)
  })

  test('a process that was given up and lacks the secret in use answers 503 and raises an alarm, never invalid_grant', async () => {
    const path = newPath()
    const stale = await createTestServer({ path, config: { secrets: [older] } })
    const startMs = stale.nowMs() + 31_000
    const server = await createTestServer({ path, startMs, config: { secrets: [newer, older] } })
    server.wait(31)
    const { refresh_token } = await server.signup()
    expect(refresh_token.slice(3, 11)).toBe(kidOf(newer))
    const reply = await stale.refresh(refresh_token)
    expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(reply.headers.get('retry-after')).not.toBeNull()
    // It looks again, knows that it is at fault, and makes nothing more.
    stale.wait(31)
    expect(await stale.refresh(refresh_token)).toMatchObject({ status: 503 })
    const login = await stale.send('POST', '/login', {
      json: { username: 'ada', password: 'correct horse battery staple' },
    })
    expect(login.status).toBe(503)
    expect(stale.lines).toContainEqual(expect.objectContaining({ kids: [kidOf(newer)] }))
    const metrics = await stale.handle(new Request(`${issuer}/metrics`), { remoteAddress: '127.0.0.1' })
    const text = await metrics.text()
    expect(text).toContain('tessera_server_secrets_missing 1')
    expect(text).toContain('tessera_refresh_status_total{status="kid_unknown"} 2')
    expect((await server.refresh(refresh_token)).status).toBe(200)
  })

  test('dropped while it is in use: its tokens are invalid_grant at every process, and the next one takes its place', async () => {
    const path = newPath()
    const one = await createTestServer({ path, config: { secrets: [older, newer] } })
    const servers = [one, await createTestServer({ path, config: { secrets: [older, newer] } })]
    const { refresh_token } = await one.signup()
    const secrets = createSecretAdministration({ store: one.store, keepSeconds: 660, nowMs: one.nowMs })
    expect(await secrets.drop(kidOf(older))).toMatchObject({ sessions: 1 })
    for (const server of servers) {
      server.wait(31)
      expect((await server.refresh(refresh_token)).body).toMatchObject({
        error: 'invalid_grant',
        code: 'revoked',
      })
      expect((await server.login()).refresh_token.slice(3, 11)).toBe(kidOf(newer))
    }
  })
})
