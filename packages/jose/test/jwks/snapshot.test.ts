/** Keys that outlive the process: snapshots, and what a key set makes of them. */
import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet, type JwkSetSnapshot } from '../../src/jwks/index.ts'
import { present } from '../jwe/keys.ts'
import { isSynchronous } from '../later.ts'
import { outcomeLater } from '../outcome.ts'
import { epoch, issuer, jwksUrl, processOf, publicJwk } from './issuers.ts'

/** An issuer, and the snapshot of a process that fetched its keys at second 0. */
async function snapshotted(names = ['a']) {
  const state = issuer()
  state.names = names
  const { set } = processOf(state)
  await set.reload()
  const snapshot = present(set.snapshot())
  return { state, snapshot }
}

describe('a snapshot', () => {
  test('is JSON: public keys, where they are from, when they were fetched, how old they may become', async () => {
    const { snapshot } = await snapshotted()
    const expected = { url: jwksUrl, fetchedAt: epoch, lifetimeSeconds: 100, keys: [publicJwk('a')] }
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(expected)
  })

  test('does not exist before the first answer', () => {
    expect(processOf(issuer()).set.snapshot()).toBeUndefined()
  })

  test('holds nothing that cannot verify: no private key that an issuer published by mistake', async () => {
    const state = issuer()
    const secret = { kty: 'oct', k: 'c2VjcmV0' }
    const { set } = processOf(state, {
      fetch: () =>
        Promise.resolve(new Response(JSON.stringify({ keys: [secret, publicJwk('a'), { kty: 'X' }] }))),
    })
    await set.reload()
    expect(present(set.snapshot()).keys).toEqual([publicJwk('a')])
  })

  test('is a copy: whoever changes it changes no key', async () => {
    const { state } = await snapshotted()
    const { set, ask } = processOf(state)
    await set.reload()
    const { fetches } = state
    for (const jwk of present(set.snapshot()).keys) Object.assign(jwk, { kid: 'evil', x: 'AAAA' })
    expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(fetches)
    expect(present(set.snapshot()).keys).toEqual([publicJwk('a')])
  })
})

describe('a process that begins with a snapshot', () => {
  test('verifies at once, without a fetch, while the keys are young', async () => {
    const { state, snapshot } = await snapshotted()
    state.now = 79
    const { set, ask } = processOf(state)
    expect(set.hydrate(JSON.parse(JSON.stringify(snapshot)))).toBe(true)
    expect(Array.isArray(set.selectKeys({ alg: 'ES256', kid: 'a' }))).toBe(isSynchronous)
    expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(1)
    expect(set.generation).toBe(1)
  })

  test('fetches in the background from four fifths of their first lifetime on: hydrating begins none anew', async () => {
    const { state, snapshot } = await snapshotted()
    state.now = 80
    const { set, ask } = processOf(state)
    set.hydrate(snapshot)
    expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(2)
  })

  test('takes no keys that are too old, through however many processes they went', async () => {
    const { state, snapshot } = await snapshotted()
    let handed: JwkSetSnapshot = snapshot
    for (let hop = 0; hop < 24; hop += 1) {
      state.now += 3600
      const { set } = processOf(state)
      expect(set.hydrate(handed)).toBe(true)
      handed = present(set.snapshot())
      expect(handed.fetchedAt).toBe(epoch)
    }
    state.now = 100 + 86_400
    expect(processOf(state).set.hydrate(handed)).toBe(false)
    state.now -= 1
    expect(processOf(state).set.hydrate(handed)).toBe(true)
    expect(processOf(state, { staleSeconds: 0 }).set.hydrate(handed)).toBe(false)
  })

  test('refuses no key ID on the word of a snapshot: it looks itself first (P18)', async () => {
    const { state, snapshot } = await snapshotted()
    const { set, ask } = processOf(state)
    set.hydrate(snapshot)
    state.names = ['a', 'b']
    expect(await ask('b')).toBe('accepted')
    expect(state.fetches).toBe(2)
    state.now += 30
    expect(await ask('c')).toBe('key_not_found')
    expect(state.fetches).toBe(3)
  })

  test('refuses none on the word of one that came after the miss, either: its clock may be ahead', async () => {
    const { state, snapshot } = await snapshotted()
    const { set, ask } = processOf(state)
    set.hydrate(snapshot)
    state.down = true
    state.now = 10
    expect(await ask('b')).toBe('keys_unavailable')
    state.now = 15
    expect(set.hydrate({ ...snapshot, fetchedAt: epoch + 40 })).toBe(true)
    expect(await ask('b')).toBe('keys_unavailable')
    state.down = false
    state.names = ['a', 'b']
    state.now = 30
    expect(await ask('b')).toBe('accepted')
  })

  test('bears an outage with it', async () => {
    const { state, snapshot } = await snapshotted()
    state.down = true
    state.now = 3600
    const { set, ask } = processOf(state)
    set.hydrate(snapshot)
    expect(await ask('a')).toBe('accepted')
    expect(await ask('b')).toBe('keys_unavailable')
  })
})

