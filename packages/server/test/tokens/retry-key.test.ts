/** P17, P7: what a saved retry key is good for, in whose hands, and what a token of the future proves. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { mintRefreshToken } from '../../src/tokens/refresh-token.ts'
import { createTestServer, serverSecret } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const retryKey = (): string => randomBytes(16).toString('base64url')

async function next(server: TestServer, refreshToken: string, key: string): Promise<string> {
  const { status, body } = await server.refresh(refreshToken, { retryKey: key })
  expect(status).toBe(200)
  return String(body['refresh_token'])
}

test('P17: the reply is lost, the server restarts, three hours later the same key signs nobody out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-retry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tessera.db')
  const before = await createTestServer({ path })
  const { refresh_token: token } = await before.signup()
  const key = retryKey()
  const lost = await next(before, token, key)
  await before.close()
  const server = await createTestServer({ path, startMs: before.nowMs() + 3 * 3_600_000 })
  expect(await next(server, token, key)).toBe(lost)
  await next(server, lost, retryKey())
})

test('P17: a thief with a token and its key gets the same successor, and loses the session at the next meeting, whoever refreshes first', async () => {
  const server = await createTestServer()
  const { refresh_token: token } = await server.signup()
  const key = retryKey()
  const held = await next(server, token, key)
  server.wait(3600)
  expect(await next(server, token, key)).toBe(held)
  // Both hold one token now, and each makes a key of its own for it: who comes second is a replay.
  server.wait(600)
  const successor = await next(server, held, retryKey())
  server.wait(600)
  const second = await server.refresh(held, { retryKey: retryKey() })
  expect(second.body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
  expect((await server.refresh(successor)).body).toMatchObject({ code: 'replayed' })
})

test('P17: a key is 22 to 128 characters, else 400, and the session is unharmed', async () => {
  const server = await createTestServer()
  const { refresh_token: token } = await server.signup()
  for (const key of ['a'.repeat(21), 'a'.repeat(129), `${'a'.repeat(21)} `, `${'a'.repeat(30)}=`]) {
    expect(await server.refresh(token, { retryKey: key })).toMatchObject({ status: 400 })
  }
  await next(server, await next(server, token, 'a'.repeat(22)), 'b'.repeat(128))
})

test.each([1, 2, 1_000_000_000])(
  'P7: a token that is %i generations ahead, with a valid MAC, ends the session and is told',
  async (ahead) => {
    const server = await createTestServer()
    const { refresh_token: token, session_id: sid } = await server.signup()
    const row = await server.rowOf(sid)
    const future = { ...row, generation: row.generation + ahead }
    const reply = await server.refresh(mintRefreshToken(future, deriveServerSecrets([serverSecret])))
    expect(reply.body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
    expect(await server.rowOf(sid)).toMatchObject({ endReason: 'generation_ahead' })
    expect(server.lines).toContainEqual(expect.objectContaining({ sid, reason: 'generation_ahead' }))
    expect((await server.refresh(token)).body).toMatchObject({ error: 'invalid_grant' })
  },
)
