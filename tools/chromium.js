// @ts-check
/** The Chromium of this machine, for tests of pages. Nothing is downloaded: the system's own browser is used. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser to start: `CHROMIUM`, or the first of the usual places that exists. @returns {string | undefined} */
export function chromiumPath() {
  const path = process.env['CHROMIUM']
  if (path !== undefined && path !== '') return path
  return candidates.find((candidate) => existsSync(candidate))
}

/** What a page test leaves behind for people to look at; not under version control. @param {string} name a file name */
export function artifactPath(name) {
  const folder = fileURLToPath(new URL('../.ci/artifacts', import.meta.url))
  mkdirSync(folder, { recursive: true })
  return join(folder, name)
}

/**
 * Starts a headless Chromium with an empty profile that stays on this machine: the flags keep it from looking for
 * updates and other hosts.
 *
 * @throws {Error} when there is no Chromium
 */
export async function launchChromium() {
  const executablePath = chromiumPath()
  if (executablePath === undefined) {
    throw new Error(
      'expected a Chromium, found none: install it (apt-get install chromium) or set CHROMIUM to its path',
    )
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
