import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { fromNodeRequest } from '../../src/stand-alone/node-request.ts'

interface Parts {
  readonly url?: string
  readonly host?: string
  readonly rawHeaders?: readonly string[]
  readonly body?: Readable
}

function message({ url = '/', host, rawHeaders = [], body = Readable.from([]) }: Parts): IncomingMessage {
  const headers = host === undefined ? {} : { host }
  return Object.assign(body, { method: 'GET', url, headers, rawHeaders }) as unknown as IncomingMessage
}

describe('the target and the host of a request (RFC 9112 §3.2)', () => {
  test.each([
    ['/me?a=b', 'http://localhost/me?a=b'],
    ['/a/../b', 'http://localhost/b'],
    ['/%2e%2e/b', 'http://localhost/b'],
    ['/한', 'http://localhost/%ED%95%9C'],
    ['http://elsewhere.test/me', 'http://elsewhere.test/me'],
    ['/search?q=\\', 'http://localhost/search?q=\\'],
  ])('%s is read as %s', (url, read) => {
    expect(fromNodeRequest(message({ url }))?.url).toBe(read)
  })

  test.each(['/', '/me', '/me?a=/b#c', '/me#a?b', '/a/../b?c', '/한?d', 'http://elsewhere.test?q=/e'])(
    'the path of %s is that of its URL',
    (url) => {
      const request = fromNodeRequest(message({ url }))
      expect(request?.path).toBe(new URL(request?.url ?? '').pathname)
    },
  )

  test.each(['*', 'me', '/\\me', 'ftp://elsewhere.test/', 'http://', 'javascript:1'])('%s is none', (url) => {
    expect(fromNodeRequest(message({ url }))).toBeUndefined()
  })

  test.each(['127.0.0.1:4480', 'Auth.example.test', '[::1]:80', 'localhost'])('%s is a host', (host) => {
    expect(fromNodeRequest(message({ host }))).toBeDefined()
  })

  test.each(['bad host', 'a/b', 'a:b:c', ''])('%j is none', (host) => {
    expect(fromNodeRequest(message({ host }))).toBeUndefined()
  })
})

test('headers are found in any case; several of a name are joined, so that none is dropped', () => {
  const rawHeaders = [
    'Authorization',
    'Bearer a',
    'AUTHORIZATION',
    'Bearer b',
    'Cookie',
    'a=1',
    'cookie',
    'b=2',
  ]
  const headers = fromNodeRequest(message({ rawHeaders }))?.headers
  expect(headers?.get('authorization')).toBe('Bearer a, Bearer b')
  expect(headers?.get('Cookie')).toBe('a=1; b=2')
  expect([headers?.get('origin'), headers?.has('origin'), headers?.has('cookie')]).toEqual([
    null,
    false,
    true,
  ])
})

describe('the body', () => {
  const read = (body: Readable, limit: number) => fromNodeRequest(message({ body }))?.readBody(limit)

  test('is read whole up to the limit, and refused beyond it', async () => {
    const parts = () => Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false })
    expect(Buffer.from((await read(parts(), 4)) as Uint8Array).toString()).toBe('abcd')
    expect(await read(parts(), 3)).toBe('too_large')
    expect(await read(Readable.from([]), 3)).toEqual(Buffer.alloc(0))
  })

  test('one that breaks off is a fault, before it is asked for and while it is read', async () => {
    const gone = new Readable({ read: () => undefined })
    gone.destroy()
    await expect(read(gone, 4)).rejects.toThrow('end of the connection')
    const breaking = new Readable({ read: () => undefined })
    const reading = read(breaking, 4)
    breaking.push('a')
    breaking.destroy()
    await expect(reading).rejects.toThrow('expected the whole body')
  })
})
