// @ts-check
/**
 * `npm run test:browser`: set-up, then every `*.browser.test.ts` in the Chromium of this machine, and the tests of
 * `@tessera/jose` in a page of it; arguments choose some of the former. Screenshots go to `.ci/artifacts/`. The last line
 * is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chromiumPath } from './chromium.js'
import { runTests } from './run-tests.js'
import { root, setupOrExit } from './setup.js'

if (chromiumPath() === undefined) {
  console.error(
    'expected a Chromium, found none: install it (apt-get install chromium) or set CHROMIUM to its path',
  )
  console.log('0 passed, 1 failed')
  process.exit(1)
}
await setupOrExit()
const chosen = process.argv.slice(2)
const pages = await runTests(['--config', 'tools/vitest.browser.config.ts', ...chosen])
const suite = chosen.length === 0 ? runSuite() : { passed: 0, failed: 0 }
const [passed, failed] = [pages.passed + suite.passed, pages.failed + suite.failed]
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1

/** The tests of `@tessera/jose` in a page, and in the Node that says which tests there are. */
function runSuite() {
  const args = [join(root, 'conformance/runtimes/run.js'), 'node24', 'chromium']
  const { stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  })
  console.log(stdout.trimEnd())
  const [, passed = '0', failed = '1'] = /(\d+) passed, (\d+) failed$/.exec(stdout.trimEnd()) ?? []
  return { passed: Number(passed), failed: Number(failed) }
}
