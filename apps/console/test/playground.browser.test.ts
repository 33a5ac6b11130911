/** The story in a real browser: sign up, look, attach, change, let it expire, refresh, log out, and be refused. */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { artifactPath, launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/language/en.ts'
import { ko } from '../src/language/ko.ts'
import type { Messages } from '../src/language/messages.ts'
import { openPage, overflowOf, seriousFindings, type Opening } from './open-page.ts'
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

const open = (opening: Partial<Opening> = {}): Promise<Page> =>
  openPage(browser, { url: served.url, ...opening })

const step = (page: Page, id: string): Locator => page.locator(`#${id}`)
const press = (page: Page, id: string, name: string): Promise<void> =>
  step(page, id).getByRole('button', { name, exact: true }).click()

/** The words under the last call of a step, once they say what is expected. */
async function verdict(page: Page, id: string, expected: string): Promise<string> {
  const words = step(page, id).locator('.verdict').filter({ hasText: expected })
  await words.waitFor()
  return words.innerText()
}

async function signUp(page: Page, messages: Messages): Promise<void> {
  await press(page, 'log-in', messages.logIn.invent)
  await press(page, 'log-in', messages.logIn.signUp)
  await step(page, 'look').locator('.token').waitFor()
}

test('the story from sign-up to the refusal after log-out', async () => {
  const { url, stop } = await servePlayground(8)
  onTestFinished(stop)
  const page = await open({ url })
  await signUp(page, en)
  const look = step(page, 'look')
  for (const text of ['at+jwt', 'ES256', 'RFC 7519']) await look.getByText(text).first().waitFor()

  await press(page, 'attach', en.attach.with)
  await verdict(page, 'attach', en.exchange.accepted)
  await press(page, 'attach', en.attach.without)
  await verdict(page, 'attach', 'token_missing')
  await step(page, 'attach').getByText('WWW-Authenticate: Bearer').waitFor()

  await press(page, 'change', en.change.inPart.signature)
  await press(page, 'change', en.change.call)
  await verdict(page, 'change', 'bad_signature')

  await press(page, 'time', en.time.wait)
  await verdict(page, 'time', 'expired')
  await press(page, 'time', en.time.callThrough)
  await verdict(page, 'time', en.exchange.accepted)
  await step(page, 'time').getByText(en.time.generation(1)).waitFor()

  await press(page, 'log-out', en.logOut.logOut)
  await press(page, 'log-out', en.logOut.callOld)
  const refused = step(page, 'log-out').locator('.verdict .bad')
  await refused.waitFor()
  expect(['revoked', 'expired']).toContain(await refused.innerText())
  await page.screenshot({ path: artifactPath('playground-en.png'), fullPage: true })
}, 60_000)

test('after log-out a token that has not expired is refused as revoked', async () => {
  const page = await open()
  await signUp(page, en)
  await press(page, 'log-out', en.logOut.logOut)
  await press(page, 'log-out', en.logOut.callOld)
  expect(await verdict(page, 'log-out', 'revoked')).toContain(en.codes.revoked.what)
})

test('a wrong password is answered in words, and nothing is lost', async () => {
  const page = await open()
  await page.getByLabel(en.logIn.username).fill('nobody')
  await page.getByLabel(en.logIn.password, { exact: true }).fill('not a password of anybody')
  await press(page, 'log-in', en.logIn.logIn)
  await step(page, 'log-in').getByText('credentials_invalid').waitFor()
  expect(await page.getByLabel(en.logIn.username).inputValue()).toBe('nobody')
})

test('works by keyboard alone', async () => {
  const page = await open()
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
      if (focused === name) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`expected the keyboard to reach "${name}"`)
  }
  await tabTo(en.logIn.invent)
  await page.keyboard.press('Enter')
  // The focus has moved on to the button that comes next.
  await tabTo(en.logIn.signUp)
  await page.keyboard.press('Enter')
  await step(page, 'look').locator('.token').waitFor()
  await tabTo(en.attach.with)
  await page.keyboard.press('Space')
  await verdict(page, 'attach', en.exchange.accepted)
  await tabTo(en.logOut.logOut)
  await page.keyboard.press('Enter')
  await tabTo(en.logOut.callOld)
  await page.keyboard.press('Enter')
  expect(await verdict(page, 'log-out', 'revoked')).toContain(en.codes.revoked.what)
})

describe('axe finds nothing serious', () => {
  test.each([
    ['English, light', 'en-US', 'light', en, 900, 'playground-light.png'],
    ['English, dark', 'en-US', 'dark', en, 900, 'playground-dark.png'],
    ['Korean, light', 'ko-KR', 'light', ko, 900, 'playground-ko.png'],
    ['Korean, dark, on a phone', 'ko-KR', 'dark', ko, 390, 'playground-phone.png'],
  ] as const)(
    '%s, before and after sign-up',
    async (...[, locale, colorScheme, messages, width, picture]) => {
      const page = await open({ locale, colorScheme, width })
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(messages.tag)
      expect(await seriousFindings(page)).toEqual([])
      await signUp(page, messages)
      await press(page, 'attach', messages.attach.with)
      await verdict(page, 'attach', messages.exchange.accepted)
      await press(page, 'change', messages.change.inPart.claims)
      await press(page, 'change', messages.change.call)
      await step(page, 'change').locator('.verdict .bad').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
      await page.screenshot({ path: artifactPath(picture), fullPage: true })
    },
  )
})

test('the language is chosen by a button, told to the browser, and remembered', async () => {
  const page = await open()
  await page.getByRole('button', { name: ko.ownName }).click()
  await page.getByRole('heading', { level: 1, name: ko.page.lead }).waitFor()
  expect(await page.title()).toBe(ko.page.title)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: ko.page.lead }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko')
})

