// @ts-check
/**
 * One bundle cut in two: a first part, and a late one that is loaded when a function of it is first called
 * (docs/decisions/0048-what-node-loads-late.md). Where modules of the first part import from the late one, functions of one
 * line stand in for its functions; what late modules import from the first part is handed over to them.
 */
import { reached } from './module-graph.js'

/** @typedef {import('./module-graph.js').Module} Module */
/** @typedef {Map<string, Set<string>>} Names  of exports, by the path of their module */
/** @typedef {{ late: Set<string>, called: Names, given: Names }} Cut  `called`: by the first part; `given`: to the late one */

// What the sources cannot name: a module that both parts know, and the last module of the first part.
const bridge = '\0late-part'
const handOver = '\0hand-over'

/** What may stand in a module of the first part for what it is: anything that never changes once it is there. */
const lasting = ['const', 'class', 'function', 'async function']
/** What a call can stand for. */
const callable = ['function', 'async function']

/**
 * Where to cut.
 *
 * @param {Map<string, Module>} graph
 * @param {readonly string[]} entries
 * @param {(path: string) => boolean} isLate
 * @returns {Cut}
 * @throws {Error} naming what is imported across the cut and cannot be called, or may change
 */
export function cutGraph(graph, entries, isLate) {
  const first = reached(graph, entries, (path) => !isLate(path))
  /** @type {Cut} */
  const cut = {
    late: new Set([...graph.keys()].filter((path) => !first.has(path))),
    called: new Map(),
    given: new Map(),
  }
  for (const [path, { imports }] of graph) {
    for (const { from, names, late } of imports) {
      if (first.has(path) === first.has(from)) continue
      const [crossing, kinds] = first.has(path) ? [cut.called, callable] : [cut.given, lasting]
      const known = graph.get(from)?.exports
      const faults = names.filter((name) => !kinds.includes(known?.get(name)?.kind ?? ''))
      if (late || faults.length > 0)
        throw new Error(
          `${path}: expected of ${from}, across the cut: ${kinds.join(', ')}; got ${faults.join(', ')}`,
        )
      crossing.set(from, new Set([...(crossing.get(from) ?? []), ...names]))
    }
  }
  return cut
}

/** All names, in the order of the graph. @param {Names} names */
const allOf = (names) => [...names.values()].flatMap((some) => [...some])

/**
 * A late module as the first part sees it. Each function stands on the line of the one that it stands for, so that stacks lead
 * there. An asynchronous one stays so: where the file is missing it rejects.
 *
 * @param {Module} module
 * @param {Set<string>} names
 */
function standIn({ text, exports }, names) {
  const lines = [`import { late } from '${bridge}';`]
  for (const name of names) {
    const { kind = '', at = 0 } = exports.get(name) ?? {}
    const line = text.slice(0, at).split('\n').length - 1
    const call = `{ const { ${name}: call } = late(); return call(...given) }`
    lines[line] = `${lines[line] ?? ''}export ${kind} ${name}(...given) ${call}`
  }
  return Array.from(lines, (line) => line ?? '').join('\n')
}

/**
 * The module that loads the late part. `node:module` is asked for then: importing it takes Node a millisecond.
 *
 * @param {string} file  its name
 * @param {string} owner  the package
 */
const loader = (file, owner) => `
let part
let handedOver
export function handOver(values) { handedOver = values }
export function late() { return (part ??= loadLate()(handedOver())) }
function loadLate() {
  const { createRequire } = process.getBuiltinModule('node:module')
  try {
    return createRequire(new URL('./${file}', import.meta.url))('./${file}')
  } catch (cause) {
    if (cause?.code !== 'MODULE_NOT_FOUND') throw cause
    throw new Error('${owner}: expected its file ${file}, got none: if the package was replaced under this process, restart it', { cause })
  }
}`

/** The module that hands over what late modules take. @param {Names} given */
const handing = (given) => [
  ...[...given].map(([path, names]) => `import { ${[...names].join(', ')} } from ${JSON.stringify(path)}`),
  `import { handOver } from '${bridge}'`,
  `handOver(() => ({ ${allOf(given).join(', ')} }))`,
]

/**
 * Makes the first part.
 *
 * @param {Map<string, Module>} graph
 * @param {Cut} cut
 * @param {{ file: string, owner: string, last: string }} names  the late part's file, the package, and the module at whose
 *   end the late part's values are there
 * @returns {import('rolldown').Plugin}
 */
export function firstPart(graph, { late, called, given }, { file, owner, last }) {
  return {
    name: 'first part',
    // Its only effect is one that the bundler must keep.
    resolveId: (id) => (id === bridge || id === handOver ? { id, moduleSideEffects: true } : undefined),
    load(id) {
      if (id === bridge) return loader(file, owner)
      if (id === handOver) return handing(given).join('\n')
      const module = late.has(id) ? graph.get(id) : undefined
      return module && { code: standIn(module, called.get(id) ?? new Set()), moduleType: 'ts' }
    },
    transform: (code, id) => (id === last ? { code: `${code}\nimport '${handOver}'`, map: null } : undefined),
  }
}

/** Whether a module was made here, for the first part. @param {string} id */
export const isMade = (id) => id === bridge || id === handOver

/** The entry of the late part. */
export const lateEntry = bridge

/**
 * Makes the late part: a module that exports what the first one calls, inside a function of what is handed over.
 *
 * @param {Cut} cut
 * @returns {import('rolldown').Plugin}
 */
export function latePart({ late, called, given }) {
  return {
    name: 'late part',
    resolveId: (id) => (id === bridge ? id : undefined),
    load(id) {
      if (id === bridge)
        return [...called]
          .map(([path, names]) => `export { ${[...names].join(', ')} } from ${JSON.stringify(path)}`)
          .join('\n')
      if (late.has(id)) return undefined
      const names = [...(given.get(id) ?? [])].join(', ')
      return { code: `export const { ${names} } = handedOver`, moduleType: 'js' }
    },
  }
}

/**
 * What stands around the late part. Not a module of its own: whoever loads it hands over what is there already. In parentheses,
 * by which V8 sees that the function is called at once: without them it reads all of it twice, for 6 ms.
 */
export const lateFrame = {
  banner: "'use strict'\nmodule.exports = (function (handedOver, exports = {}) {",
  footer: 'return exports\n})',
}
