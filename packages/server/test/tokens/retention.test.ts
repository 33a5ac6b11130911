/** P23: a revocation is kept for as long as any token lives that it could meet, whatever the lifetime is now. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'

test('P23: after the lifetime was lowered, a long-lived token that was revoked is refused to its last second', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-retention-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tessera.db')
  const generous = await createTestServer({ path, config: { accessTokenSeconds: 3600 } })
  const [revoked, other] = [await generous.signup('ada'), await generous.signup('bob')]
  await generous.close()

  const server = await createTestServer({
    path,
    startMs: generous.nowMs(),
    config: { accessTokenSeconds: 60 },
  })
  await server.send('POST', '/logout', { bearer: revoked.access_token })
  for (const seconds of [61, 600, 2400, 538]) {
    server.wait(seconds)
    while (await server.store.removeExpired(server.nowMs(), 100));
    expect((await server.me(revoked.access_token)).body['code']).toBe('revoked')
    expect((await server.me(other.access_token)).status).toBe(200)
    const { entries } = await server.store.revocations.read({ now: server.nowMs() / 1000, limit: 10 })
    expect(entries).toContainEqual(expect.objectContaining({ sid: revoked.session_id }))
  }
  server.wait(1)
  expect((await server.me(other.access_token)).body['code']).toBe('expired')
})
