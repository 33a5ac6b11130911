/**
 * `npm run test:coverage`: which lines of `packages/jose/src` the tests run, on Node and in Chromium together, so that what
 * is there for browsers counts.
 *   -- --browser DIR   takes Chromium's part from DIR, where `npm run test:runtimes -- chromium --coverage DIR` left it
 *   -- --node-only     leaves Chromium out
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { linesOfBrowser } from './browser-lines.js'
import { linesOfIstanbul, mergeLines } from './lines.js'
import { printReport } from './report.js'

/** The goal of the share of lines, in percent. */
const goal = 97

const { values } = parseArgs({
  options: { browser: { type: 'string' }, 'node-only': { type: 'boolean' } },
})
const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(root, 'packages/jose/src/')
const scratch = mkdtempSync(join(tmpdir(), 'tessera-coverage-'))

try {
  const parts = [linesOnNode()]
  if (values['node-only'] !== true) parts.push(await linesInChromium())
  const isGood = printReport(mergeLines(parts), { goal, sources })
  if (!isGood) console.log(`FAILED  fewer than ${goal} % of the lines ran`)
  console.log(`${isGood ? 1 : 0} passed, ${isGood ? 0 : 1} failed`)
  process.exitCode = isGood ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function linesOnNode() {
  const folder = join(scratch, 'node')
  run('node_modules/vitest/vitest.mjs', [
    'run',
    'packages/jose',
    '--coverage.enabled',
    '--coverage.provider=v8',
    '--coverage.reporter=json',
    '--coverage.include=packages/jose/src/**',
    `--coverage.reportsDirectory=${folder}`,
  ])
  return linesOfIstanbul(JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')))
}

async function linesInChromium() {
  const folder = values.browser ?? join(scratch, 'browser')
  if (!existsSync(join(folder, 'chromium.json'))) {
    const { stdout } = start('conformance/runtimes/run.js', ['chromium', '--coverage', folder])
    // Whether its tests pass is what `npm run test:runtimes` is for.
    console.log(`Chromium: ${stdout.trim().split('\n').at(-1)}`)
  }
  return linesOfBrowser(folder, sources)
}

/** @param {string} script @param {readonly string[]} args */
function run(script, args) {
  const { status, stdout, stderr } = start(script, args)
  if (status === 0) return
  console.error(stdout.slice(-4000), stderr.slice(-4000))
  throw new Error(`${script} failed: what failing tests cover says nothing`)
}

/** @param {string} script @param {readonly string[]} args */
function start(script, args) {
  return spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
}
