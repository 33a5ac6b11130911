/** A person's own page in a real browser, on the real server: what is listed, what ends, and what one sees of it. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { artifactPath, launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/account/language/en.ts'
import { ko } from '../src/account/language/ko.ts'
import { en as shared } from '../src/language/en.ts'
import { isAdmitted, notice, password, press } from './admin-page.ts'
import { openPage, overflowOf, seriousFindings } from './open-page.ts'
import { servePlayground, type ServedPlayground } from './serve-playground.ts'

let browser: Browser
let served: ServedPlayground

beforeAll(async () => {
  browser = await launchChromium()
  served = await servePlayground(600)
})

afterAll(async () => {
  await browser.close()
  await served.stop()
})

interface Tokens {
  readonly access_token: string
}

const devices = {
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604',
  laptop: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0',
}

/** Somebody signs in on a device that is not this page. */
async function logIn(username: string, device: keyof typeof devices, path = '/login'): Promise<Tokens> {
  const response = await fetch(served.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': devices[device] },
    body: JSON.stringify({ username, password }),
  })
  return (await response.json()) as Tokens
}

const signUp = (username: string): Promise<Tokens> => logIn(username, 'phone', '/signup')
const rows = (page: Page) => page.locator('.rows > li')
const dialog = (page: Page) => page.getByRole('dialog')
const confirm = (page: Page, verb: string) =>
  dialog(page).getByRole('button', { name: verb, exact: true }).click()
const end = (page: Page, text: string) => rows(page).filter({ hasText: text }).getByRole('button').click()

async function enter(page: Page, username: string, words = en): Promise<void> {
  await page.getByLabel(words.signIn.username).fill(username)
  await page.getByLabel(words.signIn.password).fill(password)
  await press(page, words.signIn.signIn)
}

async function openAccount(username: string): Promise<Page> {
  const page = await openPage(browser, { url: `${served.url}/account` })
  await enter(page, username)
  await page.getByRole('heading', { level: 1, name: en.heading }).waitFor()
  return page
}

describe('the list', () => {
  test('has every session with device, times and network, and marks that of this page', async () => {
    await signUp('ada')
    await logIn('ada', 'laptop')
    const page = await openAccount('ada')
    await expect.poll(() => rows(page).count()).toBe(3)
    const [own = '', ...others] = await rows(page).allInnerTexts()
    expect(own).toContain(en.current)
    expect(own).toContain(en.endThis.verb)
    expect(others.join()).not.toContain(en.current)
    expect(others.join()).toContain('Firefox')
    for (const text of [own, ...others]) {
      expect(text).toContain(en.from('127.0.0.0/24'))
      expect(text).toMatch(/last used .+\n?.*begun /)
    }
  })

  test('is nobody else’s', async () => {
    await signUp('bob')
    await signUp('bobby')
    const page = await openAccount('bob')
    await expect.poll(() => rows(page).count()).toBe(2)
  })
})

describe('a person ends', () => {
  test('one session, after saying so: its token is refused at once, the others go on', async () => {
    const phone = await signUp('carol')
    const laptop = await logIn('carol', 'laptop')
    const page = await openAccount('carol')
    await end(page, 'Firefox')
    await confirm(page, shared.controls.cancel)
    expect(await isAdmitted(served.url, laptop.access_token)).toBe(true)
    await end(page, 'Firefox')
    await confirm(page, en.end.verb)
    await expect.poll(() => rows(page).count()).toBe(2)
    await expect.poll(() => page.locator('.notice').innerText()).toMatch(/Firefox.* is signed out/)
    expect(await isAdmitted(served.url, laptop.access_token)).toBe(false)
    expect(await isAdmitted(served.url, phone.access_token)).toBe(true)
  })

  test('every other session; then there is one, and nothing left to end but it', async () => {
    const phone = await signUp('dave')
    await logIn('dave', 'laptop')
    const page = await openAccount('dave')
    await press(page, en.endOthers.verb)
    await confirm(page, en.endOthers.verb)
    await expect.poll(() => rows(page).count()).toBe(1)
    await notice(page, en.endOthers.done(''))
    expect(await isAdmitted(served.url, phone.access_token)).toBe(false)
    expect(await page.getByRole('button', { name: en.endAll.verb, exact: true }).count()).toBe(0)
  })

  test('every session, that of this page too, and is told so at the way in', async () => {
    const phone = await signUp('erin')
    const page = await openAccount('erin')
    await press(page, en.endAll.verb)
    await confirm(page, en.endAll.verb)
    await page.getByText(en.signIn.signedOutEverywhere).waitFor()
    await page.getByRole('button', { name: en.signIn.signIn, exact: true }).waitFor()
    expect(await isAdmitted(served.url, phone.access_token)).toBe(false)
    expect(served.command(['sessions', 'list', 'erin'])).toContain('Signed in nowhere')
  })

  test('that of this page alone', async () => {
    const phone = await signUp('frank')
    const page = await openAccount('frank')
    await end(page, en.current)
    await confirm(page, en.endThis.verb)
    await notice(page, en.signIn.signedOut)
    expect(await isAdmitted(served.url, phone.access_token)).toBe(true)
    expect(served.command(['sessions', 'list', 'frank']).trim().split('\n')).toHaveLength(1)
  })
})

