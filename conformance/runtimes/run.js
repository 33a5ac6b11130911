// @ts-check
/**
 * The tests of `@tessera/jose` on every runtime:
 *
 *     npm run test:runtimes                       Node 20, 22, 24 and 26, Deno, Bun and workerd
 *     npm run test:runtimes -- all                and Node's WebCrypto alone, Chromium and Firefox
 *     npm run test:runtimes -- deno bun           some
 *     npm run test:runtimes -- all --write        writes docs/runtimes.md anew
 *     … -- deno --only crypto/                    some test files
 *     … -- chromium --coverage DIR                leaves V8's raw coverage, the bundle and its source map in DIR
 *
 * A runtime that is not installed fails the run. The last line is `N passed, N failed`.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installOwn } from '../../tools/own-tools.js'
import { setupOrExit } from '../../tools/setup.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    coverage: { type: 'string' },
    only: { type: 'string' },
    vectors: { type: 'string' },
    write: { type: 'boolean' },
  },
})
// So that browsers end with the run.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    console.log(`stopped by ${signal}`)
    process.exit(1)
  })
}
await setupOrExit({ build: false })
// A gigabyte of programs: one connection that breaks is no reason to fail.
process.env['npm_config_fetch_retries'] ??= '5'
installOwn(here)
const { runRuntimes } = await import('./run-runtimes.js')
const { passed, failed } = await runRuntimes({ ...values, names: positionals })
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
