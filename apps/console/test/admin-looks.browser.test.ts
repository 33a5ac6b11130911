/** How the administration looks, in both languages, light and dark, wide and on a phone: axe, and pictures to look at. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactPath, launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/admin/language/en.ts'
import { ko } from '../src/admin/language/ko.ts'
import { goTo, logIn, openAdministration, press, serveAdministration, signIn } from './admin-page.ts'
import { openPage, overflowOf, seriousFindings } from './open-page.ts'
import type { ServedPlayground } from './serve-playground.ts'

let browser: Browser
let served: ServedPlayground

beforeAll(async () => {
  browser = await launchChromium()
  served = await serveAdministration()
  for (const username of ['ada', 'root']) await logIn(served.url, username)
  served.command(['users', 'add', 'mallory', '--password', '-'], 'seven grey herons at low tide')
  served.command(['users', 'disable', 'mallory'])
  served.command(['clients', 'add', 'nightly-report', '--scope', 'orders:read orders:write'])
})

afterAll(async () => {
  await browser.close()
  await served.stop()
})

test.each([
  ['English, light', 'en-US', 'light', en, 900, 'en'],
  ['Korean, dark', 'ko-KR', 'dark', ko, 900, 'ko-dark'],
  ['English, dark, on a phone', 'en-US', 'dark', en, 390, 'en-phone-dark'],
  ['Korean, light, on a phone', 'ko-KR', 'light', ko, 390, 'ko-phone'],
] as const)('axe finds nothing serious: %s', async (...[, locale, colorScheme, messages, width, name]) => {
  const { url } = served
  const look = async (page: Page, what: string): Promise<void> => {
    expect([what, ...(await seriousFindings(page))]).toEqual([what])
    expect([what, (await overflowOf(page)) > 0]).toEqual([what, false])
    await page.screenshot({ path: artifactPath(`admin-${what}-${name}.png`), fullPage: true })
  }
  const opening = { url, locale, colorScheme, width, messages } as const
  const door = await openPage(browser, { ...opening, url: `${url}/admin` })
  await signIn(door, messages, 'ada')
  await door.getByText('insufficient_scope').waitFor()
  await look(door, 'door')

  const page = await openAdministration(browser, opening)
  const row = page.locator('.rows > li')
  await row.first().waitFor()
  await look(page, 'users')
  await page.getByRole('link', { name: messages.users.add }).click()
  await press(page, messages.newUser.invent)
  await look(page, 'new-user')
  await goTo(page, 'users', messages)
  await page.getByRole('link', { name: 'ada' }).click()
  await row.first().waitFor()
  await look(page, 'user')
  await press(page, messages.user.remove.verb)
  await look(page, 'dialog')
  await page.keyboard.press('Escape')
  for (const section of ['sessions', 'clients', 'keys', 'audit'] as const) {
    await goTo(page, section, messages)
    await row.first().waitFor()
    await look(page, section)
  }
  await goTo(page, 'clients', messages)
  await page.getByRole('link', { name: messages.clients.add }).click()
  await page.getByRole('radio').nth(1).check()
  await look(page, 'new-client')
  await page.getByRole('radio').first().check()
  await page.getByLabel(messages.newClient.id).fill(`client-${name}`)
  await press(page, messages.newClient.add)
  await page.locator('.token').waitFor()
  await look(page, 'client-secret')
})
