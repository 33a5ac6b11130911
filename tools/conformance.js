// @ts-check
/**
 * `npm run conformance`: makes the checkout ready, then runs every vector against the built library.
 *
 *     npm run conformance -- --vectors DIR --report FILE
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setupOrExit } from './setup.js'

await setupOrExit()
const run = fileURLToPath(new URL('../conformance/run.js', import.meta.url))
const child = spawn(process.execPath, [run, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('close', (code) => {
  process.exitCode = code ?? 128
})
