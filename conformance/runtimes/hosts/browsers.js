// @ts-check
/** Runs the suite in a page of a browser. Chromium is driven, so that coverage can be had; the others open the page. */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '../../../tools/chromium.js'
import { servePage } from './page-server.js'

/** A run takes one or two minutes: this ends one that hangs, on a machine that is busy with something else. */
const timeoutMs = 480_000

/**
 * @param {string} folder  where `suite.browser.js` lies
 * @param {string} [coverage]  a folder for V8's raw coverage: `chromium.json`, with the script and its source map
 */
export async function runInChromium(folder, coverage) {
  const served = await servePage(folder)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    if (coverage !== undefined) await page.coverage.startJSCoverage({ resetOnNavigation: false })
    const crashed = new Promise((_resolve, reject) => {
      page.on('crash', () => reject(new Error('the page crashed')))
      page.on('pageerror', (error) => reject(error))
    })
    await page.goto(served.url)
    const report = await inTime(Promise.race([served.report, crashed]), served.place)
    if (coverage !== undefined) keepCoverage(coverage, folder, await page.coverage.stopJSCoverage())
    return report
  } finally {
    await browser.close()
    served.close()
  }
}

/** @param {string} coverage @param {string} folder @param {{ url: string }[]} entries */
function keepCoverage(coverage, folder, entries) {
  mkdirSync(coverage, { recursive: true })
  const own = entries.filter(({ url }) => url.endsWith('/suite.browser.js'))
  writeFileSync(join(coverage, 'chromium.json'), JSON.stringify({ result: own }))
  for (const file of ['suite.browser.js', 'suite.browser.js.map'])
    copyFileSync(join(folder, file), join(coverage, file))
}

/**
 * @param {string} folder
 * @param {(url: string, profile: string) => [string, string[]]} command
 */
export async function runInBrowser(folder, command) {
  const served = await servePage(folder)
  const profile = mkdtempSync(join(tmpdir(), 'tessera-browser-'))
  const [program, args] = command(served.url, profile)
  // A group of its own: browsers start many processes, and all of them have to end.
  const child = spawn(program, args, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, HOME: profile, MOZ_DISABLE_AUTO_SAFE_MODE: '1' },
  })
  const ended = new Promise((_resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`${program} ended with code ${code} before it reported`)))
  })
  const stop = () => stopGroup(child.pid)
  process.once('exit', stop)
  try {
    return await inTime(Promise.race([served.report, ended]), served.place)
  } finally {
    ended.catch(() => undefined)
    process.off('exit', stop)
    stop()
    served.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** @param {number | undefined} pid */
function stopGroup(pid) {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** @template T @param {Promise<T>} promise @param {() => string} place @returns {Promise<T>} */
async function inTime(promise, place) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const late = new Promise((_resolve, reject) => {
    const giveUp = () => reject(new Error(`no report within ${timeoutMs / 1000} s, in ${place()}`))
    timer = setTimeout(giveUp, timeoutMs)
  })
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}
