// @ts-check
/** What the modules of a package export, and what they take from each other. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** @typedef {{ kind: string, at: number }} Export  `kind`: function, async function, class, const …; `at`: where in the text */
/** @typedef {{ from: string, names: string[], late: boolean }} Import  `late`: by `import()` */
/** @typedef {{ text: string, exports: Map<string, Export>, imports: Import[] }} Module */
/** @typedef {import('rolldown/parseAst').ParseResult['program']['body'][number]} Statement */

/** What a declaration declares. @param {any} declaration @returns {[string, string][]} pairs of name and kind */
function declared(declaration) {
  const { type, kind, id, async, generator, declarations } = declaration
  if (type === 'VariableDeclaration') return declarations.map((/** @type {any} */ one) => [one.id.name, kind])
  if (type === 'ClassDeclaration') return [[id.name, 'class']]
  if (type !== 'FunctionDeclaration') return []
  return [[id.name, generator ? 'generator' : async ? 'async function' : 'function']]
}

/** The names that a statement takes from another module, types aside. @param {any} statement @returns {string[]} */
function taken({ type, specifiers, importKind, exportKind }) {
  if (importKind === 'type' || exportKind === 'type') return []
  if (type === 'ExportAllDeclaration') return ['*']
  return specifiers
    .filter((/** @type {any} */ one) => one.importKind !== 'type' && one.exportKind !== 'type')
    .map((/** @type {any} */ one) => (type === 'ImportDeclaration' ? one.imported : one.local)?.name ?? '*')
}

/** @param {string} path @param {string} text @param {Iterable<any>} statements @returns {Module} */
function readModule(path, text, statements) {
  /** @type {Map<string, Export>} */
  const exports = new Map()
  /** @type {Import[]} */
  const imports = []
  for (const statement of statements) {
    if (statement.source) {
      const names = taken(statement)
      if (names.length > 0)
        imports.push({ from: join(dirname(path), statement.source.value), names, late: false })
    } else if (statement.type === 'ExportNamedDeclaration' && statement.declaration) {
      for (const [name, kind] of declared(statement.declaration))
        exports.set(name, { kind, at: statement.start })
    }
  }
  for (const [, from = ''] of text.matchAll(/\bimport\('(\.[^']+)'\)/g))
    imports.push({ from: join(dirname(path), from), names: [], late: true })
  return { text, exports, imports }
}

/**
 * The modules that the entries use, by their paths.
 *
 * @param {readonly string[]} entries  paths of files of TypeScript that import each other by relative paths
 * @returns {Promise<Map<string, Module>>}
 */
export async function readGraph(entries) {
  const { parseAst } = await import('rolldown/parseAst')
  /** @type {Map<string, Module>} */
  const graph = new Map()
  const waiting = [...entries]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (graph.has(path)) continue
    const text = readFileSync(path, 'utf8')
    const module = readModule(path, text, parseAst(text, { lang: 'ts' }).body)
    graph.set(path, module)
    waiting.push(...module.imports.map(({ from }) => from))
  }
  return graph
}

/**
 * The modules that are reached from some, these included.
 *
 * @param {Map<string, Module>} graph
 * @param {readonly string[]} from
 * @param {(path: string, way: Import) => boolean} [goes]  whether a way is gone; default all
 */
export function reached(graph, from, goes = () => true) {
  const found = new Set(from)
  // A set gives what is added while it is walked, too.
  for (const path of found) {
    for (const way of graph.get(path)?.imports ?? []) if (goes(way.from, way)) found.add(way.from)
  }
  return found
}
