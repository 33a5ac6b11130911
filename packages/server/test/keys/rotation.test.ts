/** Signing keys that rotate by themselves, seen from outside: no token that was good is ever refused for it. */
import type { JwkSet } from '@tessera/jose'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadSigningKeys } from '../../src/keys/signing-keys.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import type { Store } from '../../src/store/store.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { issuer, serverSecret } from '../create-test-server.ts'
import { openTestStore, testDatabase } from '../store/open-test-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const day = 86_400
const start = 1_767_225_600
const other = 'another server secret, 32 bytes and more'

function openStore(): Promise<Store> {
  return testDatabase === undefined ? openSqliteStore({ path: ':memory:' }) : openTestStore()
}

/** One process: keys on a shared store, on a clock that may be off. */
async function startProcess(
  store: Store,
  clock: { now: number },
  secrets: readonly [string, ...string[]] = [serverSecret],
) {
  return loadSigningKeys({
    store: store.signingKeys,
    secrets: deriveServerSecrets(secrets),
    issuer,
    algorithm: 'ES256',
    purpose: 'access',
    jwtSecret: undefined,
    rotateSeconds: day,
    keepSeconds: 1020,
    nowMs: () => clock.now * 1000,
  })
}

const kidsOf = (jwkSet: string): readonly (string | undefined)[] =>
  (JSON.parse(jwkSet) as JwkSet).keys.map(({ kid }) => kid)
const states = async (store: Store) =>
  (await store.signingKeys.list(issuer)).map(({ state }) => state).toSorted()

describe('rotation', () => {
  test('hands over after its time, to a key that was published all along', async () => {
    const store = await openStore()
    const clock = { now: start }
    const keys = await startProcess(store, clock)
    const first = keys.signingKey.kid
    const before = kidsOf(keys.jwkSet)
    clock.now += day
    await keys.follow()
    expect(keys.signingKey.kid).not.toBe(first)
    expect(before).toContain(keys.signingKey.kid)
    expect(kidsOf(keys.jwkSet)).toEqual(expect.arrayContaining([...before]))
    expect(await states(store)).toEqual(['active', 'next', 'retired'])
    clock.now += 1020
    await keys.follow()
    expect(kidsOf(keys.jwkSet)).not.toContain(first)
    expect(await states(store)).toEqual(['active', 'gone', 'next'])
    await store.close()
  })

  test('P24: two processes that find the same change due make one key', async () => {
    const store = await openStore()
    const clock = { now: start }
    const processes = [await startProcess(store, clock), await startProcess(store, clock)]
    for (let turn = 0; turn < 3; turn += 1) {
      clock.now += day
      await Promise.all(processes.map((keys) => keys.follow()))
      await Promise.all(processes.map((keys) => keys.follow()))
      expect(new Set(processes.map((keys) => keys.signingKey.kid)).size).toBe(1)
      expect((await states(store)).filter((state) => state !== 'gone')).toEqual(['active', 'next', 'retired'])
    }
    await store.close()
  })

  test('P24: with clocks a minute apart and sets kept as long as they may be, no token meets a key that its verifier lacks', async () => {
    const store = await openStore()
    const [fast, slow] = [{ now: start + 60 }, { now: start - 60 }]
    const verified = await startProcess(store, slow)
    const processes = [await startProcess(store, fast), verified]
    let kept: { jwkSet: string; until: number } = { jwkSet: '', until: 0 }
    for (let second = 0; second < 3 * day; second += 97) {
      fast.now = start + 60 + second
      slow.now = start - 60 + second
      for (const keys of processes) await keys.follow()
      if (second >= kept.until) {
        kept = { jwkSet: verified.jwkSet, until: second + verified.maxAgeSeconds() }
      }
      const known = kidsOf(kept.jwkSet)
      for (const keys of processes) expect(known).toContain(keys.signingKey.kid)
    }
    await store.close()
  })

  test('a verifier may keep the set no longer than until the next change, within bounds', async () => {
    const store = await openStore()
    const clock = { now: start }
    const keys = await startProcess(store, clock)
    expect(keys.maxAgeSeconds()).toBe(300)
    clock.now = start + day - 100
    expect(keys.maxAgeSeconds()).toBe(100)
    clock.now = start + day - 1
    expect(keys.maxAgeSeconds()).toBe(15)
    await store.close()
  })

  test('P25: a new secret seals every key anew, while the old one is still there', async () => {
    const store = await openStore()
    const clock = { now: start }
    const before = await startProcess(store, clock)
    const rotated = await startProcess(store, clock, [other, serverSecret])
    expect(kidsOf(rotated.jwkSet)).toEqual(kidsOf(before.jwkSet))
    const { kid } = deriveServerSecrets([other]).newest
    expect((await store.signingKeys.list(issuer)).map(({ kekKid }) => kekKid)).toEqual([kid, kid])
    expect((await startProcess(store, clock, [other])).jwkSet).toBe(rotated.jwkSet)
    await store.close()
  })

  test('P25: a process that dies in the middle leaves keys that open, and the next one goes on', async () => {
    const store = await openStore()
    const clock = { now: start }
    const before = await startProcess(store, clock)
    let left = 1
    const dying: Store = {
      ...store,
      signingKeys: {
        ...store.signingKeys,
        rewrap: async (rewrapping) => {
          if (left === 0) throw new Error('killed')
          left -= 1
          return store.signingKeys.rewrap(rewrapping)
        },
      },
    }
    await expect(startProcess(dying, clock, [other, serverSecret])).rejects.toThrow('killed')
    const keks = async () => new Set((await store.signingKeys.list(issuer)).map(({ kekKid }) => kekKid))
    expect((await keks()).size).toBe(2)
    // One with the same secrets reads both, in whatever order it has them.
    expect((await startProcess(store, clock, [serverSecret, other])).jwkSet).toBe(before.jwkSet)
    expect((await startProcess(store, clock, [other, serverSecret])).jwkSet).toBe(before.jwkSet)
    expect(await keks()).toEqual(new Set([deriveServerSecrets([other]).newest.kid]))
    await store.close()
  })

  test('P25: two that seal anew at once leave every key under one of the two, and all read it', async () => {
    const store = await openStore()
    const clock = { now: start }
    const before = await startProcess(store, clock)
    const third = 'a third server secret, which is 32 bytes and more'
    const both = await Promise.all([
      startProcess(store, clock, [other, serverSecret, third]),
      startProcess(store, clock, [third, serverSecret, other]),
    ])
    for (const keys of both) expect(keys.jwkSet).toBe(before.jwkSet)
    expect((await startProcess(store, clock, [other, third])).jwkSet).toBe(before.jwkSet)
    await store.close()
  })

  test('the set that verifies at home changes its generation with its keys', async () => {
    const store = await openStore()
    const clock = { now: start }
    const keys = await startProcess(store, clock)
    const set = keys.verificationKeys as { generation?: number }
    await keys.follow()
    expect(set.generation).toBe(0)
    clock.now += day
    await keys.follow()
    expect(set.generation).toBe(1)
    await store.close()
  })
})
