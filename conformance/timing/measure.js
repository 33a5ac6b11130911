// @ts-check
/** Measures two classes of inputs, interleaved by chance, and judges whether they can be told apart. */
import { worstStatistic } from './welch.js'
import { copyText } from './wrong-tokens.js'

/** @typedef {import('./welch.js').Statistic} Statistic */

/**
 * Something that is measured on inputs of two classes.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {readonly string[]} first inputs of one class, as many as of the other
 * @property {readonly string[]} second
 * @property {(input: string) => unknown} run never throws; a promise where it is asynchronous
 * @property {boolean} [isAsync]
 */

/** @typedef {Statistic & { samples: number }} Round */
/** @typedef {{ leaks: boolean, rounds: Round[] }} Judgement */

/** Below this the classes look alike (dudect's own bound, and that of TVLA). */
export const alike = 4.5
/** Each round has twice the samples of the one before. */
const mostRounds = 4

/**
 * Judges a subject. A round below `alike` ends it: the classes cannot be told apart with that many samples. A round above it
 * is followed by another, twice as large, because a busy machine makes outliers: a leak grows with the square root of the
 * sample and keeps its sign, noise does neither. It leaks when every round was above `alike`, with one sign.
 *
 * @param {Subject} subject
 * @param {number} samples of each class in the first round
 * @returns {Promise<Judgement>}
 */
export async function judge(subject, samples) {
  await measure(subject, Math.min(2000, samples))
  /** @type {Round[]} */
  const rounds = []
  for (let size = samples; rounds.length < mostRounds; size *= 2) {
    const { first, second } = await measure(subject, size)
    rounds.push({ ...worstStatistic(first, second), samples: size })
    if (Math.abs(rounds.at(-1)?.t ?? 0) < alike) return { leaks: false, rounds }
  }
  const signs = new Set(rounds.map(({ t }) => Math.sign(t)))
  return { leaks: signs.size === 1, rounds }
}

/**
 * Nanoseconds of each class. Every input is copied just before: the texts of one class lie together in memory and those of
 * the other elsewhere, and which of them is in the cache of the processor told two pools of one class apart by 150 ns.
 *
 * @param {Subject} subject
 * @param {number} samples
 */
async function measure(subject, samples) {
  const [first, second] = [new Float64Array(samples), new Float64Array(samples)]
  const order = shuffledClasses(samples)
  const places = [0, 0]
  for (const which of order) {
    const at = places[which] ?? 0
    const inputs = which === 0 ? subject.first : subject.second
    const input = copyText(inputs[at % inputs.length] ?? '')
    const start = process.hrtime.bigint()
    if (subject.isAsync) await subject.run(input)
    else subject.run(input)
    const elapsed = Number(process.hrtime.bigint() - start)
    ;(which === 0 ? first : second)[at] = elapsed
    places[which] = at + 1
  }
  return { first, second }
}

/** As many zeros as ones, in random order. @param {number} samples */
function shuffledClasses(samples) {
  const order = new Uint8Array(2 * samples).fill(1, samples)
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1))
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
  return order
}
