// @ts-check
/** `npm run bench`: set-up of the product and of the peers in bench/, then the benchmark. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, setupOrExit } from './setup.js'

const args = process.argv.slice(2)

await setupOrExit()
install(join(root, 'bench'))
if (args.includes('--node')) install(join(root, 'conformance/runtimes'))
run(process.execPath, ['--no-warnings', 'bench/run.js', ...args], root)

/** @param {string} folder */
function install(folder) {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}

/** @param {string} command @param {string[]} rest @param {string} cwd */
function run(command, rest, cwd) {
  const { status } = spawnSync(command, rest, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
