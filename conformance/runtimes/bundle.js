/**
 * The tests of `@tessera/jose` as one script that needs no test framework, no file and no module of Node: the same
 * octets run on every runtime. `vitest` becomes `suite/vitest.js`, and every `node:…` a stand-in.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { findVectors } from '../vectors.js'
import { excludedFiles } from './exclusions.js'
import { nodeOf } from './runtimes.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const tests = 'packages/jose/test'
/** Where the bundle says that the repository lies, so that paths mean the same everywhere. */
const virtualRoot = '/repository'

/**
 * Which modules are ours on Node too, because the bundle does not lie where the tests do, and which are what the library
 * is held against; see `stand-ins/builtin.js`.
 */
const sources = /** @type {Record<string, string>} */ ({
  'node:fs': 'ours',
  'node:path': 'ours',
  'node:url': 'ours',
  'node:crypto': 'reference',
})

const slashes = (/** @type {string} */ path) => path.split(sep).join('/')

/** Files below a folder whose path matches. @param {string} folder @param {RegExp} wanted */
function filesIn(folder, wanted) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(slashes)
    .filter((path) => wanted.test(path))
    .sort()
}

/** @param {Record<string, () => string>} modules  the text of each virtual module @returns {import('rolldown').Plugin} */
function virtualModules(modules) {
  return {
    name: 'virtual-modules',
    resolveId: (id) => (modules[id] === undefined ? null : `\0${id}`),
    load: (id) => modules[id.slice(1)]?.() ?? null,
  }
}

/** The script that is bundled: every test file by its path, loaded when it is its turn. @param {string} only */
function entry(only) {
  const loaders = [join(root, tests), join(here, 'tests')].flatMap((folder) =>
    filesIn(folder, /\.test\.[jt]s$/)
      .filter((path) => excludedFiles[path] === undefined && path.includes(only))
      .map((path) => `${JSON.stringify(path)}: () => import(${JSON.stringify(join(folder, path))}),`),
  )
  return `import { runFiles } from ${JSON.stringify(join(here, 'suite/run-suite.js'))}
import { describeRuntime } from ${JSON.stringify(join(here, 'suite/describe-runtime.js'))}
const files = {
${loaders.join('\n')}
}
export async function run(begin) {
  const start = Date.now()
  const outcomes = await runFiles(files, begin)
  return { outcomes, support: await describeRuntime(), ms: Date.now() - start }
}
`
}

/** Texts that tests read from disk, by their path in the virtual repository. @param {string | undefined} vectors */
function carriedFiles(vectors) {
  const { directory } = findVectors(vectors)
  const own = filesIn(join(root, tests), /\.(pem|json|der)$/).map((path) => [
    `${virtualRoot}/${tests}/${path}`,
    readFileSync(join(root, tests, path), 'utf8'),
  ])
  const published = filesIn(directory, /^(attack[^/]*|(rfc|cookbook|wycheproof)\/.*)\.json$|\.gz$/).map(
    (path) => [
      `/shared/vectors/${path}`,
      readFileSync(join(directory, path), path.endsWith('.gz') ? 'base64' : 'utf8'),
    ],
  )
  return Object.fromEntries([...own, ...published])
}

/** @returns {import('rolldown').Plugin} */
function nodeModules() {
  const require = createRequire(import.meta.url)
  return {
    name: 'modules-of-node',
    resolveId(id) {
      for (const name of ['portable', 'source-surface'])
        if (id.endsWith(`/${name}.ts`)) return join(here, `stand-ins/${name}.js`)
      return id.startsWith('node:') ? `\0stand-in:${id}` : null
    },
    load(id) {
      if (!id.startsWith('\0stand-in:')) return null
      const name = id.slice('\0stand-in:'.length)
      const own = join(here, 'stand-ins', `${name.slice('node:'.length)}.js`)
      const ours = existsSync(own) ? `import * as own from ${JSON.stringify(own)}` : 'const own = {}'
      const from = sources[name] ?? 'runtime'
      const names = Object.keys(require(name)).filter(
        (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default',
      )
      return `import { choose } from ${JSON.stringify(join(here, 'stand-ins/builtin.js'))}
${ours}
const pick = choose(${JSON.stringify(name)}, own, ${JSON.stringify(from)})
${names.map((key) => `const $${key} = pick(${JSON.stringify(key)})`).join('\n')}
export { ${names.map((key) => `$${key} as ${key}`).join(', ')} }
`
    },
  }
}

/** What a file knows of its own place. @returns {import('rolldown').Plugin} */
function ownPlaces() {
  return {
    name: 'own-places',
    transform(code, id) {
      const path = slashes(relative(root, id))
      if (!code.includes('import.meta.url') || path.startsWith('..') || path.includes('node_modules'))
        return null
      return code.replaceAll('import.meta.url', JSON.stringify(`file://${virtualRoot}/${path}`))
    },
  }
}

/**
 * Writes `suite.js`, `suite.browser.js` and their source maps: the second as bundlers make one for a page, without the
 * parts of the library that are for Node alone.
 *
 * @param {{ folder: string, vectors?: string | undefined, only?: string | undefined }} options  `only` the test files
 *   whose path has this in it
 */
export async function bundle({ folder, vectors, only = '' }) {
  const keys = makeKeys()
  const modules = {
    'virtual:suite': () => entry(only),
    'virtual:key-pool': () => `export const { pool, files } = ${keys}`,
    'virtual:files': () => `export default ${JSON.stringify(carriedFiles(vectors))}`,
  }
  await build(join(folder, 'suite.js'), modules, [])
  await build(join(folder, 'suite.browser.js'), modules, [['browser']])
}

/** Keys for the stand-in of `node:crypto`, as JSON. */
function makeKeys() {
  return execFileSync(nodeOf('node24'), [join(here, 'stand-ins/key-pool.js'), join(root, tests)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
}

/** @param {string} file @param {Record<string, () => string>} modules @param {string[][]} aliasFields of package.json */
async function build(file, modules, aliasFields) {
  const bundled = await rolldown({
    input: 'virtual:suite',
    cwd: root,
    platform: 'neutral',
    resolve: {
      alias: {
        vitest: join(here, 'suite/vitest.js'),
        'fast-check': join(here, 'suite/fast-check.js'),
        'fast-check-itself': join(root, 'node_modules/fast-check/lib/fast-check.js'),
      },
      aliasFields,
      conditionNames: ['@tessera/source', 'import', 'default'],
      mainFields: ['module', 'main'],
    },
    transform: {
      define: { 'process.env': '({})' },
      inject: { Buffer: [join(here, 'stand-ins/buffer.js'), 'Buffer'] },
    },
    plugins: [virtualModules(modules), nodeModules(), ownPlaces()],
    onwarn(warning, warn) {
      // Replacing `import.meta.url` moves columns, never lines.
      if (warning.code !== 'SOURCEMAP_BROKEN') warn(warning)
    },
  })
  await bundled.write({ file, format: 'esm', sourcemap: true, codeSplitting: false })
  await bundled.close()
}
