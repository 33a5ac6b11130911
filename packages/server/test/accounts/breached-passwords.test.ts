import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBreachedPasswords } from '../../src/accounts/breached-passwords.ts'
import { createTestServer, issuer, password } from '../create-test-server.ts'

const digestOf = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A mirror of the list on this machine, which notes what it is asked. */
async function mirror(
  answer: Answer,
): Promise<{ readonly address: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`, asked }
}

/** Ranges as the service answers them: some other digests, the one that is meant, and lines that only pad. */
function listing(stolen: string, count = 3): Answer {
  return (request, response) => {
    const prefix = request.url?.slice(-5) ?? ''
    const digest = digestOf(stolen)
    const lines = Array.from(
      { length: 800 },
      (_, at) => `${digestOf(`other ${at}`).slice(5)}:${(at % 9) + 1}`,
    )
    if (digest.startsWith(prefix)) lines.push(`${digest.slice(5)}:${count}`)
    response.end(lines.join('\r\n'))
  }
}

function create(address: string | undefined, options: { timeoutMs?: number; concurrency?: number } = {}) {
  const warnings: string[] = []
  const warn = (fields: object, message: string): void =>
    void warnings.push(`${message} ${JSON.stringify(fields)}`)
  const log = { info: () => undefined, warn, error: () => undefined }
  const breached = createBreachedPasswords({ address, log, timeoutMs: 20_000, ...options })
  return { breached, warnings, counts: () => Object.fromEntries(breached.counts()) }
}

test('asks by the first five digits of the digest, with padding, and learns the rest of none', async () => {
  const { address, asked } = await mirror(listing(password))
  const { breached, counts } = create(address)
  expect(await breached.has(password)).toBe(true)
  expect(await breached.has('a password that nobody stole')).toBe(false)
  expect(counts()).toEqual({ clean: 1, breached: 1, failed: 0 })
  const [first] = asked
  expect(first?.url).toBe(`/range/${digestOf(password).slice(0, 5)}`)
  expect(first?.headers['add-padding']).toBe('true')
  const sent = JSON.stringify([first?.url, first?.rawHeaders])
  expect(sent).not.toContain(digestOf(password).slice(5, 12))
  expect(sent).not.toContain(password)
})

test('a line that only pads, with a count of 0, is no password that was stolen', async () => {
  const { address } = await mirror(listing(password, 0))
  expect(await create(address).breached.has(password)).toBe(false)
})

test('nobody is asked where no address is configured', async () => {
  const { breached, counts } = create(undefined)
  expect(await breached.has(password)).toBe(false)
  expect(counts()).toEqual({})
})

describe('fails open, with a line in the log and a figure', () => {
  const never: Answer = () => undefined
  const endless: Answer = (_request, response) => {
    const write = (): void => {
      while (response.write(`${'A'.repeat(35)}:1\r\n`.repeat(1000)));
      response.once('drain', write)
    }
    write()
  }
  test.each<[string, Answer]>([
    ['no answer', never],
    ['an answer that does not end', endless],
    ['an answer that stops in the middle', (_request, response) => void response.write('0'.repeat(35))],
    ['a connection that breaks', (request) => void request.socket.destroy()],
    ['an error', (_request, response) => void response.writeHead(503).end()],
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ["a proxy's page", (_request, response) => void response.end('<html>Please sign in</html>')],
  ])('%s', async (_kind, answer) => {
    const { address, asked } = await mirror(answer)
    const { breached, warnings, counts } = create(address, { timeoutMs: 300 })
    expect(await breached.has(password)).toBe(false)
    expect(counts()).toEqual({ clean: 0, breached: 0, failed: 1 })
    expect(asked).toHaveLength(1)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('could not be looked up among stolen ones: it passes')
    for (const secret of [password, digestOf(password).slice(0, 5), address]) {
      expect(warnings[0]).not.toContain(secret)
    }
  })

  test('nobody there', async () => {
    const { breached, warnings } = create('http://127.0.0.1:9/range/')
    expect(await breached.has(password)).toBe(false)
    expect(warnings).toHaveLength(1)
  })

  test('more at once than may be asked for', async () => {
    const { address, asked } = await mirror((request, response) => {
      setTimeout(() => listing(password)(request, response), 50)
    })
    const { breached, counts } = create(address, { concurrency: 2 })
    const found = await Promise.all(Array.from({ length: 5 }, () => breached.has(password)))
    expect(found.filter(Boolean)).toHaveLength(2)
    expect(asked).toHaveLength(2)
    expect(counts()).toEqual({ clean: 0, breached: 2, failed: 3 })
    expect(await breached.has(password)).toBe(true)
  })
})

describe('a server that looks new passwords up', () => {
  const stolen = 'a phrase that was stolen elsewhere'
  const setUp = async () => {
    const { address, asked } = await mirror(listing(stolen))
    const server = await createTestServer({ config: { breachCheck: address as `http${string}` } })
    return { server, asked }
  }

  test('refuses a stolen one at sign-up and at a change, and takes another', async () => {
    const { server } = await setUp()
    const refused = await server.send('POST', '/signup', { json: { username: 'ada', password: stolen } })
    expect([refused.status, refused.body['code']]).toEqual([422, 'password_rejected'])
    expect(refused.body['detail']).toContain('stolen')
    const { access_token: bearer } = await server.signup('ada')
    const change = (next: string) =>
      server.send('POST', '/password', { bearer, json: { current_password: password, new_password: next } })
    expect((await change(stolen)).body['code']).toBe('password_rejected')
    expect((await change('another one that nobody stole')).status).toBe(204)
  })

  test('asks about no password at log-in, and about none that its own rules refuse', async () => {
    const { server, asked } = await setUp()
    await server.signup('ada')
    expect(asked).toHaveLength(1)
    await server.login('ada')
    await server.send('POST', '/login', { json: { username: 'ada', password: stolen } })
    await server.send('POST', '/signup', { json: { username: 'bo', password: 'short' } })
    expect(asked).toHaveLength(1)
  })

  test('tells by a metric what came of it', async () => {
    const { server } = await setUp()
    await server.signup('ada')
    await server.send('POST', '/signup', { json: { username: 'bo', password: stolen } })
    const request = new Request(`${issuer}/metrics`)
    const text = await (await server.handle(request, { remoteAddress: '127.0.0.1' })).text()
    expect(text).toContain('tessera_breach_checks_total{result="clean"} 1')
    expect(text).toContain('tessera_breach_checks_total{result="breached"} 1')
    expect(text).toContain('tessera_breach_checks_total{result="failed"} 0')
  })

  test('signs people up while the service is away', async () => {
    const server = await createTestServer({ config: { breachCheck: 'http://127.0.0.1:9/range' } })
    expect((await server.signup('ada')).token_type).toBe('Bearer')
    expect(server.lines.some(({ message }) => String(message).includes('it passes'))).toBe(true)
  })
})
