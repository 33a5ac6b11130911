/** The administration in a real browser, on the real server: what an administrator does, and what he sees of it. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../../tools/chromium.js'
import { en } from '../src/admin/language/en.ts'
import { en as words } from '../src/language/en.ts'
import {
  goTo,
  isAdmitted,
  logIn,
  notice,
  openAdministration,
  password,
  press,
  serveAdministration,
  signIn,
} from './admin-page.ts'
import { openPage } from './open-page.ts'
import type { ServedPlayground } from './serve-playground.ts'

let browser: Browser
let served: ServedPlayground

beforeAll(async () => {
  browser = await launchChromium()
  served = await serveAdministration(120)
})

afterAll(async () => {
  await browser.close()
  await served.stop()
})

const door = (): Promise<Page> => openPage(browser, { url: `${served.url}/admin` })
const desk = (): Promise<Page> => openAdministration(browser, { url: served.url })
const rows = (page: Page) => page.locator('.rows > li')
const row = (page: Page, text: string) => rows(page).filter({ hasText: text })
const dialog = (page: Page) => page.getByRole('dialog')
const confirm = (page: Page, verb: string) =>
  dialog(page).getByRole('button', { name: verb, exact: true }).click()
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? '')

describe('the door', () => {
  test('lets no account in that is no administrator, and tells the command that makes the first one', async () => {
    const page = await door()
    await signIn(page, en, 'ada')
    await page.getByText('insufficient_scope').waitFor()
    const command = page.getByText('tessera users add root --scope admin')
    await expect.poll(() => command.isVisible()).toBe(true)
  })

  test('tells a wrong password in words', async () => {
    const page = await door()
    await page.getByLabel(en.signIn.username).fill('root')
    await page.getByLabel(en.signIn.password).fill('not the password of root')
    await press(page, en.signIn.signIn)
    const told = page.getByRole('alert').filter({ hasText: en.codes.credentials_invalid?.what ?? '?' })
    await expect.poll(() => told.count()).toBe(1)
    expect(await page.getByLabel(en.signIn.username).inputValue()).toBe('root')
  })

  test('P10: keeps nothing but the language: after a reload the password is asked for, and the session has ended', async () => {
    const page = await desk()
    await goTo(page, 'sessions')
    await page.getByText(en.sessions.current).waitFor()
    const kept = await page.evaluate(() => [
      Object.keys(localStorage),
      Object.keys(sessionStorage),
      document.cookie,
    ])
    expect(kept).toEqual([[], [], ''])
    await page.reload()
    await page.getByRole('button', { name: en.signIn.signIn, exact: true }).waitFor()
    expect(served.command(['sessions', 'list', 'root'])).toContain('Signed in nowhere')
  })

  test('P10: no token and no password ever stands in an address', async () => {
    const addresses: string[] = []
    const page = await door()
    page.on('request', (request) => addresses.push(request.url()))
    await signIn(page, en)
    for (const section of ['audit', 'keys', 'clients'] as const) await goTo(page, section)
    expect(addresses.length).toBeGreaterThan(5)
    for (const address of addresses) expect(decodeURIComponent(address)).not.toMatch(/eyJ|rt_|heron/)
  })
})

describe('the password again', () => {
  /** Five minutes later the token is renewed; the server then finds the log-in too old. */
  async function letGrowStale(page: Page): Promise<void> {
    await page.route('**/token', (route) =>
      route.fulfill({ status: 400, json: { error: 'invalid_scope', code: 'request_invalid' } }),
    )
    await page.clock.fastForward('05:00')
  }

  test('P10: is asked for when the log-in is too old; what waits goes on, and the focus is where it was', async () => {
    const page = await door()
    await page.clock.install()
    await signIn(page, en)
    await row(page, 'ada').waitFor()
    await letGrowStale(page)
    await page.getByLabel(en.users.search).fill('ada')
    await press(page, en.users.find)
    await dialog(page).getByText(en.again.stale).waitFor()
    await page.unroute('**/token')
    await dialog(page).getByLabel(en.signIn.password).fill('a wrong one, to begin with')
    await press(page, en.again.goOn)
    await dialog(page).getByText('credentials_invalid').waitFor()
    await dialog(page).getByLabel(en.signIn.password).fill(password)
    await page.keyboard.press('Enter')
    await dialog(page).waitFor({ state: 'detached' })
    await expect.poll(() => rows(page).count()).toBe(1)
    expect(await page.getByLabel(en.users.search).inputValue()).toBe('ada')
  })

  test('is asked for when somebody ended the session', async () => {
    const page = await desk()
    await goTo(page, 'sessions')
    served.command(['sessions', 'revoke', '--user', 'root'])
    // Each page asks the server anew, until it has heard of the end.
    const turn = async (): Promise<number> => {
      await page.evaluate(() => (location.hash = location.hash === '#keys' ? '#clients' : '#keys'))
      return dialog(page).count()
    }
    await expect.poll(turn).toBe(1)
    await dialog(page).getByText(en.again.ended).waitFor()
    await confirm(page, en.again.signOut)
    await page.getByRole('button', { name: en.signIn.signIn, exact: true }).waitFor()
  })
})

