// @ts-check
/**
 * `npm start`: makes the checkout ready, then runs the stand-alone server in this same process, so that Ctrl-C and
 * SIGTERM reach the server and nothing in between. The script in package.json says `exec` for the same reason: a shell
 * that stays between npm and the server would die of the SIGTERM that npm hands on, and leave the server behind.
 */
import { setupOrExit } from './setup.js'

await setupOrExit()
const main = new URL('../packages/cli/dist/main.js', import.meta.url)
const { run } = await import(main.href)
process.exitCode = await run(['serve', ...process.argv.slice(2)])
