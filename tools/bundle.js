// @ts-check
/**
 * Few files in place of many, for runtimes that load modules from a disk (docs/decisions/0033-few-files-for-node.md).
 * Where the `exports` of a package have a condition `node`, the entries it names are made from the package's sources,
 * each with the modules that it alone uses, beside the parts that they share. Nothing is renamed, compressed or left
 * over from before; the same sources make the same octets.
 *
 *     node tools/bundle.js [folder]    every such package of a checkout, default this one
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** @typedef {{ source: string, output: string }} Entry  paths from the package's folder */

/**
 * Entries whose modules stand together in one file each: what an earlier one uses is not in a later one. A program that
 * only looks into tokens does not load the rest; every other entry needs most of it.
 */
const parts = ['unverified', 'index']

/** The entries of a package that are made for `node`. @param {string} folder @returns {Entry[]} */
export function nodeEntries(folder) {
  const path = join(folder, 'package.json')
  const { exports = {} } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return Object.values(exports).flatMap((conditions) =>
    conditions.node === undefined ? [] : [{ source: conditions['@tessera/source'], output: conditions.node }],
  )
}

/** The name of an entry, which is that of its file. @param {Entry} entry */
const nameOf = ({ output }) => posix.basename(output, '.js')

/**
 * Sees which modules each part has, by walking the imports from its entry. What is loaded by `import()` stays apart.
 *
 * @param {Map<string, string>} partOf  filled: the part of each module
 * @param {string[]} entries  the files of `parts`, in their order
 * @returns {import('rolldown').Plugin}
 */
function seeParts(partOf, entries) {
  return {
    name: 'see parts',
    buildEnd() {
      for (const [index, entry] of entries.entries()) {
        const waiting = [...(this.getModuleInfo(entry)?.importedIds ?? [])]
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          if (partOf.has(id)) continue
          partOf.set(id, parts[index] ?? '')
          waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []))
        }
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
  /** @type {Map<string, string>} */
  const partOf = new Map()
  const roots = parts.flatMap((name) => input[name] ?? [])
  const bundle = await rolldown({ input, cwd: folder, platform: 'node', plugins: [seeParts(partOf, roots)] })
  const { output: files } = await bundle.write({
    dir: target,
    format: 'es',
    comments: false,
    minifyInternalExports: false,
    // One character beyond ASCII makes the engine read all of a file as text of two octets each.
    charset: 'ascii',
    sourcemap: true,
    // The sources are published beside them.
    sourcemapExcludeSources: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    codeSplitting: {
      groups: parts.map((name, index) => ({
        name,
        test: (id) => partOf.get(id) === name,
        priority: parts.length - index,
      })),
    },
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
