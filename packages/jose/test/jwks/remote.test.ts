import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet, isJoseError } from '../../src/index.ts'
import type { RemoteJwkSetOptions } from '../../src/index.ts'
import { pairFor } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const url = 'https://issuer.example/jwks.json'
const first = { ...pairFor('ES256').publicJwk, kid: 'first', alg: 'ES256' }
const second = { ...pairFor('ES256', 'second').publicJwk, kid: 'second', alg: 'ES256' }

/** An issuer without a network, whose answers and clock a test moves. */
function issuerOf(options: RemoteJwkSetOptions = {}) {
  const state = {
    now: 1000,
    fetches: 0,
    answer: (): Response | Promise<Response> => json({ keys: [first] }),
  }
  const fetch = async (): Promise<Response> => {
    state.fetches += 1
    return state.answer()
  }
  const set = createRemoteJwkSet(url, { fetch, now: () => state.now, ...options })
  const select = async (kid: string): Promise<string> => {
    try {
      return (await set.selectKeys({ alg: 'ES256', kid })).map((key) => key.kid).join()
    } catch (error) {
      return isJoseError(error) ? error.code : String(error)
    }
  }
  return { state, set, select }
}

function json(body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', ...headers } })
}

const down = (): never => {
  throw new TypeError('fetch failed')
}

describe('a remote JWK Set', () => {
  test('is fetched once for all who wait, and then answers at once', async () => {
    const { state, set, select } = issuerOf()
    const found = await Promise.all(Array.from({ length: 50 }, () => select('first')))
    expect(new Set(found)).toEqual(new Set(['first']))
    expect(state.fetches).toBe(1)
    expect(Array.isArray(set.selectKeys({ alg: 'ES256', kid: 'first' }))).toBe(true)
  })

  test('is refreshed ahead of its end, in the background', async () => {
    const { state, select } = issuerOf()
    state.answer = () => json({ keys: [first] }, { 'cache-control': 'public, max-age=100' })
    await select('first')
    state.now += 79
    await select('first')
    expect(state.fetches).toBe(1)
    state.now += 2
    state.answer = () => json({ keys: [first, second] })
    expect(await select('first')).toBe('first')
    expect(state.fetches).toBe(2)
    await new Promise((resolve) => setTimeout(resolve))
    expect(await select('second')).toBe('second')
    expect(state.fetches).toBe(2)
  })

  test('clamps what Cache-Control asks for', async () => {
    const { state, select } = issuerOf()
    state.answer = () => json({ keys: [first] }, { 'cache-control': 'max-age=0' })
    await select('first')
    state.now += 11
    await select('first')
    expect(state.fetches).toBe(1)
  })

  test('goes on through an outage, for as long as it may', async () => {
    const { state, select } = issuerOf({ staleSeconds: 3600, maxAgeSeconds: 100 })
    await select('first')
    state.answer = down
    for (let minute = 0; minute < 60; minute += 1) {
      state.now += 60
      expect(await select('first')).toBe('first')
    }
    state.now += 200
    expect(await select('first')).toBe('keys_unavailable')
    state.answer = () => json({ keys: [first] })
    state.now += 60
    expect(await select('first')).toBe('first')
  })

  test.each([
    ['an empty set', () => json({ keys: [] })],
    ['garbage', () => new Response('<html>')],
    ['a set of secrets', () => json({ keys: [{ kty: 'oct', k: 'AAAA' }] })],
    ['an error page', () => new Response('{}', { status: 500 })],
    [
      'a redirect (T22)',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
    ],
    ['a body without end', () => new Response(endless())],
  ])('a good set is never replaced by %s', async (_title, answer) => {
    const { state, set, select } = issuerOf()
    await select('first')
    state.answer = answer
    expect(await outcomeLater(() => set.reload())).toBe('keys_unavailable')
    expect(await select('first')).toBe('first')
  })

  test('P18: an unknown key ID is refused only after a fetch that began after it was missed', async () => {
    const { state, select } = issuerOf()
    await select('first')
    state.now += 60
    state.answer = () => json({ keys: [first, second] })
    expect(await select('second')).toBe('second')
    state.now += 60
    expect(await select('third')).toBe('key_not_found')
    expect(state.fetches).toBe(3)
    // Known to be absent, for a while.
    expect(await select('third')).toBe('key_not_found')
    expect(state.fetches).toBe(3)
  })

  test('T24: a flood of 1,000 unknown key IDs fetches once per cool-down, and refuses none falsely', async () => {
    const { state, select } = issuerOf({ cooldownMs: 10_000 })
    await select('first')
    state.now += 60
    const outcomes: string[] = []
    for (let index = 0; index < 1000; index += 1) {
      outcomes.push(await select(`flood-${index}`))
      expect(await select('first')).toBe('first')
    }
    expect(state.fetches).toBe(2)
    expect(outcomes.filter((outcome) => outcome === 'key_not_found')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'keys_unavailable')).toHaveLength(999)
    // A key published in the middle of the flood is found after the cool-down.
    state.answer = () => json({ keys: [first, second] })
    state.now += 11
    expect(await select('second')).toBe('second')
  })

  test('an unknown key ID during an outage is keys_unavailable, never key_not_found', async () => {
    const { state, select } = issuerOf()
    await select('first')
    state.now += 60
    state.answer = down
    expect(await select('second')).toBe('keys_unavailable')
    expect(await select('second')).toBe('keys_unavailable')
  })

  test('a cold start without the issuer is keys_unavailable, tried again soon and less and less often', async () => {
    const { state, select } = issuerOf()
    state.answer = down
    for (let index = 0; index < 100; index += 1) expect(await select('first')).toBe('keys_unavailable')
    expect(state.fetches).toBe(1)
    state.now += 2
    state.answer = () => json({ keys: [first] })
    expect(await select('first')).toBe('first')
  })

  test.each(['../../etc/passwd', '__proto__', 'constructor', "' OR 1=1", 'x'.repeat(5000)])(
    'T23: the key ID %s is looked up and nothing else',
    async (kid) => {
      const { select } = issuerOf()
      expect(await select(kid)).toBe('key_not_found')
    },
  )

  test('generation rises only when the keys change', async () => {
    const { state, set } = issuerOf()
    await set.reload()
    const before = set.generation
    await set.reload()
    expect(set.generation).toBe(before)
    state.answer = () => json({ keys: [second] })
    await set.reload()
    expect(set.generation).toBe(before + 1)
  })
})

