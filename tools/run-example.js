// @ts-check
/**
 * Runs one of the examples from its TypeScript source against the built packages, on every Node that Tessera runs on.
 * (Node 22.18 and later run `node examples/NAME.ts` by themselves, after `npm run build`.)
 *
 *     node tools/run-example.js primer
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, setupOrExit } from './setup.js'

const folder = join(root, 'examples')

/** @param {string | undefined} name */
function exampleFile(name) {
  const path = join(folder, `${name}.ts`)
  if (name !== undefined && /^[\w-]+$/.test(name) && existsSync(path)) return path
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []))
  console.error(`expected the name of an example: ${names.join(', ')}`)
  return process.exit(2)
}

const path = exampleFile(process.argv[2])
await setupOrExit()
// Imported after set-up, which installs it.
const { runnerImport } = await import('vite')
// The example runs its session when it is the program that was started.
process.argv.splice(1, 2, path)
await runnerImport(path, { root, configFile: false, logLevel: 'error', envFile: false })
