// @ts-check
/**
 * `npm run fuzz:server`: set-up, then every endpoint of the server under requests that are made of its own OpenAPI document,
 * and under changed ones, in process and over HTTP.
 *
 *     npm run fuzz:server -- [--requests N] [--seed S] [--only TEXT] [--store sqlite|postgres|both]
 *
 * The same seed sends the same requests again. A request that fails is made smaller and printed with the answer to it. The
 * last line is `N passed, N failed`.
 */
import { parseArgs } from 'node:util'
import { runTests } from './run-tests.js'
import { setupOrExit } from './setup.js'
import { startPostgres } from './start-postgres.js'

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    store: { type: 'string', default: 'sqlite' },
  },
})

/** @param {'requests' | 'seed'} name */
function wholeNumber(name) {
  const text = options[name].replaceAll('_', '')
  if (/^\d{1,9}$/.test(text)) return text
  throw new Error(`--${name}: expected a whole number`)
}

function run() {
  const only = options.only === '' ? [] : ['--testNamePattern', options.only]
  return runTests(['--config', 'tools/vitest.fuzz.config.ts', ...only])
}

async function runOnPostgres() {
  const server = await startPostgres()
  process.env['TESSERA_TEST_DATABASE'] = server.url
  try {
    return await run()
  } finally {
    await server.stop()
  }
}

if (!['sqlite', 'postgres', 'both'].includes(options.store)) {
  throw new Error('--store: expected sqlite, postgres or both')
}
process.env['TESSERA_FUZZ_REQUESTS'] = wholeNumber('requests')
process.env['TESSERA_FUZZ_SEED'] = wholeNumber('seed')
await setupOrExit()
const results = []
if (options.store !== 'postgres') results.push(await run())
if (options.store !== 'sqlite') results.push(await runOnPostgres())
const failed = results.reduce((sum, result) => sum + result.failed, 0)
console.log(`${results.reduce((sum, result) => sum + result.passed, 0)} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
