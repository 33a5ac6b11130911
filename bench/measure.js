// @ts-check
/**
 * Measures cases side by side in one process: every round runs each case for a slice of time, in rotated order, so that
 * what else the machine does falls on all of them alike. Ratios within one run mean something; nanoseconds drift.
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(index: number) => unknown} run one operation on the token of that index
 */
/** @typedef {{ name: string, medianNs: number, minimumNs: number }} Figure */

/** How many different tokens a case goes through. */
export const poolSize = 64

let sink = 0

/**
 * @param {readonly Case[]} cases
 * @param {{ rounds?: number, sliceMs?: number }} options
 * @returns {Figure[]} in the order of the cases
 */
export function measure(cases, { rounds = 15, sliceMs = 8 } = {}) {
  const samples = cases.map(() => /** @type {number[]} */ ([]))
  const batches = cases.map(({ run }) => calibrate(run, sliceMs))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < cases.length; turn += 1) {
      const index = (turn + round) % cases.length
      samples[index]?.push(sample(cases[index]?.run ?? (() => 0), batches[index] ?? 1))
    }
  }
  return cases.map(({ name }, index) => {
    const sorted = (samples[index] ?? []).toSorted((a, b) => a - b)
    return { name, medianNs: sorted[sorted.length >> 1] ?? 0, minimumNs: sorted[0] ?? 0 }
  })
}

/** How many operations fill a slice; running them warms the case up. @param {Case['run']} run @param {number} sliceMs */
function calibrate(run, sliceMs) {
  let batch = 8
  for (;;) {
    const ns = sample(run, batch)
    if (ns * batch > sliceMs * 1e6 || batch > 1e6) return Math.max(8, Math.round((sliceMs * 1e6) / ns))
    batch *= 2
  }
}

/** Nanoseconds of one operation. @param {Case['run']} run @param {number} batch */
function sample(run, batch) {
  const start = process.hrtime.bigint()
  for (let index = 0; index < batch; index += 1) {
    if (run(index % poolSize) !== undefined) sink += 1
  }
  return Number(process.hrtime.bigint() - start) / batch
}

/** A text that no engine has seen yet, as one that came over a network: its hash and its flat form are not known. @param {string} text */
export function fresh(text) {
  return `${text}x`.slice(0, -1)
}

/** Keeps the results alive. */
export function used() {
  return sink
}
