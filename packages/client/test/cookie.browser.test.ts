/** Cookie mode in a real browser, against the real server: what only it can show of cookies, locks and tabs (P16). */
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../../tools/chromium.js'
import { createHasher } from '../../server/src/accounts/hasher.ts'
import { openSqliteStore } from '../../server/src/store/open-sqlite.ts'
import { createTokenServerWith, type TokenServer } from '../../server/src/token-server.ts'
import type { Client } from '../src/index.ts'

const built = fileURLToPath(new URL('../dist', import.meta.url))
const tabPage = `<!doctype html><title>tab</title><script type="module">
  import { createClient } from '/client/index.js'
  globalThis.client = createClient({ issuer: location.origin, transport: 'cookie' })
</script>`

/** Inside a tab. */
declare const client: Client

let browser: Browser
let context: BrowserContext
let http: Server
let server: TokenServer
let origin = ''
/** Answers of `/token` wait for it. */
let hold: Promise<void> = Promise.resolve()
let refreshes = 0

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

beforeEach(async () => {
  let listen: RequestListener = (_request, response) => void response.destroy()
  http = createServer((request, response) => listen(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  origin = `http://localhost:${(http.address() as AddressInfo).port}`
  server = createTokenServerWith(
    { issuer: origin, secrets: ['a server secret of a test, 32 bytes and more'], throttle: 'off' },
    {
      hasher: createHasher({ parameters: { memoryKib: 32, passes: 1, lanes: 1 } }),
      openStore: () => openSqliteStore({ path: ':memory:' }),
    },
  )
  await server.ready
  const listener = getRequestListener(answer)
  listen = (request, response) => void listener(request, response)
  hold = Promise.resolve()
  refreshes = 0
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  http.closeAllConnections()
  http.close()
  await server.close()
})

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/') return new Response(tabPage, { headers: { 'content-type': 'text/html' } })
  if (pathname.startsWith('/client/')) {
    const text = await readFile(`${built}/${pathname.slice('/client/'.length)}`, 'utf8')
    return new Response(text, { headers: { 'content-type': 'text/javascript' } })
  }
  if (pathname === '/token') refreshes += 1
  const response = await server.handle(request)
  if (pathname === '/token') await hold
  return response
}

async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForFunction(() => 'client' in globalThis)
  return page
}

const signUp = (page: Page): Promise<unknown> =>
  page.evaluate(() => client.signup({ username: 'ada', password: 'correct horse battery staple' }))

const callMe = (page: Page): Promise<number> =>
  page.evaluate(() => client.fetch('/me').then(({ status }) => status))

const refreshIn = (page: Page): Promise<string> =>
  page.evaluate(() =>
    client.refresh().then(
      () => 'renewed',
      (error: { code: string }) => error.code,
    ),
  )

test('the browser keeps the refresh token where no script finds it', async () => {
  const page = await openTab()
  await signUp(page)
  expect(await callMe(page)).toBe(200)
  const [cookie, ...others] = await context.cookies()
  expect(others).toEqual([])
  expect(cookie).toMatchObject({
    name: '__Host-tessera',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/',
    value: expect.stringMatching(/^rt_/),
  })
  const found = await page.evaluate(() => document.cookie + JSON.stringify(Object.entries(localStorage)))
  expect(found).not.toMatch(/rt_|eyJ/)
  expect(found).toContain('session')
})

test('a tab that is opened later is signed in, and one reload changes nothing', async () => {
  const first = await openTab()
  await signUp(first)
  const later = await openTab()
  expect(await callMe(later)).toBe(200)
  await first.reload()
  await first.waitForFunction(() => 'client' in globalThis)
  expect(await callMe(first)).toBe(200)
  expect(refreshes).toBe(2)
})

test('five tabs that refresh at once take turns, and none is signed out', async () => {
  const first = await openTab()
  await signUp(first)
  const tabs = [first]
  while (tabs.length < 5) tabs.push(await openTab())
  for (let rounds = 1; rounds <= 3; rounds += 1) {
    expect(await Promise.all(tabs.map(refreshIn))).toEqual(tabs.map(() => 'renewed'))
    expect(refreshes).toBe(5 * rounds)
  }
  expect(await Promise.all(tabs.map(callMe))).toEqual([200, 200, 200, 200, 200])
})

test("log-out clears last: neither its own late answer nor another tab's brings the cookie back", async () => {
  const [first, second] = [await openTab(), await openTab()]
  await signUp(first)
  for (const refreshing of [first, second]) {
    if (refreshing === second)
      await first.evaluate(() => client.login({ username: 'ada', password: 'correct horse battery staple' }))
    // On a busy machine the other tab hears of a log-in later.
    await refreshing.waitForFunction(() => client.session.status === 'signed-in')
    let release: () => void = () => undefined
    hold = new Promise((resolve) => (release = resolve))
    const before = refreshes
    const refreshed = refreshIn(refreshing)
    await expect.poll(() => refreshes, { timeout: 30_000 }).toBe(before + 1)
    const left = first.evaluate(() => client.logout())
    await first.waitForFunction(() => client.session.status === 'signed-out')
    release()
    expect(await left).toEqual({ revoked: true })
    expect(await refreshed).not.toBe('renewed')
    await second.waitForFunction(() => client.session.status === 'signed-out')
    expect(await context.cookies()).toEqual([])
    expect(await refreshIn(first)).toBe('token_missing')
  }
})
