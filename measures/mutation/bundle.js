/** One script for each test file, its sources and their mutants within: loaded anew for each mutant, in milliseconds. */
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'

/** Test support that holds no state of the library: run once, so that no key pair is made twice. */
export const sharedNames = ['forge', 'vectors']
const shared = new RegExp(`/test/(${sharedNames.join('|')})\\.ts$`)

/** The name of the script that holds the sources which tests load anew. */
export const reloadedName = 'reloaded'

/** @typedef {[name: string, text: string]} Scripts  the text of an async function that takes `load` and gives exports */

/**
 * @param {readonly string[]} files  test files and shared support
 * @param {ReadonlyMap<string, string>} sources  instrumented, by path
 * @returns {Promise<Scripts[]>}
 */
export async function bundleScripts(files, sources) {
  /** @type {Set<string>} */
  const reloaded = new Set()
  /** @type {Scripts[]} */
  const scripts = []
  for (const file of files) {
    const plugins = [instrumented(sources), leftOut(file, reloaded)]
    scripts.push([file, await bundle({ entryPoints: [file], plugins })])
  }
  // In one script, so that they are the same to each other.
  const names = [...reloaded].map((path, index) => `${JSON.stringify(path)}: m${index}`)
  const imports = [...reloaded].map((path, index) => `import * as m${index} from ${JSON.stringify(path)}`)
  const contents = `${imports.join('\n')}\nexport const modules = { ${names.join(', ')} }`
  const stdin = { contents, resolveDir: '/' }
  scripts.push([reloadedName, await bundle({ stdin, plugins: [instrumented(sources)] })])
  return scripts
}

/** @param {import('esbuild').BuildOptions} options @returns {Promise<string>} */
async function bundle(options) {
  const { outputFiles } = await build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    ...options,
    write: false,
  })
  return asFunction(/** @type {{ text: string }} */ (outputFiles[0]).text)
}

/** @param {ReadonlyMap<string, string>} sources @returns {import('esbuild').Plugin} */
function instrumented(sources) {
  return {
    name: 'instrumented',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = sources.get(path) ?? readFileSync(path, 'utf8')
        // A script is at one place, and its files were at others.
        return { contents: contents.replaceAll('import.meta.url', `'file://${path}'`), loader: 'ts' }
      })
    },
  }
}

/**
 * Leaves out what is a script of its own: shared support, and what a test loads anew.
 *
 * @param {string} entry @param {Set<string>} reloaded  takes the paths of the latter
 * @returns {import('esbuild').Plugin}
 */
function leftOut(entry, reloaded) {
  return {
    name: 'left out',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
        const resolved = new URL(path, `file://${resolveDir}/`).pathname
        if (kind === 'dynamic-import') reloaded.add(resolved)
        else if (resolved === entry || !shared.test(resolved)) return undefined
        return { path: resolved, external: true }
      })
    },
  }
}

/** ES modules cannot be thrown away again; functions can. @param {string} text */
function asFunction(text) {
  const body = text
    .replaceAll(/\bimport\(("[^"]+")\)/g, '__load($1)')
    .replaceAll(
      /^import ([^"]+?) from ("[^"]+");$/gm,
      (_, names, from) => `const ${bindings(names)} = await __load(${from});`,
    )
    .replace(/^export (\{[^}]*\});$/m, (_, names) => `return ${exported(names)};`)
  return `(async (__load) => {\n${body}\n})`
}

/** @param {string} names  what stands after `export` */
function exported(names) {
  return names.replaceAll(/(\S+) as (\S+?)(?=[,\s}])/g, '$2: $1')
}

/** @param {string} names  what stands between `import` and `from` */
function bindings(names) {
  if (names.startsWith('{')) return names.replaceAll(' as ', ': ')
  if (names.startsWith('* as ')) return names.slice(5)
  return `{ default: ${names} }`
}
