// @ts-check
/** Ratios between rows of one table: round by round, so that what disturbed both falls out. */

/** @typedef {import('./measure.js').Table} Table */
/** @typedef {import('./measure.js').Row} Row */
/** @typedef {{ median: number, low: number, high: number }} Spread  the quartiles around the median */

/** @param {readonly number[]} values @returns {Spread} */
export function spreadOf(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/** How many times as fast as another a row is. @param {Row} of @param {Row} against @returns {Spread} */
export function timesAsFast(of, against) {
  return spreadOf(of.samples.map((ns, round) => (against.samples[round] ?? Number.NaN) / ns))
}

/** The fastest of the peers. @param {Table} table @param {{ native: boolean }} options whether native code counts */
export function bestPeer({ rows }, { native }) {
  const peers = rows.filter((row) => row.peer === true && (native || row.native !== true))
  return peers.toSorted((a, b) => spreadOf(a.samples).median - spreadOf(b.samples).median)[0]
}
