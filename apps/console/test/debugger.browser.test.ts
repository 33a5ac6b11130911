/** The debugger in a real browser: the verdict that a guard would give, and nothing that leaves the page. */
import { encode } from '@tessera/jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactPath, launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/debugger/language/en.ts'
import { ko } from '../src/debugger/language/ko.ts'
import { openPage, overflowOf, seriousFindings, type Opening } from './open-page.ts'
import { servePlayground, type ServedPlayground } from './serve-playground.ts'

let browser: Browser
let served: ServedPlayground
let token: string

beforeAll(async () => {
  browser = await launchChromium()
  served = await servePlayground(600)
  const response = await fetch(`${served.url}/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada', password: 'seven grey herons at low tide' }),
  })
  token = ((await response.json()) as { access_token: string }).access_token
})

afterAll(async () => {
  await browser.close()
  await served.stop()
})

const open = (opening: Partial<Opening> = {}): Promise<Page> =>
  openPage(browser, { url: `${served.url}/debugger`, ...opening })
const verdict = (page: Page) => page.locator('.verdict')
const says = (page: Page, text: string): Promise<void> => verdict(page).getByText(text).first().waitFor()
const changed = (): string => `${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`

test('a token of this server is accepted, with its header in front of it too; a changed one is not believed', async () => {
  const page = await open()
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(`${request.url()} ${request.postData() ?? ''}`))
  await says(page, en.nothing)
  await page.getByLabel(en.token, { exact: true }).fill(`Authorization: Bearer ${token}\n`)
  await says(page, en.good)
  expect(await page.getByLabel(en.token, { exact: true }).inputValue()).toBe(token)
  await page.getByLabel(en.token, { exact: true }).fill(changed())
  await says(page, 'bad_signature')
  await says(page, en.unauthentic)
  await page.getByLabel(en.token, { exact: true }).fill(token)
  await page.getByLabel(en.audience).fill('https://another.example')
  await says(page, 'claim_invalid')
  await says(page, en.authentic)
  await page.getByLabel(en.audience).fill('')
  await says(page, en.good)
  await page.getByLabel(en.token, { exact: true }).fill('no token at all')
  await says(page, 'malformed')
  for (const address of addresses) expect(address).not.toContain(token.slice(0, 40))
})

test('a token of somebody else is judged with his secret or public key', async () => {
  const page = await open()
  const text = 'a secret of at least thirty-two bytes'
  const foreign = encode({ sub: 'ada', exp: 4_000_000_000 }, text, { algorithm: 'HS256' })
  await page.getByLabel(en.token, { exact: true }).fill(foreign)
  await says(page, 'key_not_found')
  await page.getByRole('radio').nth(2).check()
  await page.getByLabel(en.secretText, { exact: true }).fill(text)
  await page.getByLabel(en.issuer).fill('')
  await page.getByLabel(en.audience).fill('')
  await says(page, 'typ_mismatch')
  await page.getByRole('checkbox').uncheck()
  await says(page, en.good)
  await page.getByLabel(en.secretText, { exact: true }).fill('short')
  await says(page, en.noKey)

  await page.getByRole('radio').nth(1).check()
  await page.getByLabel(en.publicKeyText).fill('no key')
  await says(page, 'key_invalid')
  await page.getByLabel(en.token, { exact: true }).fill(token)
  const jwks = await (await fetch(`${served.url}/.well-known/jwks.json`)).text()
  await page.getByLabel(en.publicKeyText).fill(jwks)
  await says(page, en.good)
  expect(await verdict(page).locator('.bad').count()).toBe(0)
})

test.each([
  ['English, light', 'en-US', 'light', en, 900, 'debugger-en'],
  ['Korean, dark, on a phone', 'ko-KR', 'dark', ko, 390, 'debugger-ko-phone'],
] as const)('axe finds nothing serious: %s', async (...[, locale, colorScheme, words, width, name]) => {
  const page = await open({ locale, colorScheme, width })
  await page.getByLabel(words.token, { exact: true }).fill(changed())
  await says(page, 'bad_signature')
  await page.getByRole('radio').nth(2).check()
  expect(await seriousFindings(page)).toEqual([])
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  await page.getByRole('radio').first().check()
  await says(page, 'bad_signature')
  await page.screenshot({ path: artifactPath(`${name}.png`), fullPage: true })
})
