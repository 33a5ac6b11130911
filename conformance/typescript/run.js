// @ts-check
/**
 * `npm run test:typescript`: compiles the projects of users, against the built declarations of every package, with the
 * versions of TypeScript that we are for. Good lines must compile and bad ones (`@ts-expect-error`) must not; in our own
 * declarations nothing may be wrong at all (`skipLibCheck: false`). Then what an editor shows is compared with what we
 * promise (`hovers.js`).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmCommand, runCommand, runQuietly } from '../../tools/run-command.js'
import { setupOrExit } from '../../tools/setup.js'
import { consumer, layOutConsumer } from './consumer.js'
import { hoverFaults } from './hovers.js'

/** @typedef {import('./consumer.js').Program} Program */
/** @typedef {{ name: string, platform: 'web' | 'node' | 'both', takes: (name: string) => boolean, options: Record<string, unknown> }} Setting */
/** @typedef {{ checks: number, faults: string[] }} Outcome */

const here = fileURLToPath(new URL('.', import.meta.url))
const versions = ['5.4', '5.9', '6.0', '7.0']

const nodeNext = { module: 'NodeNext', moduleResolution: 'NodeNext' }
const bundler = { module: 'ESNext', moduleResolution: 'Bundler' }

const exact = { exactOptionalPropertyTypes: true }
const needsNode = ['node.ts']
const needsWeb = ['client.ts']
const isTypeTest = (/** @type {string} */ name) => name.endsWith('.test.ts')

/** @type {Setting[]} */
const settings = [
  {
    name: 'web, nodenext, exact',
    platform: 'web',
    takes: (name) => !needsNode.includes(name),
    options: { ...nodeNext, ...exact },
  },
  {
    name: 'web, bundler',
    platform: 'web',
    takes: (name) => !needsNode.includes(name),
    options: { ...bundler, noUncheckedIndexedAccess: true },
  },
  {
    name: 'node, nodenext',
    platform: 'node',
    takes: (name) => !needsWeb.includes(name) && !needsNode.includes(name),
    options: nodeNext,
  },
  // The declarations of the frameworks are many; one setting with them is enough.
  {
    name: 'both, bundler, exact',
    platform: 'both',
    takes: (name) => !isTypeTest(name),
    options: { ...bundler, ...exact },
  },
]

await setupOrExit()
await installCompilers()
const programs = layOutConsumer()
const results = await runAll()
let [passed, failed] = [0, 0]
for (const version of versions) {
  const outcomes = results.get(version) ?? []
  const checks = outcomes.reduce((sum, outcome) => sum + outcome.checks, 0)
  const faults = outcomes.flatMap((outcome) => outcome.faults)
  for (const fault of faults) console.log(`FAILED  ${fault}`)
  console.log(`TypeScript ${versionOf(version)}: ${checks} checks, ${faults.length} faults`)
  passed += Math.max(0, checks - faults.length)
  failed += faults.length
}
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0) process.exitCode = 1

async function installCompilers() {
  if (versions.every((version) => existsSync(join(here, `node_modules/typescript-${version}/package.json`))))
    return
  const [command, ...args] = npmCommand()
  await runQuietly(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], here)
}

/** @param {string} version */
function versionOf(version) {
  return JSON.parse(readFileSync(join(here, `node_modules/typescript-${version}/package.json`), 'utf8'))
    .version
}

/** Two compilers at a time, those that take longest first. @returns {Promise<Map<string, Outcome[]>>} by version */
async function runAll() {
  const waiting = settings
    .toReversed()
    .flatMap((setting) => versions.map((version) => ({ version, setting })))
  /** @type {Map<string, Outcome[]>} */
  const outcomes = new Map(versions.map((version) => [version, []]))
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      outcomes.get(next.version)?.push(await compile(next.version, next.setting))
  }
  // What an editor shows is asked in this process, while two others compile.
  const hovers = async () => {
    for (const version of versions) {
      outcomes.get(version)?.push(hoverFaults(version))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all([worker(), worker(), hovers()])
  return outcomes
}

/**
 * One check for each program, for each line that must not compile, and for our declarations.
 *
 * @param {string} version
 * @param {Setting} setting
 * @returns {Promise<Outcome>}
 */
async function compile(version, setting) {
  const chosen = programs
    .filter(({ name }) => setting.takes(name))
    .map((program) => underSetting(program, setting))
  // A folder for each: two compilers run at a time.
  const folder = join(consumer, `${version} ${setting.name}`.replaceAll(/\W+/g, '-'))
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of chosen) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configFor(setting, chosen)))
  const tsc = join(here, `node_modules/typescript-${version}/bin/tsc`)
  const { code, output } = await runCommand(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], folder)
  const faults = ownDiagnostics(output)
  // Diagnostics of nobody's file (a flag that this version does not know) would otherwise pass unseen.
  if (code !== 0 && faults.length === 0 && !/^[^\s(]+\(\d+,\d+\): error/m.test(output))
    faults.push(output.trim())
  const badLines = chosen.reduce((sum, { text }) => sum + (text.match(/@ts-expect-error/g) ?? []).length, 0)
  return {
    checks: chosen.length + badLines + 1,
    faults: faults.map((fault) => `TypeScript ${version}, ${setting.name}: ${fault}`),
  }
}

/** What only `exactOptionalPropertyTypes` refuses is no bad line without it. @param {Program} program @param {Setting} setting @returns {Program} */
function underSetting({ name, text }, { options }) {
  if (options['exactOptionalPropertyTypes'] === true) return { name, text }
  return { name, text: text.replaceAll(/@ts-expect-error (?=.*\(exactOptionalPropertyTypes\)$)/gm, '') }
}

/** @param {Setting} setting @param {Program[]} chosen */
function configFor({ platform, options }, chosen) {
  const compilerOptions = {
    target: 'ES2022',
    lib: platform === 'node' ? ['ES2022'] : ['ES2022', 'DOM', 'DOM.Iterable'],
    types: platform === 'web' ? [] : ['node'],
    strict: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    noEmit: true,
    ...options,
  }
  return { compilerOptions, files: chosen.map(({ name }) => name) }
}

/** The diagnostics of our programs and of our declarations; what is wrong with a third party's is not ours. @param {string} output */
function ownDiagnostics(output) {
  const thirdParty = /(?:^|\/)node_modules\/(?!@tessera\/)/
  return output
    .split('\n')
    .filter((line) => /^[^\s(]+\(\d+,\d+\): error/.test(line))
    .filter((line) => !thirdParty.test(line.slice(0, line.indexOf('('))))
}
