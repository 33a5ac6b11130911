// @ts-check
/**
 * `npm run docs`: set-up, then the documentation as a folder of pages that needs no network: `dist/docs/index.html`.
 * The last line is `N passed, N failed`: a page each that was made, a warning each that was met.
 */
import { join } from 'node:path'
import { installOwn, runOrExit } from './own-tools.js'
import { root, setupOrExit } from './setup.js'

const folder = join(root, 'tools/docs')

await setupOrExit({ build: false })
installOwn(folder)
runOrExit(process.execPath, [join(folder, 'build.js')], root)
