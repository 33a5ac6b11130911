// @ts-check
/**
 * `npm run sizes`, `npm run test:mutation`, `npm run test:coverage`: set-up of the product and of the tools in measures/,
 * then the measure that is named.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, setupOrExit } from './setup.js'

const folder = join(root, 'measures')
const [name = '', ...rest] = process.argv.slice(2)

await setupOrExit({ build: false })
if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}
run(process.execPath, [join('measures', name, 'run.js'), ...rest], root)

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
