// @ts-check
/** The fuzz: has every target read its inputs, and holds each outcome against the oracles. */
import { createInputs } from './inputs.js'
import { createJudge } from './judge.js'
import { createOracles } from './oracles.js'
import { growthOf, memoryInUse } from './world.js'

/** @typedef {import('./inputs.js').NumberedInput} NumberedInput */
/** @typedef {import('./judge.js').Outcome} Outcome */
/** @typedef {import('./oracles.js').Failure} Failure */

/**
 * @typedef {object} Plan
 * @property {readonly import('./targets.js').Target[]} targets
 * @property {number} seed
 * @property {number} start the number of the first input
 * @property {number} inputs
 * @property {boolean} mayLack whether engines differ in what they have
 * @property {number} maxMs what the fastest of three repeats of a call may take
 * @property {string} vocabulary what the library itself can say
 * @property {(error: unknown) => boolean} isJoseError
 * @property {ReadonlySet<string>} codes
 * @property {(figures: Figures) => void} [onWindow] told twenty times in a run
 */

/** @typedef {ReturnType<typeof emptyFigures>} Figures */

/** Octets that memory may differ by without having grown. */
export const allowedGrowth = 8_000_000
const windows = 20
const mostFailures = 20

/** @param {Plan} plan */
function emptyFigures({ start }) {
  return {
    next: start,
    done: 0,
    calls: 0,
    slowestMs: 0,
    /** @type {Failure[]} */ failures: [],
    /** How often each target came to each verdict. @type {Map<string, Map<string, number>>} */
    verdicts: new Map(),
    /** Octets in use at the end of each window. @type {number[]} */
    memory: [],
    growth: 0,
  }
}

/** Runs the fuzz. @param {Plan} plan */
export async function runFuzz(plan) {
  const { targets, seed, inputs } = plan
  const figures = emptyFigures(plan)
  const numbered = createInputs(targets, seed)
  const judge = createJudge(plan.isJoseError, plan.codes)
  const oracles = createOracles({ ...plan, judge, numbered, failures: figures.failures })
  const windowSize = Math.ceil(inputs / windows)
  const stopWatching = oracles.watchRejections(figures)
  while (figures.done < inputs && figures.failures.length < mostFailures) {
    const each = numbered.at(figures.next)
    const outcomes = each.target.isAsync ? await readLater(each, judge) : readNow(each, judge)
    await oracles.check(each, outcomes)
    count(figures, each, outcomes)
    if (figures.done % windowSize === 0) closeWindow(figures, plan, oracles)
  }
  await new Promise((resolve) => setTimeout(resolve, 10))
  stopWatching()
  figures.growth = growthOf(figures.memory)
  return figures
}

/** @param {NumberedInput} input @param {ReturnType<typeof createJudge>} judge @returns {Outcome[]} */
const readNow = ({ calls }, judge) => calls.map((call) => judge.now(call))

/** @param {NumberedInput} input @param {ReturnType<typeof createJudge>} judge */
async function readLater({ calls }, judge) {
  const outcomes = []
  for (const call of calls) outcomes.push(await judge.later(call))
  return outcomes
}

/** @param {Figures} figures @param {NumberedInput} input @param {readonly Outcome[]} outcomes */
function count(figures, { index, target }, outcomes) {
  figures.next = index + 1
  figures.done += 1
  figures.calls += outcomes.length
  const verdicts = figures.verdicts.get(target.name) ?? new Map()
  const verdict = outcomes[0]?.verdict ?? 'none'
  verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
  figures.verdicts.set(target.name, verdicts)
  for (const { ms } of outcomes) if (ms > figures.slowestMs) figures.slowestMs = ms
}

/** @param {Figures} figures @param {Plan} plan @param {ReturnType<typeof createOracles>} oracles */
function closeWindow(figures, plan, oracles) {
  const used = memoryInUse()
  if (used !== undefined) figures.memory.push(used)
  oracles.checkWorld(figures.next)
  plan.onWindow?.(figures)
}
