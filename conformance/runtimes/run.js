// @ts-check
/**
 * The tests of `@tessera/jose` on every runtime:
 *
 *     npm run test:runtimes                       those that npm installs
 *     npm run test:runtimes -- all                and Chromium, Firefox and WebKitGTK
 *     npm run test:runtimes -- deno bun           some
 *     npm run test:runtimes -- all --write        writes docs/runtimes.md anew
 *     … -- deno --only crypto/                    some test files
 *     … -- chromium --coverage DIR                leaves V8's raw coverage, the bundle and its source map in DIR
 *
 * A runtime that is not installed fails the run. The last line is `N passed, N failed`.
 */
import { existsSync } from 'node:fs'
import { npmCommand, runQuietly } from '../../tools/run-command.js'
import { setupOrExit } from '../../tools/setup.js'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

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
await setupOrExit({ build: false })
if (!existsSync(new URL('node_modules/.package-lock.json', import.meta.url))) {
  const [command, ...args] = npmCommand()
  await runQuietly(
    command,
    [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    here,
  )
}
const { runRuntimes } = await import('./run-runtimes.js')
const { passed, failed } = await runRuntimes({ ...values, names: positionals })
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
