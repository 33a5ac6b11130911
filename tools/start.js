// @ts-check
/**
 * `npm start`: makes the checkout ready, then runs the stand-alone server in this same process, so that Ctrl-C and
 * SIGTERM reach the server and nothing in between.
 */
import { setup } from './setup.js'

try {
  await setup()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const main = new URL('../packages/cli/dist/main.js', import.meta.url)
const { run } = await import(main.href)
process.exitCode = await run(['serve', ...process.argv.slice(2)])
