// @ts-check
/**
 * `npm test`: set-up, static checks, then every test that needs no service and no browser. Arguments go to the test
 * runner (`npm test -- packages/jose -t 'refuses'`). The last line is `N passed, N failed`.
 */
import { check } from './check.js'
import { setup } from './setup.js'
import { runTests } from './run-tests.js'

try {
  await setup({ build: false })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

/** @type {string[]} */
const failedChecks = []
try {
  await setup()
} catch (error) {
  // The tests run on source: they go on and may tell more.
  console.log(error instanceof Error ? error.message : error)
  failedChecks.push('build')
}
for (const { name, ok } of await check()) if (!ok) failedChecks.push(name)
const { passed, failed } = await runTests(process.argv.slice(2))
for (const name of failedChecks) console.log(`FAILED  check: ${name}`)
console.log(`${passed} passed, ${failed + failedChecks.length} failed`)
if (failed + failedChecks.length > 0) process.exitCode = 1
