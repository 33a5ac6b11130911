/**
 * Runs tests with one mutant switched on, in a process of its own: a mutant may never end, and the parent ends this one
 * then.
 */
import { Script } from 'node:vm'
import { collect, finish, loadedAnew, runTest, vitest } from './harness.js'

/** What the instrumented sources read and write. */
const switches =
  /** @type {{ activeMutant?: string, currentTestId?: string, mutantCoverage?: Coverage }} */ ({})
Reflect.set(globalThis, '__stryker__', switches)

/**
 * @typedef {Record<string, number>} Hits  by mutant
 * @typedef {{ static: Hits, perTest: Record<string, Hits> }} Coverage
 * @typedef {{ file: string, names?: readonly string[] }} Selection  all tests of the file where no names are given
 * @typedef {{ kind: 'scripts', scripts: [string, string][] } | { kind: 'baseline', file: string }
 *   | { kind: 'mutant', id: string, selections: readonly Selection[] }} Order
 */

/** @type {Map<string, Script>} */
const scripts = new Map()

/** Something that failed outside of any test, such as a promise that nobody awaited. @type {unknown} */
let stray
process.on('unhandledRejection', (reason) => (stray ??= reason))
process.on('uncaughtException', (error) => (stray ??= error))

process.on('message', (/** @type {Order} */ order) => {
  answer(order).then(
    (result) => process.send?.(result),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})

/** @param {Order} order */
async function answer(order) {
  if (order.kind === 'scripts') {
    for (const [file, text] of order.scripts) scripts.set(file, new Script(text, { filename: file }))
    return 'ready'
  }
  if (order.kind === 'baseline') return baseline(order.file)
  switches.activeMutant = order.id
  return { killedBy: await firstFailure(order.selections) }
}

/** @param {string} file */
async function load(file) {
  loadedAnew.clear()
  const script = /** @type {Script} */ (scripts.get(file))
  return collect(() => script.runInThisContext()(importExternal))
}

/** @type {Map<string, Promise<unknown>>} */
const loadedOnce = new Map([['vitest', Promise.resolve(vitest)]])

/** A package, test support that is run once, or a source that a test loads anew. @param {string} name */
async function importExternal(name) {
  if (name.includes('/src/')) return (await remembered(loadedAnew, 'reloaded')).modules[name]
  return remembered(loadedOnce, name)
}

/** @param {Map<string, Promise<any>>} memory @param {string} name @returns {Promise<any>} */
function remembered(memory, name) {
  const found = memory.get(name) ?? scripts.get(name)?.runInThisContext()(importExternal) ?? import(name)
  memory.set(name, found)
  return found
}

/** Every test without a mutant: which pass, how long they take, and which mutants they reach. @param {string} file */
async function baseline(file) {
  delete switches.activeMutant
  switches.mutantCoverage = { static: {}, perTest: {} }
  // The instrumented text keeps the object that it saw first.
  const covered = switches.mutantCoverage
  delete switches.currentTestId
  /** @type {{ name: string, ms: number, failure?: string }[]} */
  const outcomes = []
  const tests = await load(file)
  for (const test of tests) {
    switches.currentTestId = test.name
    const start = performance.now()
    const failure = await failureOf(() => runTest(test))
    outcomes.push({
      name: test.name,
      ms: performance.now() - start,
      ...(failure === undefined ? {} : { failure }),
    })
  }
  await failureOf(() => finish(tests))
  return { outcomes, coverage: covered }
}

/** @param {readonly Selection[]} selections @returns {Promise<string | undefined>} */
async function firstFailure(selections) {
  for (const { file, names } of selections) {
    /** @type {import('./harness.js').Test[]} */
    let tests = []
    const broken = await failureOf(async () => {
      tests = await load(file)
    })
    if (broken !== undefined) return `${file}: ${broken}`
    const chosen = names === undefined ? tests : tests.filter(({ name }) => names.includes(name))
    // A mutant that takes tests away is seen by the tests that are not there.
    if (names !== undefined && chosen.length < names.length) return `${file}: tests are missing`
    const failed = await firstFailing(chosen)
    await failureOf(() => finish(chosen))
    if (failed !== undefined) return failed
  }
  return undefined
}

/** @param {readonly import('./harness.js').Test[]} tests */
async function firstFailing(tests) {
  for (const test of tests) {
    if ((await failureOf(() => runTest(test))) !== undefined) return test.name
  }
  return undefined
}

/** @param {() => Promise<void>} action @returns {Promise<string | undefined>} */
async function failureOf(action) {
  stray = undefined
  try {
    await action()
  } catch (error) {
    return messageOf(error)
  }
  return stray === undefined ? undefined : messageOf(stray)
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : 'something that is no error was thrown'
}
