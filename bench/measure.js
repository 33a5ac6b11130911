// @ts-check
/**
 * Measures cases side by side in one process: every round runs each case of each group for a slice of time, in rotated
 * order, so that what else the machine does falls on all of them alike. Ratios within one round mean something;
 * nanoseconds drift.
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(index: number) => unknown} run  one operation on the token of that index
 * @property {number} [inFlight]  `run` gives a promise, and so many are waited for at once
 * @property {boolean} [peer]     counts where a target says "every peer"
 * @property {boolean} [native]   has machine code of its own
 */
/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number[]} samples  one figure for each round
 * @property {number[]} [cpu]    the same of all threads of the process
 * @property {boolean} [peer]
 * @property {boolean} [native]
 */
/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string} reference  the row that the others are compared with
 * @property {string} unit
 * @property {string} [cpuOf]    whose work `cpu` counts; all threads of this process when absent
 * @property {Row[]} rows
 */
/** @typedef {{ title: string, reference: string, cases: Case[], sums?: { name: string, of: string[] }[] }} Group */

/** @typedef {{ rounds: number, sliceMs: number, warmUpMs: number }} Effort */

/** How many different tokens a case goes through. */
export const poolSize = 64

let sink = 0

/**
 * @param {readonly Group[]} groups
 * @param {Effort} effort
 * @returns {Promise<Table[]>} in the order of the groups
 */
export async function measure(groups, effort) {
  const plans = []
  for (const group of groups) {
    const runs = []
    for (const one of group.cases) runs.push({ one, batch: await calibrate(one, effort), row: emptyRow(one) })
    plans.push({ group, runs })
  }
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const { runs } of rotated(plans, round)) {
      for (const { one, batch, row } of rotated(runs, round)) {
        const { ns, cpuNs } = await calmSample(one, batch)
        row.samples.push(ns)
        row.cpu.push(cpuNs)
      }
    }
  }
  return plans.map(({ group, runs }) =>
    tableOf(
      group,
      runs.map(({ row }) => row),
    ),
  )
}

/** @template T @param {readonly T[]} list @param {number} by */
const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)]

/** @param {Case} one */
const emptyRow = ({ name, peer = false, native = false }) => ({
  name,
  peer,
  native,
  samples: /** @type {number[]} */ ([]),
  cpu: /** @type {number[]} */ ([]),
})

/** @param {Group} group @param {Row[]} rows @returns {Table} */
function tableOf({ title, reference, sums = [] }, rows) {
  const summed = sums.map(({ name, of }) => {
    const parts = of.map((part) => rows.find((row) => row.name === part)?.samples ?? [])
    return {
      name,
      samples: parts[0]?.map((_, round) => parts.reduce((sum, part) => sum + (part[round] ?? 0), 0)) ?? [],
    }
  })
  return { title, reference, unit: 'ns', rows: [...rows, ...summed] }
}

/** What a case loads once it is busy comes while the process waits, as a server does between requests. */
const pauseMs = 50

/** Warms a case up, and tells how many operations of it fill a slice. @param {Case} one @param {Effort} effort */
async function calibrate(one, { sliceMs, warmUpMs }) {
  await warmUp(one, warmUpMs / 2)
  await new Promise((resolve) => setTimeout(resolve, pauseMs))
  const ns = await warmUp(one, warmUpMs / 2)
  const { inFlight = 1 } = one
  return Math.max(4, Math.round((sliceMs * 1e6) / ns / inFlight)) * inFlight
}

/** Runs a case for a while. What one operation takes then. @param {Case} one @param {number} forMs */
async function warmUp(one, forMs) {
  const { inFlight = 1 } = one
  let batch = Math.max(8, inFlight)
  for (const start = performance.now(); ; batch *= 2) {
    const { ns } = await sample(one, batch)
    if (performance.now() - start >= forMs) return ns
  }
}

/** How often a slice is taken anew. */
const mostTries = 4

/** The part of a slice that runs before it is measured. */
const leadIn = 1 / 8

/**
 * A slice in which the kernel gave the core to another process tells about that process: it is taken anew, within reason.
 * Its first operations find what other cases left in the caches of the processor: a case that takes 100 µs has 30 operations
 * to spread that over, one that takes 1 µs has 3,000.
 *
 * @param {Case} one @param {number} batch
 */
async function calmSample(one, batch) {
  const { inFlight = 1 } = one
  await work(one, Math.ceil((batch * leadIn) / inFlight) * inFlight)
  for (let tries = 1; ; tries += 1) {
    const before = process.resourceUsage().involuntaryContextSwitches
    const figures = await sample(one, batch)
    const wasCalm = process.resourceUsage().involuntaryContextSwitches === before
    if (wasCalm || tries === mostTries) return figures
  }
}

/** What one operation takes. @param {Case} one @param {number} batch */
async function sample(one, batch) {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  await work(one, batch)
  const ns = Number(process.hrtime.bigint() - start) / batch
  const { user, system } = process.cpuUsage(cpu)
  return { ns, cpuNs: ((user + system) * 1000) / batch }
}

/** @param {Case} one @param {number} batch */
async function work({ run, inFlight }, batch) {
  if (inFlight === undefined) runBatch(run, batch)
  else await runFlights(run, batch, inFlight)
}

/** @param {Case['run']} run @param {number} batch */
function runBatch(run, batch) {
  for (let index = 0; index < batch; index += 1) {
    if (run(index % poolSize) !== undefined) sink += 1
  }
}

/** @param {Case['run']} run @param {number} batch @param {number} inFlight */
async function runFlights(run, batch, inFlight) {
  for (let index = 0; index < batch; index += inFlight) {
    if (inFlight === 1) await run(index % poolSize)
    else await Promise.all(Array.from({ length: inFlight }, (_, step) => run((index + step) % poolSize)))
    sink += 1
  }
}

/** A text that no engine has seen yet, as one that came over a network: its hash and its flat form are not known. @param {string | undefined} text */
export function fresh(text) {
  return `${text}x`.slice(0, -1)
}

/** Keeps the results alive. */
export function used() {
  return sink
}
