// @ts-check
/**
 * `npm start`: makes the checkout ready, then runs the stand-alone server in this same process, so that Ctrl-C and
 * SIGTERM reach the server and nothing in between.
 */
import { setupOrExit } from './setup.js'

await setupOrExit()
const main = new URL('../packages/cli/dist/main.js', import.meta.url)
const { run } = await import(main.href)
process.exitCode = await run(['serve', ...process.argv.slice(2)])
