/** As much of Vitest as the tests of the library's rooms use, in-process: a mutant costs milliseconds, not a worker. */
import { GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from '@vitest/expect'
import * as spy from '@vitest/spy'
import * as chai from 'chai'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)
const expect = /** @type {any} */ (chai.expect)
Reflect.set(globalThis, GLOBAL_EXPECT, expect)
setState({ assertionCalls: 0 }, expect)

/**
 * @typedef {object} Test
 * @property {string} name
 * @property {() => unknown} run
 * @property {readonly Suite[]} suites  from the outside in
 * @typedef {{ beforeAll: Hook[], before: Hook[], after: Hook[], afterAll: Hook[] }} Suite
 * @typedef {() => unknown} Hook
 */

/** @type {Test[]} */
let collected = []
/** @type {{ name: string, suites: Suite[] }} */
let at = { name: '', suites: [] }

/** The tests that a test file describes. @param {() => Promise<void>} load @returns {Promise<Test[]>} */
export async function collect(load) {
  collected = []
  at = { name: '', suites: [newSuite()] }
  await load()
  return collected
}

/** Runs one test with its hooks; rejects when it fails. @param {Test} test */
export async function runTest(test) {
  for (const suite of test.suites) {
    // Taken out, so that they run once.
    for (const hook of suite.beforeAll.splice(0)) await hook()
    for (const hook of suite.before) await hook()
  }
  try {
    await test.run()
  } finally {
    for (const { after } of test.suites.toReversed()) for (const hook of after) await hook()
  }
}

/** Runs what was to come after all of these tests. @param {readonly Test[]} tests */
export async function finish(tests) {
  const suites = new Set(tests.flatMap(({ suites: own }) => own))
  for (const { afterAll } of suites) for (const hook of afterAll.splice(0)) await hook()
}

/** @returns {Suite} */
function newSuite() {
  return { beforeAll: [], before: [], after: [], afterAll: [] }
}

/** @param {string} name @param {any} second @param {any} [third] */
function test(name, second, third) {
  const run = typeof second === 'function' ? second : third
  if (typeof run !== 'function') return
  let unique = `${at.name} ${name}`
  while (collected.some((other) => other.name === unique)) unique += "'"
  collected.push({ name: unique, run, suites: at.suites })
}

/** @param {string} name @param {any} second @param {any} [third] */
function describe(name, second, third) {
  const body = typeof second === 'function' ? second : third
  const outer = at
  at = { name: `${outer.name} ${name}`, suites: [...outer.suites, newSuite()] }
  try {
    return body()
  } finally {
    at = outer
  }
}

/** @param {(name: string, run: any) => void} declare */
function withVariants(declare) {
  const declareAll =
    (/** @type {boolean} */ spreads) =>
    (/** @type {readonly unknown[]} */ cases) =>
    (/** @type {string} */ name, /** @type {any} */ ...rest) => {
      const run = rest.find((/** @type {unknown} */ part) => typeof part === 'function')
      const areLists = spreads && cases.every(Array.isArray)
      for (const [index, given] of cases.entries()) {
        declare(`${name} #${index}`, () => (areLists ? run(.../** @type {unknown[]} */ (given)) : run(given)))
      }
    }
  const variants = { each: declareAll(true), for: declareAll(false) }
  const nothing = Object.assign(() => undefined, { each: () => () => undefined, for: () => () => undefined })
  return Object.assign(declare, {
    ...variants,
    skip: nothing,
    runIf: (/** @type {unknown} */ condition) => (condition ? Object.assign(declare, variants) : nothing),
    skipIf: (/** @type {unknown} */ condition) => (condition ? nothing : Object.assign(declare, variants)),
  })
}

const suiteHook = (/** @type {keyof Suite} */ kind) => (/** @type {() => unknown} */ hook) => {
  ;/** @type {Suite} */ (at.suites.at(-1))[kind].push(hook)
}

/** @type {Map<string, PropertyDescriptor | undefined>} */
const stubbed = new Map()

/** Modules that tests import while they run, by path; forgotten when a test asks for it. @type {Map<string, Promise<unknown>>} */
export const loadedAnew = new Map()

const vi = {
  fn: spy.fn,
  spyOn: spy.spyOn,
  restoreAllMocks: spy.restoreAllMocks,
  stubGlobal: (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  },
  unstubAllGlobals: () => {
    for (const [name, descriptor] of stubbed) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
    stubbed.clear()
  },
  resetModules: () => loadedAnew.clear(),
}

/** What `import … from 'vitest'` gives. */
export const vitest = {
  test: withVariants(test),
  it: withVariants(test),
  describe: withVariants(describe),
  expect,
  beforeAll: suiteHook('beforeAll'),
  afterAll: suiteHook('afterAll'),
  beforeEach: suiteHook('before'),
  afterEach: suiteHook('after'),
  vi,
}
