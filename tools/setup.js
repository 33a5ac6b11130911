// @ts-check
/**
 * Makes a checkout ready to run: installs the dependencies and compiles the packages and the console, whatever of it
 * is missing or out of date. Plain JavaScript without dependencies, because it runs before `node_modules` exists.
 *
 *     node tools/setup.js            only what changed
 *     node tools/setup.js --force    compiles everything again
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nodeEntries } from './bundle.js'
import { npmCommand, runQuietly } from './run-command.js'
import { withLock } from './lock.js'

export const root = fileURLToPath(new URL('..', import.meta.url))

const nodeFloor = [20, 19]
const runtime = `${process.version} ${process.platform} ${process.arch}`

/** @param {string} folder the checkout */
function stampPaths(folder) {
  return {
    install: join(folder, 'node_modules/.tessera-install.json'),
    build: join(folder, 'node_modules/.tessera-build.json'),
    // Outside node_modules, which `npm ci` deletes first.
    lock: join(folder, '.tessera/setup.lock'),
  }
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string | Buffer} content */
const sha256 = (content) => createHash('sha256').update(content).digest('hex')

/** One clear line when this Node is older than the floor, else undefined. @param {string} version */
export function nodeVersionFault(version = process.version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const [floorMajor = 0, floorMinor = 0] = nodeFloor
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return undefined
  return `Tessera needs Node ${nodeFloor.join('.')} or later, got ${version} (${process.execPath})`
}

/**
 * Whether `npm` itself already installed exactly this lock file: npm keeps what it installed in a hidden lock file.
 * @param {string} folder
 */
