// @ts-check
/**
 * Few files in place of many, for runtimes that load modules from a disk (docs/decisions/0033-few-files-for-node.md).
 * Where the `exports` of a package have a condition `node`, the entries it names are made from the package's sources,
 * each with the modules that it alone uses, beside the part that they share. White space goes, and names that no stack
 * shows; nothing is rewritten or left over from before; the same sources make the same octets.
 *
 *     node tools/bundle.js [folder]    every such package of a checkout, default this one
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** @typedef {{ source: string, output: string }} Entry  paths from the package's folder */

/** The entry whose modules stand in one file that all entries share: each further file takes Node a millisecond more. */
const whole = 'index'

/** The entries of a package that are made for `node`. @param {string} folder @returns {Entry[]} */
export function nodeEntries(folder) {
  const path = join(folder, 'package.json')
  const { exports = {} } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return Object.values(exports).flatMap((conditions) =>
    conditions.node === undefined ? [] : [{ source: conditions['@tessera/source'], output: conditions.node }],
  )
}

/** Shorter text for the compiler; functions and classes keep their names, and code stays as it was written. */
const minify = {
  compress: false,
  mangle: { toplevel: true, keepNames: true },
  codegen: { removeWhitespace: true },
}

/** The name of an entry, which is that of its file. @param {Entry} entry */
const nameOf = ({ output }) => posix.basename(output, '.js')

/**
 * Sees which modules an entry uses, by walking its imports. What is loaded by `import()` stays apart.
 *
 * @param {Set<string>} found  filled
 * @param {string} entry
 * @returns {import('rolldown').Plugin}
 */
function seeModules(found, entry) {
  return {
    name: 'see modules',
    buildEnd() {
      const waiting = [...(this.getModuleInfo(entry)?.importedIds ?? [])]
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (found.has(id)) continue
        found.add(id)
        waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []))
      }
    },
  }
}

/**
 * Writes the files of one package.
 *
 * @param {string} folder
 * @param {string} [output]  where to; default the folder that `exports` names
 */
export async function bundlePackage(folder, output) {
  // Loaded here: set-up asks for the entries before anything is installed.
  const { rolldown } = await import('rolldown')
  const entries = nodeEntries(folder)
  const target = output ?? join(folder, posix.dirname(entries[0]?.output ?? ''))
  const input = Object.fromEntries(entries.map((entry) => [nameOf(entry), join(folder, entry.source)]))
  /** @type {Set<string>} */
  const shared = new Set()
  const plugins = [seeModules(shared, input[whole] ?? '')]
  const bundle = await rolldown({ input, cwd: folder, platform: 'node', plugins })
  const { output: files } = await bundle.write({
    dir: target,
    format: 'es',
    comments: false,
    minifyInternalExports: false,
    minify,
    // One character beyond ASCII makes the engine read all of a file as text of two octets each.
    charset: 'ascii',
    sourcemap: true,
    // The sources are published beside them.
    sourcemapExcludeSources: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    codeSplitting: { groups: [{ name: whole, test: (id) => shared.has(id) }] },
  })
  await bundle.close()
  prune(target, new Set(files.map(({ fileName }) => fileName)))
}

/** Deletes what an earlier run has left. @param {string} folder @param {Set<string>} written */
function prune(folder, written) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if (!written.has(relative(folder, path).split(sep).join('/'))) rmSync(path)
  }
}

/** The packages of a checkout that have such entries. @param {string} root */
function bundledPackages(root) {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .sort()
    .map((name) => join(packages, name))
    .filter((folder) => nodeEntries(folder).length > 0)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
  for (const folder of bundledPackages(root)) await bundlePackage(folder)
}
