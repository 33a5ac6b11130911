/** An issuer with a path (RFC 8414 §3): every page works below it, by its own address and through a proxy that takes it off. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../../tools/chromium.js'
import { en as account } from '../src/account/language/en.ts'
import { en as admin } from '../src/admin/language/en.ts'
import { en as debug } from '../src/debugger/language/en.ts'
import { en } from '../src/language/en.ts'
import { goTo, password, press, signIn } from './admin-page.ts'
import { openPage } from './open-page.ts'
import { servePlayground, type ServedPlayground } from './serve-playground.ts'

let browser: Browser
let served: ServedPlayground

beforeAll(async () => {
  browser = await launchChromium()
  served = await servePlayground(600, '/tenant')
  served.command(['users', 'add', 'root', '--scope', 'admin', '--password', '-'], password)
})

afterAll(async () => {
  await browser.close()
  await served.stop()
})

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

test.each([
  ['the path of the issuer', '/tenant'],
  ['the path, as a folder', '/tenant/'],
  ['no path, as behind a proxy that took it off', '/'],
])('the story is told by way of %s', async (_, path) => {
  const page = await openPage(browser, { url: served.url + path })
  await press(page, en.logIn.invent)
  await press(page, en.logIn.signUp)
  await page
    .getByText('https://')
    .or(page.getByText(`${served.url}/tenant`))
    .first()
    .waitFor()
  await press(page, en.attach.with)
  await expect.poll(() => page.locator('#attach .verdict').innerText()).toContain('200')
})

test('every page leads to the others and back', async () => {
  const page = await openPage(browser, { url: `${served.url}/tenant/` })
  await page.getByRole('link', { name: en.page.account }).click()
  await heading(page, account.signIn.title)
  expect(page.url()).toBe(`${served.url}/tenant/account`)
  await page.getByRole('link', { name: account.story }).click()
  await page.getByRole('link', { name: en.page.debugger }).click()
  await heading(page, debug.name)
  await page.getByRole('link', { name: 'Tessera', exact: true }).click()
  await page.getByRole('link', { name: en.page.administration }).click()
  await heading(page, admin.signIn.title)
  const [keys] = await Promise.all([
    page.request.get(`${served.url}/tenant/.well-known/jwks.json`),
    page.goto(`${served.url}/tenant/`),
  ])
  expect(keys.status()).toBe(200)
  for (const name of [en.page.jwks, en.page.metadata]) {
    const href = (await page.getByRole('link', { name }).getAttribute('href')) ?? ''
    expect((await page.request.get(new URL(href, page.url()).href)).status()).toBe(200)
  }
})

test('the administration gets its tokens for <issuer>/admin, and one’s own sessions are listed', async () => {
  const page = await openPage(browser, { url: `${served.url}/tenant/admin` })
  await signIn(page, admin)
  await goTo(page, 'sessions')
  await page.getByText(admin.sessions.current).waitFor()
  await page.goto(`${served.url}/tenant/account`)
  await page.getByLabel(account.signIn.username).fill('root')
  await page.getByLabel(account.signIn.password).fill(password)
  await press(page, account.signIn.signIn)
  await expect.poll(() => page.getByText(account.current).count()).toBe(1)
})
