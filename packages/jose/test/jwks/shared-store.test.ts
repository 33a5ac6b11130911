/** Processes that share what one of them fetched: serverless invocations, a fleet. */
import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet, type JwkSetSnapshot, type JwkSetStore } from '../../src/jwks/index.ts'
import { outcomeOf } from '../outcome.ts'
import { issuer, jwksUrl, processOf, settle } from './issuers.ts'

/** A store as KV has one: text by name. */
function textStore() {
  const texts = new Map<string, string>()
  const store: JwkSetStore = {
    load: (url) => Promise.resolve(JSON.parse(texts.get(url) ?? 'null')),
    save: async (url, snapshot) => {
      texts.set(url, JSON.stringify(snapshot))
    },
  }
  return { texts, store }
}

describe('a store', () => {
  test('spares every process after the first its fetch', async () => {
    const state = issuer()
    const { store, texts } = textStore()
    expect(await processOf(state, { store }).ask('a')).toBe('accepted')
    expect([...texts.keys()]).toEqual([jwksUrl])
    for (let invocation = 0; invocation < 20; invocation += 1) {
      state.now += 3
      expect(await processOf(state, { store }).ask('a')).toBe('accepted')
    }
    expect(state.fetches).toBe(1)
  })

  test('is asked again before a refresh, and one process of a fleet fetches for all', async () => {
    const state = issuer()
    const { store } = textStore()
    const fleet = Array.from({ length: 5 }, () => processOf(state, { store }))
    for (const { ask } of fleet) await ask('a')
    expect(state.fetches).toBe(1)
    state.now = 85
    for (const { ask } of fleet) expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(2)
    state.now = 160
    for (const { ask } of fleet) expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(2)
  })

  test('with keys that are past their age serves them at once, and newer ones are fetched in the background', async () => {
    const state = issuer()
    const { store } = textStore()
    await processOf(state, { store }).ask('a')
    state.now = 500
    state.names = ['a', 'b']
    const background: Promise<unknown>[] = []
    const { set, ask } = processOf(state, { store, waitUntil: (work) => background.push(work) })
    expect(await ask('a')).toBe('accepted')
    await Promise.all(background)
    await settle()
    expect(set.status()).toEqual({ keys: 2, ageSeconds: 0, isStale: false, failures: 0 })
  })

  test('is not believed when it lacks a key ID: the issuer is asked', async () => {
    const state = issuer()
    const { store } = textStore()
    await processOf(state, { store }).ask('a')
    state.names = ['a', 'b']
    const { ask } = processOf(state, { store })
    expect(await ask('a')).toBe('accepted')
    expect(await ask('b')).toBe('accepted')
    expect(state.fetches).toBe(2)
    state.now += 20
    expect(await ask('c')).toBe('key_not_found')
    expect(state.fetches).toBe(3)
  })

  test('of another issuer, by a mistake in its key, is passed over', async () => {
    const state = issuer()
    const foreign = { url: 'https://evil.example', fetchedAt: 0, lifetimeSeconds: 1e9, keys: [] }
    const { ask, warnings } = processOf(state, { store: { load: () => foreign, save: () => undefined } })
    expect(await ask('a')).toBe('accepted')
    expect(state.fetches).toBe(1)
    expect(warnings).toEqual(['snapshot of keys: it is of another URL'])
  })
})

describe('a store that fails never breaks verification', () => {
  const failing: Record<string, JwkSetStore['load']> = {
    'throws at once': () => {
      throw new Error('redis://user:password@host')
    },
    rejects: () => Promise.reject(new Error('redis://user:password@host')),
    'never answers': () => new Promise(() => undefined),
    'answers with rubbish': () => Promise.resolve('<html>'),
  }

  test.each(Object.entries(failing))('when it %s', async (_name, fail) => {
    const state = issuer()
    const { set, ask, warnings } = processOf(state, { store: { load: fail, save: fail }, timeoutMs: 20 })
    expect(await ask('a')).toBe('accepted')
    await set.reload()
    expect(await ask('a')).toBe('accepted')
    expect(warnings.length).toBeGreaterThan(0)
    // What a store throws may hold its credentials.
    expect(warnings.join()).not.toContain('password')
  })

  test('and nothing of it goes unheard: a write that fails is a warning', async () => {
    const state = issuer()
    const store: JwkSetStore = { load: () => undefined, save: () => Promise.reject(new Error('full')) }
    const { ask, warnings } = processOf(state, { store })
    expect(await ask('a')).toBe('accepted')
    expect(warnings).toEqual(['store of keys: could not be written'])
  })

  test('and a cold start during an outage has the keys of the store', async () => {
    const state = issuer()
    const { store } = textStore()
    await processOf(state, { store }).ask('a')
    state.down = true
    state.now = 7200
    const { ask } = processOf(state, { store })
    expect(await ask('a')).toBe('accepted')
  })
})

describe('waitUntil', () => {
  test('is handed what goes on in the background: the refresh, and the write to the store', async () => {
    const state = issuer()
    const saved: JwkSetSnapshot[] = []
    const work: Promise<unknown>[] = []
    const { ask } = processOf(state, {
      store: { load: () => null, save: (_url, snapshot) => void saved.push(snapshot) },
      waitUntil: (promise) => work.push(promise),
    })
    await ask('a')
    expect(work).toHaveLength(1)
    state.now = 85
    await ask('a')
    expect(work).toHaveLength(3)
    await Promise.all(work)
    expect(saved).toHaveLength(2)
  })

  test('is never handed a promise that rejects', async () => {
    const state = issuer()
    const work: Promise<unknown>[] = []
    const { ask } = processOf(state, { waitUntil: (promise) => work.push(promise) })
    await ask('a')
    state.down = true
    state.now = 85
    await ask('a')
    await expect(Promise.all(work)).resolves.toHaveLength(1)
  })
})

test.each([
  ['no object', 'redis'],
  ['null', null],
  ['half a store', { load: () => undefined }],
  ['a store of text', { load: 'a', save: 'b' }],
])('%s is no store', (_name, store) => {
  const options = { store: store as unknown as JwkSetStore }
  expect(outcomeOf(() => createRemoteJwkSet(jwksUrl, options))).toBe('option_invalid')
})
