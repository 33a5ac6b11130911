/** The story in a real browser: sign up, look, attach, change, let it expire, refresh, log out, and be refused. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { artifactPath, launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/language/en.ts'
import { ko } from '../src/language/ko.ts'
import type { Messages } from '../src/language/messages.ts'
import { servePlayground } from './serve-playground.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

interface Opening {
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly accessTokenSeconds?: number
}

/** A page on a server of its own; a fault on it, or a request to another host, fails the test. */
async function open(opening: Opening = {}): Promise<Page> {
  const { locale = 'en-US', colorScheme = 'light', width = 900, accessTokenSeconds = 600 } = opening
  const url = await servePlayground(accessTokenSeconds)
  const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 1000 } })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`a request to ${new URL(request.url()).host}`)
  })
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) faults.push(line.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(faults).toEqual([])
  })
  await page.goto(url)
  return page
}

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

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

test('the story from sign-up to the refusal after log-out', async () => {
  const page = await open({ accessTokenSeconds: 8 })
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
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      await page.screenshot({ path: artifactPath(picture), fullPage: true })
    },
  )
})