describe('a snapshot is passed over', () => {
  test('when it is no newer than the keys at hand', async () => {
    const { state, snapshot } = await snapshotted()
    state.names = ['b']
    state.now = 10
    const { set, warnings, ask } = processOf(state)
    await set.reload()
    expect(set.hydrate(snapshot)).toBe(false)
    expect(await ask('b')).toBe('accepted')
    expect(warnings).toEqual([])
    const { snapshot: newer } = set
    const older = processOf(state).set
    older.hydrate(snapshot)
    expect(older.hydrate(newer())).toBe(true)
    expect(older.generation).toBe(2)
  })

  const good = (): JwkSetSnapshot => ({
    url: jwksUrl,
    fetchedAt: epoch,
    lifetimeSeconds: 100,
    keys: [publicJwk('a')],
  })
  test.each<[string, unknown, RegExp]>([
    ['of another URL', { ...good(), url: 'https://evil.example/jwks' }, /another URL/],
    ['without a URL', { ...good(), url: undefined }, /another URL/],
    ['from the future', { ...good(), fetchedAt: epoch + 61 }, /from the future/],
    ['without a time', { ...good(), fetchedAt: undefined }, /times are no numbers/],
    ['of a time that is text', { ...good(), fetchedAt: String(epoch) }, /times are no numbers/],
    ['of an endless lifetime', { ...good(), lifetimeSeconds: Infinity }, /times are no numbers/],
    ['of a negative lifetime', { ...good(), lifetimeSeconds: -1 }, /times are no numbers/],
    ['without keys', { ...good(), keys: undefined }, /array "keys"/],
    ['of no usable key', { ...good(), keys: [{ kty: 'oct', k: 'AAAA' }] }, /none of its 1 keys/],
    [
      'of too many keys',
      { ...good(), keys: Array.from({ length: 101 }, () => publicJwk('a')) },
      /at most 100/,
    ],
    ['that is text', JSON.stringify(good()), /expected an object/],
    ['that is nothing', null, /expected an object/],
    ['that is undefined', undefined, /expected an object/],
  ])('%s, with a warning', (_name, snapshot, reason) => {
    const { set, warnings } = processOf(issuer())
    expect(set.hydrate(snapshot)).toBe(false)
    expect(warnings.join('\n')).toMatch(reason)
    expect(set.status().keys).toBe(0)
  })

  test('that throws when it is read', () => {
    const { set, warnings } = processOf(issuer())
    const trap = {
      get url(): string {
        throw new Error('no')
      },
    }
    expect(set.hydrate(trap)).toBe(false)
    expect(warnings).toEqual(['snapshot of keys: it cannot be read'])
  })

  test('and one whose lifetime is longer than any is cut to a day', () => {
    const state = issuer()
    const { set } = processOf(state)
    set.hydrate({ ...good(), lifetimeSeconds: 1e9 })
    expect(present(set.snapshot()).lifetimeSeconds).toBe(86_400)
  })
})

test('a snapshot of an issuer is named by the issuer, whose keys may move', async () => {
  const set = createRemoteJwkSet({ issuer: 'https://issuer.example' }, { wallNow: () => epoch, now: () => 0 })
  const snapshot = {
    url: 'https://issuer.example',
    fetchedAt: epoch,
    lifetimeSeconds: 100,
    keys: [publicJwk('a')],
  }
  expect(set.hydrate(snapshot)).toBe(true)
  expect(await outcomeLater(() => set.selectKeys({ alg: 'ES256', kid: 'a' }))).toBe('accepted')
})
