/** The administration in a browser, on the real server: who may come in, and how tests move about. */
import type { Browser, Page } from 'playwright-core'
import { en } from '../src/admin/language/en.ts'
import type { AdminMessages } from '../src/admin/language/messages.ts'
import type { Section } from '../src/admin/route.ts'
import { openPage, type Opening } from './open-page.ts'
import { servePlayground, type ServedPlayground } from './serve-playground.ts'

export const password = 'seven grey herons at low tide'
/** A bcrypt hash, of the lowest cost that is taken, of something that nobody tries. */
const someHash = '$2b$04$abcdefghijklmnopqrstuu5s3CHGsBEr1wqSHXLvwhCMLMJSvNyiu'

/** The server with an administrator `root`, a person `ada`, and so many others that come in pages. */
export async function serveAdministration(others = 0): Promise<ServedPlayground> {
  const served = await servePlayground(600)
  served.command(['users', 'add', 'root', '--scope', 'admin', '--password', '-'], password)
  served.command(['users', 'add', 'ada', '--role', 'editor', '--password', '-'], password)
  if (others > 0) {
    const line = (index: number): string =>
      JSON.stringify({ username: `user-${String(index).padStart(3, '0')}`, password_hash: someHash })
    const lines = Array.from({ length: others }, (_, index) => line(index)).join('\n')
    served.command(['users', 'import', '-', '--json'], lines)
  }
  return served
}

/** Somebody signs in, elsewhere. */
export async function logIn(url: string, username: string): Promise<{ access_token: string }> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  return (await response.json()) as { access_token: string }
}

/** Whether an access token is still good at the server itself. */
export async function isAdmitted(url: string, token: string): Promise<boolean> {
  return (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })).ok
}

export async function signIn(page: Page, { signIn: words }: AdminMessages, username = 'root'): Promise<void> {
  await page.getByLabel(words.username).fill(username)
  await page.getByLabel(words.password).fill(password)
  await page.getByRole('button', { name: words.signIn, exact: true }).click()
}

/** The administration, with `root` signed in, at one of its sections. */
export async function openAdministration(
  browser: Browser,
  opening: Opening & { readonly messages?: AdminMessages },
): Promise<Page> {
  const { url, messages = en, ...rest } = opening
  const page = await openPage(browser, { url: `${url}/admin`, ...rest })
  await signIn(page, messages)
  await page.getByText(messages.page.signedIn('root')).waitFor()
  return page
}

export async function goTo(page: Page, section: Section, { sections }: AdminMessages = en): Promise<void> {
  await page.getByRole('link', { name: sections[section], exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: sections[section] }).waitFor()
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

/** What the page says was done last. */
export const notice = (page: Page, text: string): Promise<void> =>
  page.locator('.notice').filter({ hasText: text }).waitFor()
