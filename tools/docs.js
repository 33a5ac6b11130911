// @ts-check
/**
 * `npm run docs`: set-up, then the documentation as a folder of pages that needs no network: `dist/docs/index.html`.
 * The last line is `N passed, N failed`: a page each that was made, a warning each that was met.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, setupOrExit } from './setup.js'

const folder = join(root, 'tools/docs')

await setupOrExit({ build: false })
if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}
run(process.execPath, [join(folder, 'build.js')], root)

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
