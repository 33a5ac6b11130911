// @ts-check
/** `npm run bench`: set-up of the product and of the peers in bench/, then the benchmark. */
import { join } from 'node:path'
import { installOwn, runOrExit } from './own-tools.js'
import { root, setupOrExit } from './setup.js'

const args = process.argv.slice(2)

await setupOrExit()
installOwn(join(root, 'bench'))
if (args.join(' ').includes('--only server')) installOwn(join(root, 'bench/server'))
if (args.includes('--node')) installOwn(join(root, 'conformance/runtimes'))
runOrExit(process.execPath, ['--no-warnings', 'bench/run.js', ...args], root)
