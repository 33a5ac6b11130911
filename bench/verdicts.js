// @ts-check
/** Compares what was measured with the table of targets. */
import { bestPeer as fastestOf, spreadOf, timesAsFast } from './compare.js'
import { bestPeer, bestScriptPeer, ownTarget, targets } from './targets.js'

/** @typedef {import('./targets.js').Target} Target */
/** @typedef {import('./measure.js').Table} Table */
/** @typedef {{ operation: string, asked: string, measured: string, outcome: 'met' | 'missed' | 'not built' | 'unclear' }} Verdict */

/**
 * A verdict for each target whose table was measured.
 *
 * @param {readonly Table[]} tables @param {string} runtime such as `node20` @returns {Verdict[]}
 */
export function judge(tables, runtime) {
  return targets.flatMap((target) => {
    const table = tables.find(({ title }) => title === target.table)
    if (table === undefined || target.runtimes?.includes(runtime) === false) return []
    return judgeOne(target, table, runtime) ?? []
  })
}

/**
 * Rounds that differ by more than twice, the outer quarters aside, tell of the machine alone.
 *
 * @param {Target} target @param {Table} table @param {string} runtime @returns {Verdict | undefined}
 */
function judgeOne(target, table, runtime) {
  const of = table.rows.find(({ name }) => name === target.of)
  const operation = operationOf(target)
  if (target.atMost !== undefined) return judgeBound(operation, target.atMost, { table, of })
  const asked = `${askedOf(target, runtime)} × ${perWork(target)}${target.against}`
  if (of === undefined) return { operation, asked, measured: '–', outcome: 'not built' }
  const against = opponent(target, table)
  if (against === undefined) return undefined
  const { median, low, high } = timesAsFast(of, against)
  const scale = target.scale ?? 1
  const named = against.name === target.against ? '' : ` (${against.name})`
  return {
    operation,
    asked,
    measured: `${digits(median * scale)} [${digits(low * scale)}–${digits(high * scale)}]${named}`,
    outcome: high > 2 * low ? 'unclear' : median * scale >= askedOf(target, runtime) ? 'met' : 'missed',
  }
}

/** @param {Target} target */
const operationOf = ({ table, of, own = false }) =>
  `${own ? `${ownTarget}: ` : ''}${of === 'tessera' ? table : `${table}: ${of}`}`

/** @param {string} operation @param {number} most @param {{ table: Table, of: import('./measure.js').Row | undefined }} measured @returns {Verdict} */
function judgeBound(operation, most, { table, of }) {
  const asked = `at most ${most} ${table.unit}`
  if (of === undefined) return { operation, asked, measured: '–', outcome: 'not built' }
  const { median } = spreadOf(of.samples)
  return { operation, asked, measured: median.toFixed(0), outcome: median <= most ? 'met' : 'missed' }
}

/** @param {Target} target @param {Table} table */
function opponent({ against }, table) {
  if (against === bestPeer) return fastestOf(table, { native: true })
  if (against === bestScriptPeer) return fastestOf(table, { native: false })
  return table.rows.find(({ name }) => name === against)
}

/** @param {Target} target @param {string} runtime */
const askedOf = ({ atLeast = 1, onNode20 = atLeast }, runtime) => (runtime === 'node20' ? onNode20 : atLeast)

/** @param {Target} target */
const perWork = ({ scale }) => (scale === undefined ? '' : 'per byte, ')

/** @param {number} value */
export const digits = (value) => value.toFixed(value < 10 ? 2 : 1)
