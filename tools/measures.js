// @ts-check
/**
 * `npm run sizes`, `npm run test:mutation`, `npm run test:coverage`: set-up of the product and of the tools in measures/,
 * then the measure that is named.
 */
import { join } from 'node:path'
import { installOwn, runOrExit } from './own-tools.js'
import { root, setupOrExit } from './setup.js'

const [name = '', ...rest] = process.argv.slice(2)

await setupOrExit({ build: false })
installOwn(join(root, 'measures'))
runOrExit(process.execPath, [join('measures', name, 'run.js'), ...rest], root)
