// @ts-check
/** What must hold of every outcome, whatever the input. */
import { createMessageCheck, textsInside } from './messages.js'
import { prototypeState } from './world.js'

/** @typedef {import('./inputs.js').NumberedInput} NumberedInput */
/** @typedef {import('./judge.js').Outcome} Outcome */

/**
 * A fault, kept at its first input.
 *
 * @typedef {object} Failure
 * @property {number} index
 * @property {string} target
 * @property {string} oracle
 * @property {string} detail
 * @property {number} times how many inputs showed it
 */

/** However busy the machine: a call that takes this long hangs. */
const longestWaitMs = 10_000

/** The oracles, in words; a run passes each of them or fails it. */
export const oracleNames = /** @type {const} */ ([
  'every refusal is a JoseError with a code of ours',
  'one input, one verdict: cold and warm, twice, and by every engine',
  'what is accepted may be accepted',
  'no message tells a piece of its input',
  'no call takes long',
  'no rejection is left unhandled',
  'no prototype changes',
])

/**
 * @param {object} context
 * @param {number} context.maxMs
 * @param {boolean} context.mayLack whether an engine may say `unsupported` where the first one does not
 * @param {string} context.vocabulary
 * @param {ReturnType<typeof import('./judge.js').createJudge>} context.judge
 * @param {ReturnType<typeof import('./inputs.js').createInputs>} context.numbered
 * @param {Failure[]} context.failures where faults are put
 */
export function createOracles({ maxMs, mayLack, vocabulary, judge, numbered, failures }) {
  const [ours, agreed, sound, silent, quick, handled, untouched] = oracleNames
  const messages = createMessageCheck(vocabulary)
  let prototypes = prototypeState()

  /**
   * The fastest of three, in processor time of all threads: a machine that is busy with something else does not count.
   *
   * @param {NumberedInput} input @param {number} at
   */
  const fastestMs = async ({ index, target }, at) => {
    let fastest = Number.POSITIVE_INFINITY
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const call = numbered.again(index, at)
      const before = process.cpuUsage()
      if (target.isAsync) await judge.later(call)
      else judge.now(call)
      const { user, system } = process.cpuUsage(before)
      fastest = Math.min(fastest, (user + system) / 1000)
    }
    return fastest
  }

  /** @param {NumberedInput} each @param {number} at @param {Outcome} outcome */
  const checkTime = async (each, at, { ms, verdict }) => {
    const fastest = ms > longestWaitMs ? ms : await fastestMs(each, at)
    if (fastest > maxMs) fail(each, quick, `call ${at} took ${fastest.toFixed(0)} ms, ${verdict}`)
  }

  /** @param {NumberedInput} each @param {string} oracle @param {string} detail */
  const fail = ({ index, target }, oracle, detail) => note({ index, target: target.name, oracle, detail })

  /** @param {Omit<Failure, 'times'>} failure */
  const note = (failure) => {
    /** @param {Omit<Failure, 'times'>} one */
    const shape = ({ target, oracle, detail }) => `${target} ${oracle} ${detail.replaceAll(/\d+/g, '#')}`
    const known = failures.find((other) => shape(other) === shape(failure))
    if (known === undefined) failures.push({ ...failure, times: 1 })
    else known.times += 1
  }

  return {
    /** @param {NumberedInput} each @param {readonly Outcome[]} outcomes */
    async check(each, outcomes) {
      const verdict = outcomes[0]?.verdict
      if (verdict === 'accepted' && each.target.mayBeAccepted?.(each.input) === false)
        fail(each, sound, 'accepted, and the signature is not that of the token')
      for (const [at, outcome] of outcomes.entries()) {
        if (!outcome.isOurs) fail(each, ours, `call ${at}: ${outcome.verdict}`)
        if (outcome.verdict !== verdict && !(mayLack && outcome.verdict === 'unsupported'))
          fail(each, agreed, `call ${at}: ${outcome.verdict}, not ${verdict}`)
        const leak = messages.leakOf(outcome.error, () => textsInside(each.input, each.input.told))
        if (leak !== undefined) fail(each, silent, `call ${at}: ${JSON.stringify(leak)}`)
        // A passphrase takes as long as its file says, within a bound.
        if (outcome.ms > maxMs && each.input.mayTakeLong !== true) await checkTime(each, at, outcome)
      }
    },
    /** @param {number} index */
    checkWorld(index) {
      const state = prototypeState()
      if (state !== prototypes) note({ index, target: 'any before', oracle: untouched, detail: 'changed' })
      prototypes = state
    },
    /** @param {{ readonly next: number }} place @returns {() => void} what ends it */
    watchRejections(place) {
      /** @param {unknown} reason */
      const onRejection = (reason) => {
        const detail = reason instanceof Error ? `${reason.name}: ${reason.message}` : typeof reason
        note({ index: place.next, target: 'any before', oracle: handled, detail })
      }
      process.on('unhandledRejection', onRejection)
      return () => process.off('unhandledRejection', onRejection)
    },
  }
}
