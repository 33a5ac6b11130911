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

/** Modules of which ours goes first on Node too: the bundle does not lie where the tests do. */
const alwaysOurs = ['node:fs', 'node:path', 'node:url']

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
  const files = filesIn(join(root, tests), /\.test\.ts$/).filter(
    (path) => excludedFiles[path] === undefined && path.includes(only),
  )
  const loaders = files.map(
    (path) => `${JSON.stringify(path)}: () => import(${JSON.stringify(join(root, tests, path))}),`,
  )
  return `import { runFiles } from ${JSON.stringify(join(here, 'suite/run-suite.js'))}
import { describeRuntime } from ${JSON.stringify(join(here, 'suite/describe-runtime.js'))}
const files = {
${loaders.join('\n')}
}
export async function run() {
  const start = Date.now()
  const outcomes = await runFiles(files)
  return { outcomes, ...(await describeRuntime()), ms: Date.now() - start }
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
      if (id.endsWith('/portable.ts')) return join(here, 'stand-ins/portable.js')
      return id.startsWith('node:') ? `\0stand-in:${id}` : null
    },
    load(id) {
      if (!id.startsWith('\0stand-in:')) return null
      const name = id.slice('\0stand-in:'.length)
      const own = join(here, 'stand-ins', `${name.slice('node:'.length)}.js`)
      const ours = existsSync(own) ? `import * as own from ${JSON.stringify(own)}` : 'const own = {}'
      const first = alwaysOurs.includes(name) ? 'ours' : 'node'
      const names = Object.keys(require(name)).filter(
        (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default',
      )
      return `import { choose } from ${JSON.stringify(join(here, 'stand-ins/builtin.js'))}
${ours}
const pick = choose(${JSON.stringify(name)}, own, ${JSON.stringify(first)})
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
 * Writes `suite.js` and its source map.
 *
 * @param {{ folder: string, vectors?: string | undefined, only?: string | undefined }} options  `only` the test files
 *   whose path has this in it
 */
export async function bundle({ folder, vectors, only = '' }) {
  const keys = execFileSync(nodeOf('node26'), [join(here, 'stand-ins/key-pool.js')], { encoding: 'utf8' })
  const build = await rolldown({
    input: 'virtual:suite',
    cwd: root,
    platform: 'neutral',
    resolve: {
      alias: {
        vitest: join(here, 'suite/vitest.js'),
      },
      conditionNames: ['@tessera/source', 'import', 'default'],
      mainFields: ['module', 'main'],
    },
    transform: {
      define: { 'process.env': '({})' },
      inject: { Buffer: [join(here, 'stand-ins/buffer.js'), 'Buffer'] },
    },
    plugins: [
      virtualModules({
        'virtual:suite': () => entry(only),
        'virtual:key-pool': () => `export default ${keys}`,
        'virtual:files': () => `export default ${JSON.stringify(carriedFiles(vectors))}`,
      }),
      nodeModules(),
      ownPlaces(),
    ],
    onwarn(warning, warn) {
      // Replacing `import.meta.url` moves columns, never lines.
      if (warning.code !== 'SOURCEMAP_BROKEN') warn(warning)
    },
  })
  await build.write({
    file: join(folder, 'suite.js'),
    format: 'esm',
    sourcemap: true,
    codeSplitting: false,
  })
  await build.close()
}