test('the focus follows the story: to the token after log-in, to the next button after log-out', async () => {
  const page = await open()
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')
  await signUp(page, en)
  await expect.poll(focused).toContain(en.look.title)
  await press(page, 'log-out', en.logOut.logOut)
  await expect.poll(focused).toBe(en.logOut.callOld)
})

test('a form that is not filled in says so and waits at the first empty field', async () => {
  const page = await open()
  await page.getByLabel(en.logIn.username).fill('ada')
  await press(page, 'log-in', en.logIn.logIn)
  await step(page, 'log-in').getByText(en.logIn.fill).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('password')
})

test('a password that the server rejects is explained, and can be made better', async () => {
  const page = await open()
  await page.getByLabel(en.logIn.username).fill('ada')
  await page.getByLabel(en.logIn.password, { exact: true }).fill('short')
  await press(page, 'log-in', en.logIn.signUp)
  await step(page, 'log-in').getByText('password_rejected', { exact: true }).waitFor()
  await page.getByLabel(en.logIn.password, { exact: true }).fill('seven grey herons at low tide')
  await press(page, 'log-in', en.logIn.signUp)
  await step(page, 'look').locator('.token').waitFor()
  expect(await step(page, 'log-in').innerText()).toContain(en.logIn.signedIn('ada'))
})

test('a character typed into the token is marked, refused, and put back', async () => {
  const page = await open()
  await signUp(page, en)
  const editor = page.getByLabel(en.change.editor)
  const issued = await editor.inputValue()
  await editor.fill(`${issued.slice(0, 60)}!${issued.slice(61)}`)
  await step(page, 'change').getByText(en.change.changed(1)).waitFor()
  expect(await step(page, 'change').locator('.mirror mark').innerText()).toBe('!')
  await press(page, 'change', en.change.call)
  await verdict(page, 'change', 'request_invalid')
  await editor.fill(`${issued.slice(0, 60)}값${issued.slice(61)}`)
  await press(page, 'change', en.change.call)
  await verdict(page, 'change', en.codes.request_invalid.what)
  await editor.fill(issued.slice(0, -40))
  await press(page, 'change', en.change.call)
  await step(page, 'change').locator('.verdict .bad').waitFor()
  await press(page, 'change', en.change.restore)
  expect(await editor.inputValue()).toBe(issued)
  await press(page, 'change', en.change.call)
  await verdict(page, 'change', en.exchange.accepted)
})

test('what is typed stands exactly over its coloured mirror', async () => {
  const page = await open({ width: 390 })
  await signUp(page, en)
  const [field, mirror] = await Promise.all(
    ['textarea', '.mirror'].map((part) => page.locator(`.editor ${part}`).boundingBox()),
  )
  expect(field).toEqual(mirror)
  const overflow = await page
    .locator('.editor textarea')
    .evaluate((area) => area.scrollHeight - area.clientHeight)
  expect(overflow).toBeLessThanOrEqual(0)
})

test('a refresh shows the old and the new generation, and never what makes them valid', async () => {
  const page = await open()
  const bodies: string[] = []
  page.on('response', (response) => {
    if (/\/(signup|token)$/.test(response.url())) void response.text().then((text) => bodies.push(text))
  })
  await signUp(page, en)
  await press(page, 'time', en.time.refreshNow)
  for (const generation of [0, 1]) {
    await step(page, 'time').getByText(en.time.generation(generation), { exact: true }).waitFor()
  }
  const shown = await page.content()
  expect(bodies).toHaveLength(2)
  for (const body of bodies) {
    const { refresh_token } = JSON.parse(body) as { refresh_token: string }
    expect(shown).not.toContain(refresh_token.split('.')[3])
  }
})

test('a server out of reach is told in words; the session goes on when it is back', async () => {
  const page = await open()
  await signUp(page, en)
  await page.context().setOffline(true)
  await press(page, 'attach', en.attach.with)
  await verdict(page, 'attach', 'unavailable')
  await press(page, 'time', en.time.refreshNow)
  await step(page, 'time').getByText('unavailable').waitFor()
  await page.context().setOffline(false)
  await press(page, 'attach', en.attach.with)
  expect(await verdict(page, 'attach', en.exchange.accepted)).toContain('200')
})

test.each([
  ['moves only where a request travels', 'no-preference', 2],
  ['keeps still for those who prefer that', 'reduce', 0],
] as const)('%s', async (_, reducedMotion, movements) => {
  const page = await open()
  await page.emulateMedia({ reducedMotion })
  await signUp(page, en)
  const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length)
  await expect.poll(moving).toBe(0)
  await page.evaluate(() => {
    const seen = { most: 0 }
    new MutationObserver(() => (seen.most = Math.max(seen.most, document.getAnimations().length))).observe(
      document.body,
      { childList: true, subtree: true },
    )
    Object.assign(globalThis, { seen })
  })
  await press(page, 'attach', en.attach.with)
  await verdict(page, 'attach', en.exchange.accepted)
  expect(await page.evaluate(() => (globalThis as unknown as { seen: { most: number } }).seen.most)).toBe(
    movements,
  )
})

test('no token ever stands in an address', async () => {
  const page = await open()
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  await signUp(page, en)
  await press(page, 'attach', en.attach.with)
  await verdict(page, 'attach', en.exchange.accepted)
  await press(page, 'time', en.time.refreshNow)
  await step(page, 'time').locator('.pair').waitFor()
  await press(page, 'log-out', en.logOut.logOut)
  await press(page, 'log-out', en.logOut.callOld)
  await verdict(page, 'log-out', 'revoked')
  for (const address of [...addresses, page.url()]) expect(address).not.toMatch(/eyJ|rt_|\?/)
})
