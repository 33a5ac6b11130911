// @ts-check
/**
 * `npm run test:faults`: set-up, then the built server under `kill -9`, outages, clock steps, races and thieves, on SQLite
 * and on a PostgreSQL that is started here and stopped again.
 *
 *     npm run test:faults -- [FILE…] [--users N] [--pairs N] [--months N] [-t TITLE]
 *
 * `--users` is for the import of another system's users, `--pairs` for the time of refused log-ins, `--months` for those of
 * honest owners of sessions beside thieves. The last line is `N passed, N failed`.
 */
import { parseArgs } from 'node:util'
import { startPostgres } from './start-postgres.js'
import { runTests } from './run-tests.js'
import { setupOrExit } from './setup.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    users: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '150' },
    months: { type: 'string', default: '1500' },
    testNamePattern: { type: 'string', short: 't' },
  },
})

/** @param {'users' | 'pairs' | 'months'} name @param {number} least */
function wholeNumber(name, least) {
  const text = values[name].replaceAll('_', '')
  if (/^\d{1,7}$/.test(text) && Number(text) >= least) return text
  throw new Error(`--${name}: expected a whole number of ${least} or more`)
}

// Fewer are one batch, and none of them would be in before the last line came.
process.env['TESSERA_IMPORT_USERS'] = wholeNumber('users', 1000)
process.env['TESSERA_TIMING_PAIRS'] = wholeNumber('pairs', 20)
process.env['TESSERA_THEFT_MONTHS'] = wholeNumber('months', 1)
await setupOrExit()
const server = await startPostgres()
process.env['TESSERA_TEST_DATABASE'] = server.url
try {
  const title = values.testNamePattern === undefined ? [] : ['--testNamePattern', values.testNamePattern]
  const args = ['--config', 'tools/vitest.faults.config.ts', ...title, ...positionals]
  const { passed, failed } = await runTests(args)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
} finally {
  await server.stop()
}