describe('users', () => {
  test('come page by page, and the reading goes on at the first new one', async () => {
    const page = await desk()
    await expect.poll(() => rows(page).count()).toBe(50)
    await press(page, words.controls.more)
    await expect.poll(() => rows(page).count()).toBe(100)
    const [firstNew = '?'] = (await rows(page).nth(50).innerText()).split('\n')
    await expect.poll(() => focused(page)).toContain(firstNew)
    await press(page, words.controls.more)
    await expect.poll(() => rows(page).count()).toBeGreaterThan(100)
    expect(await page.getByRole('button', { name: words.controls.more }).count()).toBe(0)
  })

  test('are found by a part of the name; the address keeps what was looked for', async () => {
    const page = await desk()
    await page.getByLabel(en.users.search).fill('R-11')
    await press(page, en.users.find)
    await expect.poll(() => rows(page).count()).toBe(10)
    expect(page.url()).toContain('#users?search=R-11')
    await page.getByLabel(en.users.search).fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText(en.users.noneFound('nobody')).waitFor()
    await page.goBack()
    await expect.poll(() => rows(page).count()).toBe(10)
    expect(await page.getByLabel(en.users.search).inputValue()).toBe('R-11')
  })

  test('are added with a password that is told once; refusals are told in words', async () => {
    const page = await desk()
    await page.getByRole('link', { name: en.users.add }).click()
    await page.getByLabel(en.newUser.username).fill('ada')
    await press(page, en.newUser.invent)
    const invented = await page.getByLabel(en.newUser.password, { exact: true }).inputValue()
    await press(page, en.newUser.add)
    await page.getByText('username_taken').waitFor()
    await page.getByLabel(en.newUser.username).fill('grace')
    await page.getByLabel(en.newUser.roles).fill('editor  author')
    await press(page, en.newUser.add)
    await page.getByRole('heading', { name: en.newUser.added('grace') }).waitFor()
    await page.getByText(invented).waitFor()
    await page.getByRole('link', { name: en.newUser.toAccount }).click()
    await page.getByText('editor, author').waitFor()
    await page.goBack()
    expect(await page.content()).not.toContain(invented)
  })

  test('are disabled, and deleted when the name was typed; what was done is told', async () => {
    served.command(['users', 'add', 'mallory', '--password', '-'], password)
    const { access_token } = await logIn(served.url, 'mallory')
    const page = await desk()
    await page.getByLabel(en.users.search).fill('mallory')
    await press(page, en.users.find)
    await page.getByRole('link', { name: 'mallory' }).click()
    await press(page, en.user.disable.verb)
    await confirm(page, words.controls.cancel)
    await expect.poll(() => focused(page)).toBe(en.user.disable.verb)
    await press(page, en.user.disable.verb)
    await confirm(page, en.user.disable.verb)
    await notice(page, en.user.disable.done('mallory'))
    await page.getByText(en.users.disabled, { exact: true }).waitFor()
    expect(await isAdmitted(served.url, access_token)).toBe(false)

    await press(page, en.user.enable)
    await notice(page, en.user.enabled('mallory'))
    const again = await logIn(served.url, 'mallory')
    await page.getByLabel(en.user.roles).fill('auditor  clerk')
    await press(page, en.user.saveRoles)
    await notice(page, en.user.rolesSaved('mallory'))
    await page.getByText('auditor, clerk').waitFor()
    // P11: a token that says something else is refused, and the session goes on.
    expect(await isAdmitted(served.url, again.access_token)).toBe(false)

    await press(page, en.user.remove.verb)
    const remove = dialog(page).getByRole('button', { name: en.user.remove.verb })
    expect(await remove.isDisabled()).toBe(true)
    await page.keyboard.type('mallor')
    expect(await remove.isDisabled()).toBe(true)
    await page.keyboard.type('y')
    await page.keyboard.press('Enter')
    await notice(page, en.user.remove.done('mallory'))
    expect(page.url()).toMatch(/#users$/)
    await goTo(page, 'clients')
    await expect.poll(() => page.locator('.notice').innerText()).toBe('')
  })
})

describe('sessions', () => {
  test('of a person are found by the name and ended, one or all', async () => {
    const first = await logIn(served.url, 'ada')
    const second = await logIn(served.url, 'ada')
    const third = await logIn(served.url, 'ada')
    const page = await desk()
    await goTo(page, 'sessions')
    await page.getByText(en.sessions.current).waitFor()
    await page.getByLabel(en.sessions.whose).fill('ada')
    await press(page, en.sessions.show)
    await page.getByRole('heading', { name: en.sessions.of('ada') }).waitFor()
    await expect.poll(() => rows(page).count()).toBe(3)
    await rows(page).first().getByRole('button').click()
    await confirm(page, en.sessions.end.verb)
    await notice(page, en.sessions.end.done(''))
    await expect.poll(() => rows(page).count()).toBe(2)
    await expect.poll(() => focused(page)).toContain(en.sessions.title)
    await press(page, en.sessions.endAll.verb)
    await confirm(page, en.sessions.endAll.verb)
    await page.getByText(en.sessions.none).waitFor()
    for (const { access_token } of [first, second, third]) {
      expect(await isAdmitted(served.url, access_token)).toBe(false)
    }
  })
})

test('the sessions of everybody come newest first, page by page, and any of them can be ended', async () => {
  // Somebody of whom no other test counts sessions or events.
  const name = `crowd-${Date.now()}`
  served.command(['users', 'add', name, '--password', '-'], password)
  await Promise.all(Array.from({ length: 55 }, () => logIn(served.url, name)))
  // Sessions of one second stand in the order of their ids: the page's own is to be newer than all of these.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const page = await desk()
  await goTo(page, 'sessions')
  await expect.poll(() => rows(page).count()).toBe(50)
  expect(await rows(page).first().innerText()).toContain(en.sessions.current)
  await press(page, words.controls.more)
  await expect.poll(() => rows(page).count()).toBeGreaterThan(55)
  const before = await rows(page).count()
  await row(page, name).first().getByRole('button').click()
  await dialog(page)
    .getByRole('heading', { name: new RegExp(`\\(${name}\\)`) })
    .waitFor()
  await confirm(page, en.sessions.end.verb)
  await notice(page, en.sessions.end.done(''))
  await expect.poll(() => rows(page).count()).toBe(50)
  expect(before).toBeGreaterThan(50)
  await row(page, name).first().getByRole('link', { name }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await expect.poll(() => rows(page).count()).toBe(54)
  served.command(['sessions', 'revoke', '--user', name])
})

describe('clients', () => {
  test('get a secret that is told once and works, until they are revoked', async () => {
    const page = await desk()
    await goTo(page, 'clients')
    await page.getByRole('link', { name: en.clients.add }).click()
    await page.getByLabel(en.newClient.id).fill('nightly')
    await page.getByLabel(en.newClient.scope).fill('admin')
    await press(page, en.newClient.add)
    await page.getByText('which people alone have').waitFor()
    await page.getByLabel(en.newClient.scope).fill('orders:read')
    await press(page, en.newClient.add)
    await page.getByRole('heading', { name: en.newClient.added('nightly') }).waitFor()
    let secret = await page.locator('.token').innerText()
    const grant = () =>
      fetch(`${served.url}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`nightly:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
    expect((await grant()).status).toBe(200)
    await page.getByRole('link', { name: en.newClient.done }).click()
    await row(page, 'nightly').getByText('orders:read').waitFor()
    expect(await page.content()).not.toContain(secret)
    await row(page, 'nightly').getByRole('button', { name: en.clients.rotate.verb }).click()
    await confirm(page, en.clients.rotate.verb)
    await page.getByRole('heading', { name: en.clients.newSecret('nightly') }).waitFor()
    expect((await grant()).status).toBe(401)
    secret = await page.locator('.token').innerText()
    expect((await grant()).status).toBe(200)
    await page.getByRole('link', { name: en.newClient.done }).click()
    await row(page, 'nightly').getByRole('button', { name: en.clients.revoke.verb }).click()
    await confirm(page, en.clients.revoke.verb)
    await notice(page, en.clients.revoke.done('nightly'))
    expect((await grant()).status).toBe(401)
  })

  test('may prove themselves with keys; what is no JSON never leaves the page', async () => {
    const page = await desk()
    await goTo(page, 'clients')
    await page.getByRole('link', { name: en.clients.add }).click()
    await page.getByLabel(en.newClient.id).fill('with-keys')
    let calls = 0
    page.on('request', (request) => (calls += request.method() === 'POST' ? 1 : 0))
    await page.getByRole('radio').nth(1).check()
    await page.getByLabel(en.newClient.keys).fill('{"keys":')
    await press(page, en.newClient.add)
    await page.getByText(en.newClient.keysInvalid).waitFor()
    await page.getByLabel(en.newClient.keys).fill('{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}')
    await press(page, en.newClient.add)
    const told = page.getByText('expected public keys')
    await expect.poll(() => told.count()).toBe(1)
    expect(calls).toBe(1)
  })
})

describe('keys', () => {
  test('are shown in their states; too early is told with the time from which it is possible', async () => {
    const page = await desk()
    await goTo(page, 'keys')
    for (const state of ['active', 'next'] as const) {
      await row(page, en.keys.statesMean[state]).first().waitFor()
    }
    expect(await rows(page).count()).toBe(4)
    await press(page, en.keys.rotate.verb)
    await confirm(page, en.keys.rotate.verb)
    await dialog(page).getByText('Too early').waitFor()
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
  })

  test('are called back only when a part of the name was typed, with what follows from it stated', async () => {
    const { access_token } = await logIn(served.url, 'ada')
    const page = await desk()
    await goTo(page, 'keys')
    const active = row(page, en.keys.statesMean.active).first()
    const kid = await active.locator('.kid').innerText()
    await active.getByRole('button').click()
    await dialog(page).getByText(en.keys.revokeActive).waitFor()
    const button = dialog(page).getByRole('button', { name: en.keys.revoke.verb })
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    expect(await button.isDisabled()).toBe(true)
    await page
      .getByLabel(words.controls.typeToConfirm(kid.slice(0, 6)).replaceAll('`', ''))
      .fill(kid.slice(0, 6))
    await button.click()
    await notice(page, en.keys.revoke.done(kid.slice(0, 6)))
    await row(page, kid).getByText(en.keys.calledBack, { exact: true }).waitFor()
    expect(await isAdmitted(served.url, access_token)).toBe(false)
    // The token of this page was signed with that key, too: it is renewed without a word.
    await goTo(page, 'users')
    await expect.poll(() => rows(page).count()).toBe(50)
  })
})

describe('the audit trail', () => {
  test('tells in words who did what, page by page, and of one account alone', async () => {
    await logIn(served.url, 'ada')
    const page = await desk()
    await goTo(page, 'audit')
    await row(page, en.audit.events['session.begun'] ?? '')
      .first()
      .getByRole('link', { name: 'root' })
      .waitFor()
    const before = await rows(page).count()
    if (before === 50) {
      await press(page, words.controls.more)
      await expect.poll(() => rows(page).count()).toBeGreaterThan(50)
    }
    await page.getByLabel(en.audit.whose).fill('ada')
    await press(page, en.audit.show)
    await page.getByText(en.audit.of('ada')).waitFor()
    await row(page, en.audit.events['user.created'] ?? '').waitFor()
    expect(await rows(page).filter({ hasText: 'root' }).count()).toBe(0)
    await page.getByRole('link', { name: en.audit.all }).click()
    await rows(page).filter({ hasText: 'root' }).first().waitFor()
  })
})

test('a server out of reach is told in words, and the page goes on when it is back', async () => {
  const page = await desk()
  await row(page, 'ada').waitFor()
  await page.context().setOffline(true)
  await goTo(page, 'keys')
  await page.getByText(words.codes.unavailable.what).first().waitFor()
  await page.context().setOffline(false)
  await page.getByRole('button', { name: words.controls.retry }).first().click()
  await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(4)
})

test('works by keyboard alone, from the door to a session that is ended', async () => {
  await logIn(served.url, 'ada')
  const page = await door()
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(() => {
        const { activeElement } = document
        return (
          activeElement?.getAttribute('aria-label') ??
          activeElement?.getAttribute('name') ??
          activeElement?.textContent?.trim() ??
          ''
        )
      })
      if (at.startsWith(name)) return
    }
    throw new Error(`expected the keyboard to reach "${name}"`)
  }
  await tabTo('username')
  await page.keyboard.type('root')
  await tabTo('password')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: en.sections.users }).waitFor()
  await tabTo('ada')
  await page.keyboard.press('Enter')
  await rows(page).first().waitFor()
  await expect.poll(() => focused(page)).toContain('ada')
  await tabTo(`${en.sessions.end.verb}:`)
  await page.keyboard.press('Enter')
  // The focus stands on the way out: ending takes one step more.
  await expect.poll(() => focused(page)).toBe(words.controls.cancel)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await notice(page, en.sessions.end.done(''))
})
