// @ts-check
/**
 * The direction of dependencies, enforced: between packages, and room by room inside each of them. A file imports
 * only lower ranks or its own room; nothing imports an `index.ts` or runs in a circle, types included.
 *
 *     node tools/check-layers.js [folder]     prints `a.ts → b.ts: why` for every wrong arrow
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CATCH_ALL, OWNED_MODULES, PACKAGES, PORTABLE, RUNTIME_FILES, RANKS } from './layer-rules.js'
import { codeBesideReexports, mentionedNames, readImports } from './read-source.js'

/**
 * @typedef {object} SourceFile
 * @property {string} path         from the root, with forward slashes
 * @property {string} packageName  'jose', …
 * @property {string} room         'jwt', 'index', …
 * @property {boolean} isIndex
 * @property {string} text
 * @property {import('./read-source.js').Import[]} imports
 */

/** @typedef {{ from: string, to?: string, why: string }} Violation */

/** @param {string} folder @param {(name: string) => boolean} wanted @returns {string[]} */
function walk(folder, wanted) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : walk(path, wanted)
    return wanted(entry.name) ? [path] : []
  })
}

/** @param {string} root @param {string} path */
const fromRoot = (root, path) => relative(root, path).split(sep).join('/')

/** @param {string} root @returns {SourceFile[]} */
function readSources(root) {
  const homes = Object.keys(PACKAGES).map((name) => ({
    name,
    source: join(root, name === 'console' ? 'apps/console/src' : `packages/${name}/src`),
  }))
  return homes.flatMap(({ name, source }) =>
    walk(source, (file) => /\.tsx?$/.test(file)).map((path) => {
      const inside = fromRoot(source, path)
      const [first = ''] = inside.split('/')
      const isIndex = /(^|\/)index\.tsx?$/.test(inside)
      const text = readFileSync(path, 'utf8')
      // The index of a room stands above all rooms: it is the room's public face and nothing more.
      const room = isIndex ? 'index' : first.replace(/\.tsx?$/, '')
      return {
        path: fromRoot(root, path),
        packageName: name,
        room,
        isIndex,
        text,
        imports: readImports(text),
      }
    }),
  )
}

/** The path from the root that a relative specifier means. @param {SourceFile} file @param {string} specifier */
const target = (file, specifier) => posix.join(dirname(file.path).split(sep).join('/'), specifier)

/** @param {SourceFile} from @param {SourceFile} to @returns {string | undefined} why the arrow is wrong */
function roomFault(from, to) {
  if (to.isIndex) return 'nothing internal imports an index.ts: import the file that has it'
  if (from.room === to.room) return undefined
  const ranks = RANKS[from.packageName]
  if (!ranks) return undefined
  const [fromRank, toRank] = [ranks[from.room], ranks[to.room]]
  if (fromRank === undefined || toRank === undefined) return undefined
  if (fromRank > toRank) return undefined
  const relation = fromRank === toRank ? 'stand side by side' : `${from.room} is the lower room`
  return `${from.room} (rank ${fromRank}) may not import ${to.room} (rank ${toRank}): ${relation}`
}

/** @param {SourceFile} file @param {Map<string, SourceFile>} byPath @param {string} to @returns {string | undefined} */
function relativeFault(file, byPath, to) {
  const home = file.packageName === 'console' ? 'apps/console/' : `packages/${file.packageName}/src/`
  if (!to.startsWith(home)) return `leaves ${home}: import the package by its name`
  const found = byPath.get(to)
  if (found) return roomFault(file, found)
  return /\.m?js$/.test(to) || !/\.[a-z]+$/.test(to)
    ? 'a relative import names a source file with its ending, .ts'
    : undefined
}

/** @param {SourceFile} file @param {import('./read-source.js').Import} edge @returns {string | undefined} */
function moduleFault(file, { specifier, typeOnly }) {
  const { packageName, room } = file
  const ours = /^@tessera\/([^/]+)/.exec(specifier)?.[1]
  if (ours !== undefined) {
    const allowed = PACKAGES[packageName] ?? []
    if (allowed.includes(ours)) return undefined
    return `${packageName} may import ${allowed.length > 0 ? allowed.join(', ') : 'no package of ours'}`
  }
  if (PORTABLE.includes(packageName)) {
    const isFramework = packageName === 'guard' && typeOnly
    if (specifier.startsWith('node:') && !isFramework)
      return `${packageName} runs on every runtime: no Node modules`
    if (packageName !== 'guard') return `${packageName} has no dependencies`
    if (!typeOnly) return 'guard takes frameworks as types only'
  }
  const owned = OWNED_MODULES.find(
    (rule) =>
      rule.package === packageName &&
      rule.modules.some((m) => specifier === m || specifier.startsWith(`${m}/`)),
  )
  return owned && owned.room !== room ? owned.why : undefined
}

