// @ts-check
/**
 * `npm run test:browser`: set-up, then every `*.browser.test.ts` in the Chromium of this machine. Screenshots go to
 * `.ci/artifacts/`. The last line is `N passed, N failed`.
 */
import { chromiumPath } from './chromium.js'
import { runTests } from './run-tests.js'
import { setupOrExit } from './setup.js'

if (chromiumPath() === undefined) {
  console.error(
    'expected a Chromium, found none: install it (apt-get install chromium) or set CHROMIUM to its path',
  )
  console.log('0 passed, 1 failed')
  process.exit(1)
}
await setupOrExit()
const { passed, failed } = await runTests([
  '--config',
  'tools/vitest.browser.config.ts',
  ...process.argv.slice(2),
])
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
