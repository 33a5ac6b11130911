// @ts-check
/** Runs collected tests, one after another, on any runtime. */
import { collect } from './collect.js'
import { Unavailable } from './unavailable.js'

/** @typedef {import('./collect.js').Suite} Suite */
/** @typedef {import('./collect.js').Test} Test */
/**
 * What came of one test.
 * @typedef {object} Outcome
 * @property {string} id           `file › suite › title`
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {string} [reason]     why it failed or was skipped
 * @property {number} ms
 */

/** No test is about time: this ends one that hangs. */
const timeoutMs = 240_000

/**
 * Runs the tests of some files.
 *
 * @param {Record<string, () => Promise<unknown>>} files  by path, what loads them
 * @param {(file: string) => unknown} [begin]  told of each file before it runs
 * @returns {Promise<Outcome[]>}
 */
export async function runFiles(files, begin = () => undefined) {
  /** @type {Outcome[]} */
  const outcomes = []
  const { faults, stop } = watchRejections()
  for (const [file, load] of Object.entries(files)) {
    await begin(file)
    const runner = createRunner(file, outcomes)
    await runner.runSuite(await collect(load), [])
    for (const fault of faults.splice(0)) {
      outcomes.push({
        id: `${file} › leaves no rejection unhandled`,
        outcome: 'failed',
        reason: fault,
        ms: 0,
      })
    }
  }
  stop()
  return outcomes
}

/** @param {string} file @param {Outcome[]} outcomes */
function createRunner(file, outcomes) {
  /** @type {Map<string, number>} */
  const seen = new Map()
  /** @param {string[]} titles */
  const idOf = (titles) => {
    const id = [file, ...titles].filter((title) => title !== '').join(' › ')
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id} (${count})`
  }

  /** @param {Test} test @param {Suite[]} path */
  async function runTest(test, path) {
    const id = idOf([...path.map(({ title }) => title), test.title])
    if (test.skipped || path.some(({ skipped }) => skipped)) {
      outcomes.push({ id, outcome: 'skipped', reason: 'left out by its own condition', ms: 0 })
      return
    }
    const broken = path.find(({ fault }) => fault !== undefined)
    const start = performance.now()
    const judged = broken === undefined ? await judgeTest(test, path) : judge(broken.fault)
    outcomes.push({ id, ...judged, ms: Math.round(performance.now() - start) })
  }

  /** @param {Suite} suite @param {Suite[]} above */
  async function runSuite(suite, above) {
    const path = [...above, suite]
    const runs = !path.some(({ skipped }) => skipped)
    if (suite.fault !== undefined)
      outcomes.push({ id: idOf(path.map(({ title }) => title)), ...judge(suite.fault), ms: 0 })
    else if (runs) suite.fault = await faultOf(suite.hooks.beforeAll)
    for (const child of suite.children) {
      if (child.kind === 'suite') await runSuite(child, path)
      else await runTest(child, path)
    }
    const fault = runs ? await faultOf(suite.hooks.afterAll) : undefined
    if (fault !== undefined)
      outcomes.push({ id: idOf([...path.map(({ title }) => title), 'afterAll']), ...judge(fault), ms: 0 })
  }
  return { runSuite }
}

/** What the first hook that fails throws. @param {import('./collect.js').Body[]} hooks @returns {Promise<unknown>} */
async function faultOf(hooks) {
  try {
    for (const hook of hooks) await hook()
    return undefined
  } catch (fault) {
    return fault
  }
}

/** @param {Test} test @param {Suite[]} path @returns {Promise<Pick<Outcome, 'outcome' | 'reason'>>} */
async function judgeTest(test, path) {
  Unavailable.last = undefined
  try {
    for (const { hooks } of path) for (const hook of hooks.beforeEach) await hook()
    try {
      await inTime(test.body)
    } finally {
      for (const { hooks } of [...path].reverse()) for (const hook of hooks.afterEach) await hook()
    }
    return { outcome: 'passed' }
  } catch (error) {
    return judge(error, Unavailable.last)
  }
}

/** @param {unknown} error @param {Unavailable} [caught] @returns {Pick<Outcome, 'outcome' | 'reason'>} */
function judge(error, caught) {
  const lack = error instanceof Unavailable ? error : caught
  if (lack !== undefined) return { outcome: 'skipped', reason: lack.message }
  const lacking = / (has no .+)$/.exec(isUnsupported(error) ? error.message : '')?.[1]
  if (lacking !== undefined) return { outcome: 'skipped', reason: lacking }
  return { outcome: 'failed', reason: describeError(error) }
}

/** Whether the library says that the runtime lacks something. @param {unknown} error @returns {error is Error} */
function isUnsupported(error) {
  return error instanceof Error && /** @type {{ code?: unknown }} */ (error).code === 'unsupported'
}

/** @param {unknown} error */
function describeError(error) {
  if (!(error instanceof Error)) return `threw ${String(error)}`
  const place = (error.stack ?? '').split('\n').find((line) => line.includes('.test.ts')) ?? ''
  return `${error.name}: ${error.message} ${place.trim()}`.slice(0, 2000)
}

/** @param {() => unknown} body */
async function inTime(body) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([body(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Promises that were rejected and that nobody took, noted as they come. */
function watchRejections() {
  /** @type {string[]} */
  const faults = []
  const { process } = /** @type {any} */ (globalThis)
  const note = (/** @type {unknown} */ reason) => void faults.push(describeError(reason))
  const noteEvent = (/** @type {any} */ event) => {
    event.preventDefault()
    note(event.reason)
  }
  process?.on?.('unhandledRejection', note)
  globalThis.addEventListener?.('unhandledrejection', noteEvent)
  const stop = () => {
    process?.off?.('unhandledRejection', note)
    globalThis.removeEventListener?.('unhandledrejection', noteEvent)
  }
  return { faults, stop }
}
