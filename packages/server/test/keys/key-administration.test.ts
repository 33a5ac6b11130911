import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { createKeyAdministration } from '../../src/keys/key-administration.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { loadSigningKeys } from '../../src/keys/signing-keys.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createTestServer, issuer, serverSecret } from '../create-test-server.ts'
import { openTestStore, testDatabase } from '../store/open-test-database.ts'

const start = 1_767_225_600
const day = 86_400
const folder = mkdtempSync(join(tmpdir(), 'tessera-key-administration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const administrationOf = (store: Store, clock: { now: number }) =>
  createKeyAdministration({
    store: store.signingKeys,
    secrets: deriveServerSecrets([serverSecret]),
    issuer,
    leadSeconds: 3600,
    keepSeconds: 1020,
    nowMs: () => clock.now * 1000,
  })

async function world() {
  const store =
    testDatabase === undefined ? await openStore({ kind: 'sqlite', path: ':memory:' }) : await openTestStore()
  const clock = { now: start }
  const keys = await loadSigningKeys({
    store: store.signingKeys,
    secrets: deriveServerSecrets([serverSecret]),
    issuer,
    purpose: 'access',
    algorithm: 'ES256',
    jwtSecret: undefined,
    rotateSeconds: 30 * day,
    keepSeconds: 1020,
    nowMs: () => clock.now * 1000,
  })
  const states = async () =>
    new Map((await store.signingKeys.list(issuer)).map(({ kid, state }) => [kid, state]))
  return { store, clock, keys, states, administration: administrationOf(store, clock) }
}

test('a key is handed over by hand once every verifier can know the next, and not before', async () => {
  const { store, clock, keys, administration, states } = await world()
  const first = keys.signingKey.kid
  expect(await administration.rotate('ES256', 'access')).toEqual({
    status: 'too_early',
    possibleAt: start + 3600,
  })
  clock.now += 3600
  expect(await administration.rotate('ES256', 'access')).toMatchObject({ status: 'rotated', retired: first })
  await keys.follow()
  expect(keys.signingKey.kid).not.toBe(first)
  expect([...(await states()).values()].toSorted()).toEqual(['active', 'next', 'retired'])
  expect(await administration.rotate('RS256', 'access')).toEqual({ status: 'no_key' })
  await store.close()
})

test('P18: the key that signs is called back: the next one signs at once, another next is made, the feed tells', async () => {
  const { store, clock, keys, administration, states } = await world()
  const leaked = keys.signingKey.kid ?? ''
  const result = await administration.revoke(leaked)
  expect(result).toMatchObject({ status: 'revoked', key: { kid: leaked, state: 'active' } })
  await keys.follow()
  expect(keys.signingKey.kid).toBe(result.status === 'revoked' ? result.active : '')
  expect(keys.jwkSet).not.toContain(leaked)
  expect((await states()).get(leaked)).toBe('gone')
  expect([...(await states()).values()].toSorted()).toEqual(['active', 'gone', 'next'])
  const { entries } = await store.revocations.read({ now: clock.now, limit: 10 })
  expect(entries).toMatchObject([{ kind: 'key', kid: leaked }])
  const [row] = (await administration.list()).filter(({ kid }) => kid === leaked)
  expect(row).toMatchObject({ sealedKey: null, revokedAt: start })
  expect(await administration.revoke(leaked)).toEqual({ status: 'gone' })
  expect(await administration.revoke('nothing')).toEqual({ status: 'unknown' })
  await store.close()
})

test('P18: calling back a key that only waits, or only verifies, leaves the signing one alone', async () => {
  const { store, clock, keys, administration, states } = await world()
  const active = keys.signingKey.kid ?? ''
  const waiting = [...(await states())].find(([, state]) => state === 'next')?.[0] ?? ''
  await administration.revoke(waiting)
  expect(await states()).toEqual(
    new Map([
      [active, 'active'],
      [waiting, 'gone'],
      [expect.any(String), 'next'],
    ]),
  )
  clock.now += 3600
  await administration.rotate('ES256', 'access')
  await administration.revoke(active)
  await keys.follow()
  expect((await states()).get(keys.signingKey.kid ?? '')).toBe('active')
  expect((await states()).get(active)).toBe('gone')
  await store.close()
})

test('P18: a running server refuses the tokens of a key that a command called back, and its sessions go on', async () => {
  const path = join(folder, 'running.db')
  const server = await createTestServer({ path })
  const { access_token, refresh_token } = await server.signup()
  const beside = await openStore({ kind: 'sqlite', path })
  const administration = administrationOf(beside, { now: server.nowMs() / 1000 })
  const active = (await administration.list()).find(
    ({ state, purpose }) => state === 'active' && purpose === 'access',
  )
  await administration.revoke(active?.kid ?? '')
  await beside.close()
  let status = 200
  for (let tries = 0; status === 200 && tries < 500; tries += 1) {
    status = (await server.me(access_token)).status
    await new Promise((go) => setTimeout(go, 10))
  }
  expect(status).toBe(401)
  const reply = await server.refresh(refresh_token)
  expect(reply.status).toBe(200)
  let renewed = String(reply.body['access_token'])
  for (let tries = 0; (await server.me(renewed)).status !== 200 && tries < 500; tries += 1) {
    await new Promise((go) => setTimeout(go, 10))
    renewed = String((await server.refresh(String(reply.body['refresh_token']))).body['access_token'])
  }
  expect((await server.me(renewed)).status).toBe(200)
})
