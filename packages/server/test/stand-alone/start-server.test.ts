import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { RunningServer, StartServerOptions } from '../../src/stand-alone/start-server.ts'
import { startServer } from '../../src/stand-alone/start-server.ts'
import { password, serverSecret } from '../create-test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const consoleDirectory = join(folder, 'console')
mkdirSync(join(consoleDirectory, 'assets'), { recursive: true })
writeFileSync(join(consoleDirectory, 'index.html'), '<!doctype html><title>Tessera</title>')
writeFileSync(join(consoleDirectory, 'assets', 'main-B7xGz0aQ.js'), 'export {}')
writeFileSync(join(folder, 'beside.txt'), 'not of the console')

async function start(options: StartServerOptions = {}): Promise<RunningServer> {
  const config = { secrets: [serverSecret], database: 'sqlite::memory:' }
  const server = await startServer(config, { port: 0, ...options })
  onTestFinished(() => server.close())
  return server
}

/** Sends octets as they are, and reads until the server closes. */
function sendRaw(server: RunningServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8')
    socket.on('data', (part) => (answer += String(part)))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const raw = (line: string, ...headers: string[]): string =>
  [line, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n')

describe('listening', () => {
  test('the issuer follows the port when none is set', async () => {
    const server = await start()
    expect(server.issuer).toBe(server.url)
    const metadata = await fetch(`${server.url}/.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({ issuer: server.url })
  })

  test('a port in use, a foreign address and an unknown host stop the start in one line', async () => {
    const { url } = await start()
    const refused = { code: 'address_unusable', message: expect.not.stringContaining('\n') }
    await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject(refused)
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject(refused)
    await expect(start({ host: 'host.invalid' })).rejects.toMatchObject(refused)
  })

  test('a start that fails lets the port go', async () => {
    const first = await start()
    await first.close()
    const port = Number(new URL(first.url).port)
    const failing = startServer({ secrets: [serverSecret], database: `sqlite:${folder}` }, { port })
    await expect(failing).rejects.toMatchObject({ code: 'database_unusable' })
    await start({ port })
  })

  test('close answers what it accepted, ends although a client keeps its connection open, and accepts no more', async () => {
    const server = await start()
    const { port } = new URL(server.url)
    const idle = connect(Number(port), '127.0.0.1')
    await new Promise((resolve) => idle.once('connect', resolve))
    const body = JSON.stringify({ username: 'ada', password })
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    }
    let closing: Promise<void> | undefined
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest({ port, method: 'POST', path: '/signup', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sending.on('error', reject)
      // The server has the head of the request and waits for the rest: told to stop now, it goes on to its end.
      sending.on('continue', () => {
        closing = server.close()
        sending.end(body)
      })
      sending.flushHeaders()
    })
    expect(status).toBe(201)
    await closing
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
    idle.destroy()
  })
})

describe('requests that HTTP itself refuses', () => {
  test.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['an unknown method', raw('FOO /me HTTP/1.1'), 400],
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: bad host\r\nConnection: close\r\n\r\n', 400],
    ['a backslash in the path', raw('GET /\\me HTTP/1.1'), 400],
    ['headers of 40 KiB', raw('GET /me HTTP/1.1', `X-Long: ${'x'.repeat(40_000)}`), 431],
    ['two lengths', raw('POST /login HTTP/1.1', 'Content-Length: 5', 'Content-Length: 6'), 400],
    ['a path that climbs', raw('GET /../../etc/passwd HTTP/1.1'), 404],
    ['a path with a broken escape', raw('GET /%zz HTTP/1.1'), 404],
  ])('%s: problem details with a code', async (_kind, text, status) => {
    const server = await start({ consoleDirectory })
    const answer = await sendRaw(server, text)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      status,
      code: expect.any(String),
    })
  })

  test('two Authorization headers are a malformed request, not the first of them', async () => {
    const server = await start()
    const answer = await sendRaw(
      server,
      raw('GET /me HTTP/1.1', 'Authorization: Bearer a', 'Authorization: Bearer b'),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('request_invalid')
  })

  test('a body of 10 MB is refused at once: 413', async () => {
    const server = await start()
    const answer = await sendRaw(
      server,
      raw('POST /login HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 10000000'),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"code":"too_large"')
  })

  test('a chunked body is cut at 64 KiB: 413', async () => {
    const server = await start()
    const { port } = new URL(server.url)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
      const sending = httpRequest({ port, method: 'POST', path: '/login', headers }, (response) => {
        resolve(response.statusCode)
        sending.destroy()
      })
      sending.on('error', reject)
      for (let chunk = 0; chunk < 8; chunk += 1) sending.write(' '.repeat(16_384))
    })
    expect(status).toBe(413)
  })
})

describe('the console', () => {
  test('is served at / with its types, a policy without inline script, and a tag', async () => {
    const server = await start({ consoleDirectory })
    const page = await fetch(`${server.url}/`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await page.text()).toContain('<title>Tessera</title>')
    const script = await fetch(`${server.url}/assets/main-B7xGz0aQ.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toContain('immutable')
  })

  test('is not sent again to who has it', async () => {
    const server = await start({ consoleDirectory })
    const tag = (await fetch(`${server.url}/`)).headers.get('etag') ?? ''
    const again = await fetch(`${server.url}/`, { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  test('takes GET and HEAD only, and holds nothing else', async () => {
    const server = await start({ consoleDirectory })
    const head = await fetch(`${server.url}/`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await fetch(`${server.url}/index.html`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    for (const path of ['/..%2fbeside.txt', '/../beside.txt', '/assets', '/assets/', '/%2e%2e/beside.txt']) {
      expect((await fetch(`${server.url}${path}`)).status).toBe(404)
    }
  })

  test('RFC 8414 §3: below an issuer with a path its pages are in that folder', async () => {
    const config = { secrets: [serverSecret], database: 'sqlite::memory:' }
    const issuer = 'https://id.example/tenant'
    const server = await startServer({ ...config, issuer }, { port: 0, consoleDirectory })
    onTestFinished(() => server.close())
    const get = (path: string) => fetch(`${server.url}${path}`, { redirect: 'manual' })
    const bare = await get('/tenant')
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/tenant/'])
    for (const path of ['/tenant/', '/', '/tenant/assets/main-B7xGz0aQ.js', '/tenant/healthz']) {
      expect([path, (await get(path)).status]).toEqual([path, 200])
    }
    expect((await get('/tenants')).status).toBe(404)
  })

  test('leaves every endpoint to the server', async () => {
    writeFileSync(join(consoleDirectory, 'healthz'), 'not this')
    const server = await start({ consoleDirectory })
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
  })

  test('is absent without its folder: 404', async () => {
    const server = await start({ consoleDirectory: join(folder, 'absent') })
    expect((await fetch(`${server.url}/`)).status).toBe(404)
  })
})
