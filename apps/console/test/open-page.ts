/** A page of the console in a fresh browser profile. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

export interface Opening {
  readonly url: string
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
}

/** A fault on the page, or a request to another host, fails the test. */
export async function openPage(browser: Browser, opening: Opening): Promise<Page> {
  const { url, locale = 'en-US', colorScheme = 'light', width = 900 } = opening
  const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 1000 } })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) {
      faults.push(`a request to ${new URL(request.url()).host}`)
    }
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

/** What axe calls serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}

/** How many pixels of the page lie beside the window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}