describe('a new password', () => {
  const fill = async (page: Page, current: string, next: string): Promise<void> => {
    await page.getByLabel(en.password.current).fill(current)
    await page.getByLabel(en.password.next).fill(next)
    await press(page, en.password.change)
  }

  test('ends every other session, and is refused in words when it is none or the current one is wrong', async () => {
    const phone = await signUp('karl')
    const page = await openAccount('karl')
    await page.locator('summary').click()
    await press(page, en.password.change)
    await page.getByText(en.password.fill).waitFor()
    await fill(page, 'not the password of karl', 'eleven red kites over the hill')
    await page.getByText(en.password.wrong.what).waitFor()
    await fill(page, password, 'short')
    await page.getByText('password_rejected', { exact: true }).waitFor()
    await fill(page, password, 'eleven red kites over the hill')
    await notice(page, en.password.changed)
    await expect.poll(() => rows(page).count()).toBe(1)
    expect(await isAdmitted(served.url, phone.access_token)).toBe(false)
    await expect.poll(() => page.getByLabel(en.password.current).inputValue()).toBe('')
  })
})

test('keeps nothing but the language: after a reload one is signed out, here and at the server', async () => {
  await signUp('grace')
  const page = await openAccount('grace')
  const kept = await page.evaluate(() => [
    Object.keys(localStorage),
    Object.keys(sessionStorage),
    document.cookie,
  ])
  expect(kept).toEqual([[], [], ''])
  await page.reload()
  await page.getByRole('button', { name: en.signIn.signIn, exact: true }).waitFor()
  const listed = (): number => served.command(['sessions', 'list', 'grace']).trim().split('\n').length
  await expect.poll(listed).toBe(1)
})

test('a session that is ended elsewhere leads to the way in, which says why', async () => {
  const phone = await signUp('heidi')
  const page = await openAccount('heidi')
  await rows(page).first().waitFor()
  served.command(['sessions', 'revoke', '--user', 'heidi'])
  // Within a second the server has heard of it.
  await expect.poll(() => isAdmitted(served.url, phone.access_token), { timeout: 10_000 }).toBe(false)
  await press(page, en.endOthers.verb)
  await confirm(page, en.endOthers.verb)
  await notice(page, en.signIn.ended)
})

test('a wrong password and a server out of reach are told in words', async () => {
  await signUp('ivan')
  const page = await openPage(browser, { url: `${served.url}/account` })
  await page.getByLabel(en.signIn.username).fill('ivan')
  await page.getByLabel(en.signIn.password).fill('not the password of ivan')
  await press(page, en.signIn.signIn)
  await page.getByText(shared.codes.credentials_invalid.what).waitFor()
  await enter(page, 'ivan')
  await rows(page).first().waitFor()
  await page.context().setOffline(true)
  await press(page, en.endAll.verb)
  await confirm(page, en.endAll.verb)
  await dialog(page).getByText(shared.codes.unavailable.what).waitFor()
  await page.context().setOffline(false)
  await confirm(page, en.endAll.verb)
  await notice(page, en.signIn.signedOutEverywhere)
  expect(await dialog(page).count()).toBe(0)
})

test('works by keyboard alone', async () => {
  await signUp('judy')
  const page = await openPage(browser, { url: `${served.url}/account` })
  await page.getByLabel(en.signIn.username).focus()
  await page.keyboard.type('judy')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await rows(page).nth(1).waitFor()
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')
  await expect.poll(focused).toBe(en.heading)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect.poll(focused).toBe(en.end.verb)
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe(shared.controls.cancel)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page).count()).toBe(1)
  await expect.poll(focused).toBe(en.heading)
})

test.each([
  ['English, light', 'en-US', 'light', en, 900, 'en'],
  ['Korean, dark', 'ko-KR', 'dark', ko, 900, 'ko-dark'],
  ['English, dark, on a phone', 'en-US', 'dark', en, 390, 'en-phone-dark'],
  ['Korean, light, on a phone', 'ko-KR', 'light', ko, 360, 'ko-phone'],
] as const)('axe finds nothing serious: %s', async (...[, locale, colorScheme, words, width, name]) => {
  const username = `look-${name}`
  await signUp(username)
  await logIn(username, 'laptop')
  const page = await openPage(browser, { url: `${served.url}/account`, locale, colorScheme, width })
  const look = async (what: string): Promise<void> => {
    expect([what, ...(await seriousFindings(page))]).toEqual([what])
    expect([what, (await overflowOf(page)) > 0]).toEqual([what, false])
    await page.screenshot({ path: artifactPath(`account-${what}-${name}.png`), fullPage: true })
  }
  await look('door')
  await enter(page, username, words)
  await rows(page).nth(2).waitFor()
  await look('sessions')
  await page.locator('summary').click()
  await page.getByLabel(words.password.current).fill('a wrong one of some length')
  await page.getByLabel(words.password.next).fill('x')
  await press(page, words.password.change)
  await page.getByText('credentials_invalid').waitFor()
  await look('password')
  await page.locator('summary').click()
  await end(page, 'Firefox')
  await look('dialog')
  await confirm(page, words.end.verb)
  await expect.poll(() => rows(page).count()).toBe(2)
  await look('ended')
  await press(page, words.endAll.verb)
  await confirm(page, words.endAll.verb)
  await page.getByText(words.signIn.signedOutEverywhere).waitFor()
  await look('left')
})