export function installedByNpm(folder) {
  const wanted = readJson(join(folder, 'package-lock.json'))?.packages
  const present = readJson(join(folder, 'node_modules/.package-lock.json'))?.packages
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const found = present[path]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/** What to do about node_modules. @param {string} folder @returns {'nothing' | 'adopt' | 'install'} */
export function installNeeded(folder) {
  const lock = sha256(readFileSync(join(folder, 'package-lock.json')))
  const stamp = readJson(stampPaths(folder).install)
  if (stamp?.lock === lock && stamp.runtime === runtime) return 'nothing'
  const sameRuntime = stamp === undefined || stamp.runtime === runtime
  return sameRuntime && installedByNpm(folder) ? 'adopt' : 'install'
}

/** @param {string} folder */
function writeInstallStamp(folder) {
  const lock = sha256(readFileSync(join(folder, 'package-lock.json')))
  writeFileSync(stampPaths(folder).install, JSON.stringify({ lock, runtime }))
}

/** Every file below a folder, sorted, without built and installed ones. @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  if (!existsSync(folder)) return []
  const skipped = new Set(['node_modules', 'dist', 'test'])
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path)
      return entry.isFile() ? [path] : []
    })
}

/** The packages that have sources. @param {string} folder */
function packageFolders(folder) {
  const packages = join(folder, 'packages')
  if (!existsSync(packages)) return []
  return readdirSync(packages)
    .sort()
    .map((name) => join(packages, name))
    .filter((path) => filesBelow(join(path, 'src')).some((file) => file.endsWith('.ts')))
}

/** The console's folder when it can be built, else undefined. @param {string} folder */
function consoleFolder(folder) {
  const path = join(folder, 'apps/console')
  return existsSync(join(path, 'index.html')) ? path : undefined
}

/** What makes the few files for Node. */
const bundlerFiles = ['bundle', 'late-modules', 'late-part', 'module-graph'].map((name) => `tools/${name}.js`)

/** A digest of names, sizes and times of everything that the build reads. @param {string} folder */
export function sourceDigest(folder) {
  const inputs = [
    ...['package-lock.json', 'tsconfig.base.json', 'tsconfig.json', ...bundlerFiles].map((name) =>
      join(folder, name),
    ),
    ...packageFolders(folder).flatMap((path) => [
      join(path, 'package.json'),
      join(path, 'tsconfig.json'),
      ...filesBelow(join(path, 'src')),
    ]),
    ...filesBelow(join(folder, 'apps')),
  ]
  const lines = inputs.filter(existsSync).map((path) => {
    const { size, mtimeMs } = statSync(path)
    return `${relative(folder, path)} ${size} ${mtimeMs}`
  })
  return sha256([runtime, ...lines].join('\n'))
}

/** @param {string} folder */
export function buildNeeded(folder) {
  const outputs = packageFolders(folder).flatMap((path) => [
    join(path, 'dist/.tsbuildinfo'),
    ...nodeEntries(path).map(({ output }) => join(path, output)),
  ])
  const page = consoleFolder(folder)
  if (page) outputs.push(join(page, 'dist/index.html'))
  if (!outputs.every(existsSync)) return true
  return readJson(stampPaths(folder).build)?.sources !== sourceDigest(folder)
}

/**
 * Deletes compiled files whose source is gone, which the compiler leaves lying and a package would publish.
 * @param {string} packageFolder
 */
function pruneOutputs(packageFolder) {
  const output = join(packageFolder, 'dist')
  const bundled = nodeEntries(packageFolder).map((entry) => join(packageFolder, dirname(entry.output)))
  for (const path of filesBelow(output)) {
    // `bundle.js` clears its own.
    if (bundled.some((place) => path.startsWith(join(place, sep)))) continue
    const source = path.replace(/(\.d)?\.(js|ts)(\.map)?$/, '.ts')
    if (source === path && !path.endsWith('.ts')) continue
    if (!existsSync(join(packageFolder, 'src', relative(output, source)))) rmSync(path)
  }
}

/** @param {string} label @param {() => Promise<void>} work */
async function step(label, work) {
  const start = performance.now()
  await work()
  console.log(`${label} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
}

/** @param {string} folder */
async function install(folder) {
  await step('dependencies installed', async () => {
    const [command, ...args] = npmCommand()
    // Development dependencies hold the compiler: they are wanted under NODE_ENV=production too.
    await runQuietly(command, [...args, 'ci', '--include=dev', '--loglevel=error'], folder)
  })
  writeInstallStamp(folder)
}

/** @param {string} folder @param {boolean} force */
async function compile(folder, force) {
  const { build } = stampPaths(folder)
  rmSync(build, { force: true })
  // Taken first: a file that is saved while the compiler runs makes the next run compile again.
  const sources = sourceDigest(folder)
  const packages = packageFolders(folder)
  const names = packages.map((path) => relative(folder, path).split(sep).join('/'))
  await step(`${names.length} packages compiled`, async () => {
    const compiler = join(folder, 'node_modules/typescript/bin/tsc')
    const flags = force ? ['--force'] : []
    const bundler = join(root, 'tools/bundle.js')
    await Promise.all([
      runQuietly(process.execPath, [compiler, '-b', ...flags, ...names], folder),
      runQuietly(process.execPath, [bundler, folder], folder),
    ])
    packages.forEach(pruneOutputs)
  })
  const page = consoleFolder(folder)
  if (page) {
    await step('console built', async () => {
      const vite = join(folder, 'node_modules/vite/bin/vite.js')
      await runQuietly(process.execPath, [vite, 'build', '--logLevel', 'warn'], page)
    })
  }
  writeFileSync(build, JSON.stringify({ sources }))
}

/**
 * Installs and compiles what is missing or out of date; with nothing changed it only compares stamps.
 *
 * @param {{ build?: boolean, force?: boolean, folder?: string }} [options] `build`: compile too (default true);
 *   `force`: compile even when nothing changed; `folder`: the checkout (default this one)
 * @throws {Error} with the output of the step that failed
 */
export async function setup({ build = true, force = false, folder = root } = {}) {
  const fault = nodeVersionFault()
  if (fault) throw new Error(fault)
  const compileNow = () => build && (force || buildNeeded(folder))
  if (installNeeded(folder) === 'nothing' && !compileNow()) return
  const { lock } = stampPaths(folder)
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  await withLock(lock, async () => {
    // Asked again: another run may have done it while this one waited.
    const needed = installNeeded(folder)
    if (needed === 'install') await install(folder)
    if (needed === 'adopt') writeInstallStamp(folder)
    if (compileNow()) await compile(folder, force)
  })
}

/**
 * Set-up for a command: says a failure in its own words, without a stack, and ends the process.
 * @param {Parameters<typeof setup>[0]} [options]
 */
export async function setupOrExit(options) {
  try {
    await setup(options)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await setupOrExit({ force: process.argv.includes('--force') })
}
