// @ts-check
/**
 * `npm run test:postgres`: set-up, then the store contract, the flow and every other test of the server on a PostgreSQL
 * that is started here and stopped again, or on the one of `TESSERA_TEST_DATABASE`. The last line is `N passed, N failed`.
 */
import { startPostgres } from './start-postgres.js'
import { runTests } from './run-tests.js'
import { setupOrExit } from './setup.js'

await setupOrExit()
const given = process.env['TESSERA_TEST_DATABASE']
const server = given === undefined ? await startPostgres() : { url: given, stop: async () => undefined }
process.env['TESSERA_TEST_DATABASE'] = server.url
try {
  const args = ['--config', 'tools/vitest.postgres.config.ts', ...process.argv.slice(2)]
  const { passed, failed } = await runTests(args)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
} finally {
  await server.stop()
}
