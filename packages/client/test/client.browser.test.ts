/** What only a real browser can show: Web Locks between tabs, its own way with redirects, storage events. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../../tools/chromium.js'
import type { Client } from '../src/index.ts'
import { createFakeIssuer, type FakeIssuer } from './fake-issuer.ts'

const built = fileURLToPath(new URL('../dist', import.meta.url))

/** What each tab loads: the built client, on the storage that all tabs share. */
const tabPage = `<!doctype html><title>tab</title><script type="module">
  import { createClient, webStorage } from '/client/index.js'
  globalThis.client = createClient({ issuer: location.origin, storage: webStorage(localStorage) })
</script>`

/** Inside a tab. */
declare const client: Client

let browser: Browser
let context: BrowserContext
let servers: Server[] = []
let issuer: FakeIssuer
let origin = ''
let foreign = ''
/** The `Authorization` headers that the other origin was sent, in preflights or requests. */
let foreignSaw: string[] = []

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request) body += String(part)
  return body
}

/** The page's own origin: an empty page, the built client, the fake issuer, and two redirects. */
const home: RequestListener = (request, response) => {
  const path = request.url ?? '/'
  const redirects: Record<string, string> = { '/go-home': '/me', '/go-away': `${foreign}/there` }
  const answer = async (): Promise<void> => {
    if (path === '/') {
      response.setHeader('content-type', 'text/html')
      response.end(tabPage)
    } else if (path.startsWith('/client/')) {
      response.setHeader('content-type', 'text/javascript')
      response.end(await readFile(`${built}/${path.slice('/client/'.length)}`))
    } else if (redirects[path] !== undefined) {
      response.writeHead(302, { location: redirects[path] }).end()
    } else {
      const body = await readBody(request)
      const reply = await issuer.fetch(origin + path, {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        ...(body !== '' && { body }),
      })
      response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text())
    }
  }
  answer().catch(() => response.destroy())
}

const away: RequestListener = (request, response) => {
  foreignSaw.push(request.headers.authorization ?? `none, ${request.method}`)
  response.writeHead(200, {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization, *',
  })
  response.end('there')
}

beforeAll(async () => {
  browser = await launchChromium()
})

beforeEach(async () => {
  issuer = createFakeIssuer()
  foreignSaw = []
  origin = await listen(home)
  foreign = await listen(away)
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers = []
})

afterAll(() => browser.close())

async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForFunction(() => 'client' in globalThis)
  return page
}

const logIn = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    client.login({
      username: 'ada',
      password: 'right horse battery',
    }),
  )

/** The statuses of so many calls at once. */
const callAtOnce = (page: Page, path: string, calls: number): Promise<number[]> =>
  page.evaluate(
    ([address, count]) =>
      Promise.all(Array.from({ length: count }, () => client.fetch(address).then(({ status }) => status))),
    [path, calls] as const,
  )

const statusOf = (page: Page): Promise<string> => page.evaluate(() => client.session.status)

test('three tabs with a refused token make one refresh between them, with one retry key', async () => {
  const first = await openTab()
  await logIn(first)
  const tabs = [first, await openTab(), await openTab()]
  for (let rounds = 1; rounds <= 5; rounds++) {
    issuer.expireAccessTokens()
    const statuses = await Promise.all(tabs.map((tab) => callAtOnce(tab, '/me', 20)))
    expect(new Set(statuses.flat())).toEqual(new Set([200]))
    expect(issuer.rotations()).toBe(rounds)
    expect(issuer.to('/token')).toHaveLength(rounds)
  }
})

test('a log-in and a log-out in one tab are known in the others at once', async () => {
  const [first, second] = [await openTab(), await openTab()]
  const becomes = (status: string): Promise<unknown> =>
    second.waitForFunction((wanted) => client.session.status === wanted, status)
  await logIn(first)
  await becomes('signed-in')
  await first.evaluate(() => client.logout())
  await becomes('signed-out')
  expect(await statusOf(second)).toBe('signed-out')
})

test('a session in localStorage outlives the page', async () => {
  const page = await openTab()
  await logIn(page)
  await page.close()
  const later = await openTab()
  expect(await statusOf(later)).toBe('signed-in')
  expect(await callAtOnce(later, '/me', 1)).toEqual([200])
  expect(issuer.rotations()).toBe(0)
})

test('a redirect within the origin keeps the token, one to another origin loses it', async () => {
  const page = await openTab()
  await logIn(page)
  expect(await callAtOnce(page, '/go-home', 1)).toEqual([200])
  expect(issuer.to('/me').at(-1)?.authorization).toBe('Bearer at.1')
  expect(await callAtOnce(page, '/go-away', 1)).toEqual([200])
  expect(foreignSaw.length).toBeGreaterThan(0)
  for (const seen of foreignSaw) expect(seen).toMatch(/^none/)
})

test('a tab that closes in mid-refresh leaves the lock and the retry key to the next', async () => {
  const dying = await openTab()
  await logIn(dying)
  const other = await openTab()
  issuer.expireAccessTokens()
  const release = issuer.hold('/token')
  void callAtOnce(dying, '/me', 1).catch(() => {})
  await expect.poll(() => issuer.to('/token').length).toBe(1)
  const waiting = callAtOnce(other, '/me', 1)
  await dying.close()
  await expect.poll(() => issuer.to('/token').length).toBe(2)
  release()
  expect(await waiting).toEqual([200])
  const [first, second] = issuer.to('/token')
  expect(second?.idempotencyKey).toBe(first?.idempotencyKey)
  expect(issuer.rotations()).toBe(1)
})
