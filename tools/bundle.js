// @ts-check
/**
 * Few files in place of many, for runtimes that load modules from a disk (docs/decisions/0033-few-files-for-node.md).
 * Where the `exports` of a package have a condition `module-sync`, which Node alone asks for, the entries it names are made from the package's sources,
 * each with the modules that it alone uses, beside the part that they share. White space goes, and names that no stack
 * shows; nothing is rewritten or left over from before; the same sources make the same octets.
 *
 *     node tools/bundle.js [folder]    every such package of a checkout, default this one
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { lateModules } from './late-modules.js'
import { cutGraph, firstPart, isMade, lateEntry, lateFrame, latePart } from './late-part.js'
import { readGraph, reached } from './module-graph.js'

/** @typedef {{ source: string, output: string }} Entry  paths from the package's folder */

/** The entry whose modules stand in one file that all entries share: each further file takes Node a millisecond more. */
const whole = 'index'

/** @param {string} folder */
function readManifest(folder) {
  const path = join(folder, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The entries of a package that are made for Node. @param {string} folder @returns {Entry[]} */
export function nodeEntries(folder) {
  const { exports = {} } = readManifest(folder)
  return Object.values(exports).flatMap((conditions) => {
    const output = conditions['module-sync']
    return output === undefined ? [] : [{ source: conditions['@tessera/source'], output }]
  })
}

/** Shorter text for the compiler; functions and classes keep their names, and code stays as it was written. */
const minify = {
  compress: false,
  mangle: { toplevel: true, keepNames: true },
  codegen: { removeWhitespace: true },
}

/** The name of an entry, which is that of its file. @param {Entry} entry */
const nameOf = ({ output }) => posix.basename(output, '.js')

/** @type {import('rolldown').OutputOptions} */
const text = {
  comments: false,
  minify,
  // One character beyond ASCII makes the engine read all of a file as text of two octets each.
  charset: 'ascii',
  // The sources are published beside them.
  sourcemapExcludeSources: true,
}

/** Which modules are loaded late. @param {string} folder @param {Map<string, import('./module-graph.js').Module>} graph */
function lateIn(folder, graph) {
  const beginnings = lateModules.map((name) => join(folder, 'src', name))
  // What `exports` leads to says what is there, and may stay.
  const late = [...graph.keys()].filter(
    (path) => !path.endsWith('index.ts') && beginnings.some((beginning) => path.startsWith(beginning)),
  )
  const idle = beginnings.filter((beginning) => !late.some((path) => path.startsWith(beginning)))
  if (idle.length > 0) throw new Error(`late-modules.js: expected modules, found none of ${idle.join(', ')}`)
  return late
}

/**
 * Writes the late part of a package, under a name that changes with every octet of it: a process never meets another
 * version's.
 *
 * @param {string} folder
 * @param {string} target
 * @param {import('./late-part.js').Cut} cut
 * @returns {Promise<string>} its name
 */
async function writeLatePart(folder, target, cut) {
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({
    input: { late: lateEntry },
    cwd: folder,
    platform: 'node',
    plugins: [latePart(cut)],
  })
  const options = { ...text, ...lateFrame, dir: target, format: /** @type {const} */ ('cjs') }
  const { output } = await bundle.generate({
    ...options,
    sourcemap: 'hidden',
    entryFileNames: 'parts/late.cjs',
  })
  await bundle.close()
  const [{ code, map }, ...others] = output
  if (others.some(({ type }) => type === 'chunk'))
    throw new Error('late part: expected one file, got more: a module of it uses import()')
  const name = `late-${createHash('sha256').update(code).digest('hex').slice(0, 12)}.cjs`
  mkdirSync(join(target, 'parts'), { recursive: true })
  writeFileSync(join(target, 'parts', name), `${code}\n//# sourceMappingURL=${name}.map\n`)
  writeFileSync(join(target, 'parts', `${name}.map`), JSON.stringify({ ...map, file: name }))
  return name
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
  const last = input[whole] ?? ''
  const graph = await readGraph(Object.values(input))
  const late = lateIn(folder, graph)
  const cut = cutGraph(graph, Object.values(input), (path) => late.includes(path))
  const lateFile = await writeLatePart(folder, target, cut)
  const shared = reached(graph, [last], (path, way) => !way.late && !cut.late.has(path))
  const names = { file: lateFile, owner: readManifest(folder).name, last }
  const bundle = await rolldown({
    input,
    cwd: folder,
    platform: 'node',
    plugins: [firstPart(graph, cut, names)],
  })
  const { output: files } = await bundle.write({
    ...text,
    dir: target,
    format: 'es',
    minifyInternalExports: false,
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name].js',
    codeSplitting: {
      groups: [
        { name: whole, test: (id) => id !== last && (shared.has(id) || cut.called.has(id) || isMade(id)) },
      ],
    },
  })
  await bundle.close()
  const written = [...files.map(({ fileName }) => fileName), `parts/${lateFile}`, `parts/${lateFile}.map`]
  prune(target, new Set(written))
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