/** @param {SourceFile} file @param {Map<string, SourceFile>} byPath @returns {Violation[]} */
function fileFaults(file, byPath) {
  /** @type {Violation[]} */
  const faults = []
  const ranks = RANKS[file.packageName]
  if (ranks && ranks[file.room] === undefined) {
    faults.push({ from: file.path, why: `the room ${file.room} has no rank in tools/check-layers.js` })
  }
  for (const edge of file.imports) {
    const isRelative = edge.specifier.startsWith('.')
    const to = isRelative ? target(file, edge.specifier) : edge.specifier
    const why = isRelative ? relativeFault(file, byPath, to) : moduleFault(file, edge)
    if (why) faults.push({ from: file.path, to, why })
  }
  if (file.isIndex && codeBesideReexports(file.text) !== '') {
    faults.push({ from: file.path, why: 'an index.ts only re-exports' })
  }
  if (PORTABLE.includes(file.packageName) && !RUNTIME_FILES.some((known) => file.path.endsWith(known))) {
    for (const name of mentionedNames(file.text, ['Buffer', 'process'])) {
      faults.push({
        from: file.path,
        to: name,
        why: `${file.packageName} runs on every runtime: no Node globals`,
      })
    }
  }
  return faults
}

/** Every circle once, by depth-first search over all imports. @param {SourceFile[]} files @returns {Violation[]} */
function cycles(files) {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter((edge) => edge.specifier.startsWith('.'))
        .map((edge) => target(file, edge.specifier)),
    ]),
  )
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map()
  /** @type {string[]} */
  const trail = []
  /** @type {Violation[]} */
  const found = []
  /** @param {string} path */
  const visit = (path) => {
    state.set(path, 'open')
    trail.push(path)
    for (const next of edges.get(path) ?? []) {
      if (state.get(next) === 'open') {
        const circle = [...trail.slice(trail.indexOf(next)), next]
        found.push({ from: path, to: next, why: `closes a circle: ${circle.join(' → ')}` })
      } else if (edges.has(next) && !state.has(next)) visit(next)
    }
    trail.pop()
    state.set(path, 'done')
  }
  for (const path of edges.keys()) if (!state.has(path)) visit(path)
  return found
}

/** @param {string} root @returns {Violation[]} */
function manifestFaults(root) {
  return Object.entries(PACKAGES).flatMap(([name, allowed]) => {
    const path = name === 'console' ? 'apps/console/package.json' : `packages/${name}/package.json`
    if (!existsSync(join(root, path))) return []
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8'))
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
    return declared.flatMap((dependency) => {
      const ours = /^@tessera\/(.+)/.exec(dependency)?.[1]
      if (ours !== undefined) {
        return allowed.includes(ours)
          ? []
          : [{ from: path, to: dependency, why: `${name} may not depend on ${ours}` }]
      }
      return PORTABLE.includes(name)
        ? [{ from: path, to: dependency, why: `${name} has no dependencies of others` }]
        : []
    })
  })
}

/** @param {string} root @returns {Violation[]} */
function catchAllFolders(root) {
  /** @param {string} folder @returns {string[]} */
  const folders = (folder) =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && !['node_modules', 'dist'].includes(entry.name))
          .flatMap((entry) => [join(folder, entry.name), ...folders(join(folder, entry.name))])
      : []
  return ['packages', 'apps', 'conformance', 'examples', 'tools', 'bench']
    .flatMap((name) => folders(join(root, name)))
    .filter((path) => CATCH_ALL.includes(path.split(sep).at(-1) ?? ''))
    .map((path) => ({ from: fromRoot(root, path), why: 'a function lives in the room whose rule it serves' }))
}

/**
 * Every wrong arrow of a checkout.
 *
 * @param {string} root
 * @returns {Violation[]}
 */
export function checkLayers(root) {
  const files = readSources(root)
  const byPath = new Map(files.map((file) => [file.path, file]))
  return [
    ...files.flatMap((file) => fileFaults(file, byPath)),
    ...cycles(files),
    ...manifestFaults(root),
    ...catchAllFolders(root),
  ]
}

/** `a.ts → b.ts: why`. @param {Violation} violation */
export const formatViolation = ({ from, to, why }) => `${to === undefined ? from : `${from} → ${to}`}: ${why}`

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const violations = checkLayers(resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))))
  for (const violation of violations) console.log(formatViolation(violation))
  if (violations.length > 0) process.exitCode = 1
}
