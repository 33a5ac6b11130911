/** Fetching keys over a real connection, and what may come back instead. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createRemoteJwkSet, type RemoteJwkSetOptions } from '../../src/jwks/index.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { forge, pairFor } from '../forge.ts'
import { verifyLater } from '../later.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const keys = JSON.stringify({ keys: [{ ...pairFor('ES256').publicJwk, kid: 'a' }] })
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const load = (url: string, options: RemoteJwkSetOptions = {}): Promise<void> =>
  createRemoteJwkSet(url, options).reload()

describe('over a real connection', () => {
  test('a verifier takes a token at once when the keys are there', async () => {
    const url = await serve((_request, response) => response.end(keys))
    const set = createRemoteJwkSet(`${url}/jwks`)
    const verifier = createVerifier({ keys: set, issuer: null, audience: null, requireExp: false })
    const value = forge(
      { alg: 'ES256', kid: 'a' },
      { sub: 'x' },
      { algorithm: 'ES256', key: pairFor('ES256').privateKey },
    )
    expect(outcomeOf(() => verifier.verifySync(value))).toBe('unsupported')
    expect((await verifier.verify(value)).claims.sub).toBe('x')
    expect((await verifyLater(verifier, value)).claims.sub).toBe('x')
  })

  test('sends an Accept header, and the headers that it was given', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers.accept, request.headers['x-api-key'] as string, request.headers.cookie)
      response.end(keys)
    })
    await load(url, { headers: { 'x-api-key': 'k' } })
    expect(seen[0]).toContain('application/jwk-set+json')
    expect(seen.slice(1)).toEqual(['k', undefined])
  })

  test('T22 follows no redirect (CVE-2026-102267)', async () => {
    let visited = false
    const target = await serve((_request, response) => {
      visited = true
      response.end(keys)
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve((_request, response) => response.writeHead(status, { location: target }).end())
      expect((await rejection(load(url))).code).toBe('keys_unavailable')
    }
    expect(visited).toBe(false)
  })

  test.each([
    ['404', 404, keys],
    ['500', 500, keys],
    ['204', 204, ''],
    ['201', 201, keys],
    ['203', 203, keys],
  ])('status %s is keys_unavailable, and is named', async (name, status, body) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body))
    const error = await rejection(load(url))
    expect(error.code).toBe('keys_unavailable')
    expect(error.message).toContain(name)
  })

  test.each([
    ['nothing', ''],
    ['HTML', '<html></html>'],
    ['an array', '[]'],
    ['null', 'null'],
    ['text', '"keys"'],
    ['half of it', keys.slice(0, -5)],
    ['keys that stand twice', keys.replace('{"keys"', '{"keys":[],"keys"')],
    ['a byte order mark', `\ufeff${keys}`],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no keys', '{"keys":[]}'],
    ['keys for nothing', '{"keys":[{"kty":"oct","k":"AAAA"}]}'],
    ['deep nesting', `{"keys":${'['.repeat(5000)}`],
  ])('a body of %s is keys_unavailable', async (_name, body) => {
    const url = await serve((_request, response) => response.end(body))
    expect((await rejection(load(url))).code).toBe('keys_unavailable')
  })

  test('a body is read up to 256 KiB, and the rest is not waited for', async () => {
    const padded = (length: number): string => keys.padEnd(length, ' ')
    const small = await serve((_request, response) => response.end(padded(262_144)))
    expect(await outcomeLater(() => load(small))).toBe('accepted')
    const large = await serve((_request, response) => response.end(padded(262_145)))
    expect((await rejection(load(large))).code).toBe('keys_unavailable')
    let ended = false
    const endless = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '.repeat(65_536)), 1)
      response.on('close', () => {
        ended = true
        clearInterval(timer)
      })
    })
    expect((await rejection(load(endless))).message).toContain('262144')
    await expect.poll(() => ended).toBe(true)
  })

  test('a compressed body counts as it unpacks', async () => {
    const { gzipSync } = await import('node:zlib')
    const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20))
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    expect((await rejection(load(url))).message).toContain('262144')
  })

  test('a server that never answers, or never ends, is given up after the time-out', async () => {
    const silent = await serve(() => undefined)
    const slow = await serve((_request, response) => {
      response.write('{"keys":')
    })
    for (const url of [silent, slow]) {
      const error = await rejection(load(url, { timeoutMs: 50 }))
      expect(error.code).toBe('keys_unavailable')
      expect(error.message).toContain('50 ms')
    }
  })

  test('a fetch of one’s own that ignores its signal is given up too', async () => {
    const deaf = { timeoutMs: 50, fetch: () => new Promise<Response>(() => undefined) }
    const outcome = await Promise.race([
      outcomeLater(() => load('https://issuer.example/jwks', deaf)),
      new Promise((resolve) => setTimeout(() => resolve('still waiting'), 1000)),
    ])
    expect(outcome).toBe('keys_unavailable')
  })

  test('a refused connection is keys_unavailable, naming the origin and no more of the URL', async () => {
    const error = await rejection(load('http://127.0.0.1:1/jwks?key=hunter2'))
    expect(error.code).toBe('keys_unavailable')
    expect(error.message).toContain('http://127.0.0.1:1')
    expect(error.message).not.toContain('hunter2')
  })
})

describe('T20 a network spy', () => {
  test('sees no request for jku, x5u, jwk, x5c or kid of a token (CVE-2024-21643)', async () => {
    const requested: string[] = []
    const url = await serve((request, response) => {
      requested.push(String(request.url))
      response.end(keys)
    })
    const spy = globalThis.fetch
    const called: string[] = []
    globalThis.fetch = (...request) => {
      called.push(JSON.stringify(request[0]))
      return spy(...request)
    }
    try {
      const verifier = createVerifier({
        keys: createRemoteJwkSet(`${url}/jwks`),
        issuer: null,
        audience: null,
        requireExp: false,
      })
      const { privateKey } = pairFor('ES256')
      for (const header of [
        { jku: `${url}/evil` },
        { x5u: `${url}/evil` },
        { kid: `${url}/evil` },
        { jku: 'file:///etc/passwd' },
      ]) {
        const value = forge({ alg: 'ES256', ...header }, {}, { algorithm: 'ES256', key: privateKey })
        await verifier.safeVerify(value)
      }
    } finally {
      globalThis.fetch = spy
    }
    expect(new Set(requested)).toEqual(new Set(['/jwks']))
    expect(new Set(called)).toEqual(new Set([JSON.stringify(`${url}/jwks`)]))
  })
})

describe('T21 where keys may come from (CVE-2026-48522)', () => {
  test.each([
    'http://issuer.example/jwks',
    'http://10.0.0.1/jwks',
    'http://localhost.evil.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://[::2]/jwks',
    'http://0.0.0.0/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'blob:https://issuer.example/x',
    'ftp://issuer.example/jwks',
    'javascript:1',
    'ws://127.0.0.1/jwks',
    'https://user:password@issuer.example/jwks',
    'https://token@issuer.example/jwks',
    '//issuer.example/jwks',
    '/jwks',
    'issuer.example',
    '',
    undefined,
    null,
    5,
    {},
    { issuer: 'http://issuer.example' },
    { issuer: '' },
    { issuer: undefined },
    { issuer: 5 },
    { url: 'https://issuer.example' },
    ['https://issuer.example/jwks'],
  ])('%j is option_invalid at construction', (source) => {
    expect(outcomeOf(() => createRemoteJwkSet(source as string))).toBe('option_invalid')
  })

  test.each([
    'https://issuer.example/jwks',
    'http://localhost/jwks',
    'http://api.localhost:8080/jwks',
    'http://127.0.0.1/jwks',
    'http://127.1/jwks',
    'http://[::1]:3000/jwks',
    'HTTPS://ISSUER.EXAMPLE/jwks',
  ])('%s is taken, as text and as a URL object', (source) => {
    expect(outcomeOf(() => createRemoteJwkSet(source))).toBe('accepted')
    expect(outcomeOf(() => createRemoteJwkSet(new URL(source)))).toBe('accepted')
  })

  test('a URL object that is changed later changes nothing', async () => {
    const asked: string[] = []
    const url = new URL('https://issuer.example/jwks')
    const set = createRemoteJwkSet(url, {
      fetch: async (input) => {
        asked.push(JSON.stringify(input))
        return Promise.resolve(new Response(keys))
      },
    })
    url.href = 'https://evil.example/jwks'
    await set.reload()
    expect(asked).toEqual(['"https://issuer.example/jwks"'])
  })
})

test.each([
  [{ timeoutMS: 5 }],
  [{ timeout: 5 }],
  [{ cacheMaxAge: 5 }],
  [{ timeoutMs: undefined }],
  [{ timeoutMs: Number.NaN }],
  [{ timeoutMs: -1 }],
  [{ timeoutMs: '5000' }],
  [{ timeoutMs: Number.POSITIVE_INFINITY }],
  [{ cooldownMs: null }],
  [{ maxAgeSeconds: '10m' }],
  [{ staleSeconds: Number.NaN }],
  [{ fetch: 'fetch' }],
  [{ fetch: undefined }],
  [{ onWarning: true }],
  [{ now: 5 }],
  [{ headers: 'accept: x' }],
  [{ headers: { 'x-key': 5 } }],
  [{ headers: null }],
  ['https://x'],
  [[]],
])('T67 options %# are option_invalid at construction', (options) => {
  expect(outcomeOf(() => createRemoteJwkSet('https://issuer.example', options as object))).toBe(
    'option_invalid',
  )
})

test('a time-out of a fraction of a millisecond is still a time-out, not a fault of every fetch', async () => {
  const url = await serve((_request, response) => response.end(keys))
  expect(await outcomeLater(() => load(url, { timeoutMs: 2000.5 }))).toBe('accepted')
})
