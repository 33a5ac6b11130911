// @ts-check
/**
 * `npm run test:faults`: set-up, then the built server under `kill -9`, outages, clock steps, races and thieves, on SQLite
 * and on a PostgreSQL that is started here and stopped again. The last line is `N passed, N failed`.
 */
import { startPostgres } from './start-postgres.js'
import { runTests } from './run-tests.js'
import { setupOrExit } from './setup.js'

await setupOrExit()
const server = await startPostgres()
process.env['TESSERA_TEST_DATABASE'] = server.url
try {
  const args = ['--config', 'tools/vitest.faults.config.ts', ...process.argv.slice(2)]
  const { passed, failed } = await runTests(args)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
} finally {
  await server.stop()
}
