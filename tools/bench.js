// @ts-check
/** `npm run bench`: set-up of the product and of the peers in bench/, then the benchmark. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setupOrExit } from './setup.js'

const folder = fileURLToPath(new URL('../bench', import.meta.url))

await setupOrExit()
if (!existsSync(`${folder}/node_modules/.package-lock.json`)) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
const { status } = spawnSync(process.execPath, ['bench/run.js', ...process.argv.slice(2)], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
})
process.exitCode = status ?? 1