describe('where keys may come from (T21)', () => {
  test.each([
    'http://issuer.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://x',
    'jwks',
    '',
  ])('%s is refused at construction', (source) => {
    expect(outcomeOf(() => createRemoteJwkSet(source))).toBe('option_invalid')
  })

  test.each([
    'http://127.0.0.1:1/jwks',
    'http://localhost:1/jwks',
    'http://[::1]:1/jwks',
    'https://x.example',
  ])('%s is taken', (source) => {
    expect(outcomeOf(() => createRemoteJwkSet(source))).toBe('accepted')
  })
})

describe('discovery (RFC 8414)', () => {
  const discover = (issuer: string, metadata: unknown) => {
    const asked: string[] = []
    const fetch = async (input: unknown): Promise<Response> => {
      asked.push(String(input))
      return String(input).includes('well-known') ? json(metadata) : json({ keys: [first] })
    }
    return { asked, set: createRemoteJwkSet({ issuer }, { fetch: fetch }) }
  }

  test('finds the keys of an issuer with a path', async () => {
    const issuer = 'https://issuer.example/tenant'
    const { asked, set } = discover(issuer, { issuer, jwks_uri: 'https://issuer.example/tenant/keys' })
    await set.reload()
    expect(asked).toEqual([
      'https://issuer.example/.well-known/oauth-authorization-server/tenant',
      'https://issuer.example/tenant/keys',
    ])
  })

  test.each([
    ['of another issuer', { issuer: 'https://issuer.example/', jwks_uri: 'https://issuer.example/keys' }],
    ['without keys', { issuer: 'https://issuer.example' }],
    ['with keys over plain http', { issuer: 'https://issuer.example', jwks_uri: 'http://evil.example/keys' }],
  ])('metadata %s is refused', async (_title, metadata) => {
    const { set } = discover('https://issuer.example', metadata)
    expect(await outcomeLater(() => set.reload())).toBe('keys_unavailable')
  })
})

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
  })
}
