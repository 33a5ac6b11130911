// @ts-check
/**
 * `npm run check`: everything that can be said of the sources without running them. Every step runs, also after one
 * failed; the exit code is 1 when any did.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runCommand } from './run-command.js'
import { root, setupOrExit } from './setup.js'

/** @typedef {{ name: string, args: string[] }} Step  the arguments of a Node process */
/** @typedef {{ name: string, seconds: number, ok: boolean, output: string }} Outcome */

const bin = (/** @type {string} */ path) => join(root, 'node_modules', path)
const tsc = bin('typescript/bin/tsc')

/** The folders below one that have their own compiler options. @param {string} folder */
function projects(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(join(root, path, 'tsconfig.json')))
}

/** Compiled first: what follows reads the declarations in `dist`, and packs all of it. @returns {Step} */
function compileStep() {
  const packages = projects('packages').filter((path) => existsSync(join(root, path, 'src')))
  return { name: 'types', args: [tsc, '-b', ...packages] }
}

/** @returns {Step[]} */
function steps() {
  return [
    { name: 'types of tests', args: [tsc, '-p', 'tsconfig.tests.json'] },
    ...projects('apps').map((path) => ({ name: `types of ${path}`, args: [tsc, '--noEmit', '-p', path] })),
    { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--deny-warnings'] },
    { name: 'format', args: [bin('oxfmt/bin/oxfmt'), '--check'] },
    { name: 'layers', args: ['tools/check-layers.js'] },
    { name: 'unused code', args: [bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints'] },
    { name: 'packages', args: ['tools/check-packages.js'] },
    { name: 'docs', args: ['tools/check-docs.js'] },
    { name: 'code in docs', args: ['tools/check-snippets.js'] },
  ]
}

/** @param {Step} step @returns {Promise<Outcome>} */
async function runStep({ name, args }) {
  const start = performance.now()
  const { code, output } = await runCommand(process.execPath, args, root)
  const outcome = { name, seconds: (performance.now() - start) / 1000, ok: code === 0, output }
  console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${name.padEnd(24)} ${outcome.seconds.toFixed(1)} s`)
  if (!outcome.ok) console.log(output.trimEnd())
  return outcome
}

/** Runs the steps two at a time. @param {Step[]} waiting @returns {Promise<Outcome[]>} */
async function runSteps(waiting) {
  /** @type {Outcome[]} */
  const outcomes = []
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) outcomes.push(await runStep(step))
  }
  await Promise.all([worker(), worker()])
  return outcomes
}

/** Runs every check and prints a line for each. @returns {Promise<Outcome[]>} */
export async function check() {
  await setupOrExit({ build: false })
  const built = await runSteps([compileStep(), { name: 'few files', args: ['tools/bundle.js'] }])
  return [...built, ...(await runSteps(steps()))]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outcomes = await check()
  const failed = outcomes.filter(({ ok }) => !ok)
  console.log(
    failed.length === 0 ? 'all checks passed' : `failed: ${failed.map(({ name }) => name).join(', ')}`,
  )
  if (failed.length > 0) process.exitCode = 1
}
