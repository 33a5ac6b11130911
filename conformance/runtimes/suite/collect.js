// @ts-check
/** What `describe`, `test` and the hooks of a test file leave behind: a tree that `run-suite.js` walks. */
import { titleOf } from './titles.js'

/** @typedef {() => unknown} Body */
/** @typedef {'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach'} Hook */
/**
 * @typedef {object} Test
 * @property {'test'} kind
 * @property {string} title
 * @property {Body} body
 * @property {boolean} skipped
 */
/**
 * @typedef {object} Suite
 * @property {'suite'} kind
 * @property {string} title
 * @property {Body} body    registers what the suite holds
 * @property {unknown} [fault]  what the body threw, or a hook before it
 * @property {boolean} skipped
 * @property {(Suite | Test)[]} children
 * @property {Record<Hook, Body[]>} hooks
 */

/** @param {string} title @param {Body} body @param {boolean} skipped @returns {Suite} */
function makeSuite(title, body, skipped) {
  const hooks = { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }
  return { kind: 'suite', title, body, skipped, children: [], hooks }
}

/** Whom registrations belong to. @type {Suite} */
let current = makeSuite('', () => undefined, false)

/**
 * The tree of one file. Bodies of suites run after the file's own code, one after another, and may await.
 *
 * @param {() => Promise<unknown>} load
 * @returns {Promise<Suite>}
 */
export async function collect(load) {
  const root = makeSuite('', load, false)
  await collectInto(root)
  return root
}

/** @param {Suite} suite */
async function collectInto(suite) {
  current = suite
  try {
    await suite.body()
  } catch (fault) {
    suite.fault = fault
  }
  for (const child of suite.children) {
    if (child.kind !== 'suite') continue
    child.skipped ||= suite.skipped
    await collectInto(child)
  }
}

/** @typedef {(kind: 'suite' | 'test', title: string, body: Body, skipped: boolean) => void} Register */

/** @type {Register} */
function register(kind, title, body, skipped) {
  const child = kind === 'suite' ? makeSuite(title, body, skipped) : { kind, title, body, skipped }
  current.children.push(child)
}

/**
 * `describe` or `test`, with `.each`, `.for`, `.skipIf` and `.runIf`.
 *
 * @param {'suite' | 'test'} kind
 * @param {boolean} [skipped]
 * @returns {any}
 */
function makeRegistrar(kind, skipped = false) {
  /** The body is the last argument but for a time-out: options may stand before it. @param {string} title @param {any[]} rest */
  const registrar = (title, ...rest) =>
    register(
      kind,
      title,
      rest.find((argument) => typeof argument === 'function') ?? (() => undefined),
      skipped,
    )
  /** @param {readonly unknown[]} rows @param {boolean} spread  whether a row is the list of the body's arguments */
  const ofRows = (rows, spread) => {
    return (/** @type {string} */ template, /** @type {(...values: any[]) => unknown} */ body) => {
      for (const [index, row] of rows.entries()) {
        const values = Array.isArray(row) ? row : [row]
        const given = spread ? values : [row]
        register(kind, titleOf(template, values, index), () => body(...given), skipped)
      }
    }
  }
  // As Vitest does: rows are lists of arguments only when all of them are lists.
  registrar.each = (/** @type {readonly unknown[]} */ rows) => ofRows(rows, rows.every(Array.isArray))
  registrar.for = (/** @type {readonly unknown[]} */ rows) => ofRows(rows, false)
  registrar.skipIf = (/** @type {unknown} */ condition) => makeRegistrar(kind, skipped || Boolean(condition))
  registrar.runIf = (/** @type {unknown} */ condition) => makeRegistrar(kind, skipped || !condition)
  return registrar
}

export const describe = makeRegistrar('suite')
export const test = makeRegistrar('test')

/** @param {Hook} name @returns {(body: Body) => void} */
const hook = (name) => (body) => void current.hooks[name].push(body)
export const beforeAll = hook('beforeAll')
export const afterAll = hook('afterAll')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')
