// @ts-check
/** Counts what came of every vector and prints it. */

/**
 * @typedef {{ total: number, passed: number, failed: number, skipped: number }} Row
 * @typedef {{ group: string, id: string, reason: string }} Failure a failure or a skip, with its reason
 * @typedef {{ id: string, level: string, decision: string }} Decision
 * @typedef {ReturnType<typeof createTally>} Tally
 */

/** Collects outcomes by group. An outcome is a pass, a failure with its reason, or a skip with its reason. */
export function createTally() {
  /** @type {Map<string, Row>} */
  const rows = new Map()
  /** @type {Failure[]} */
  const failures = []
  /** @type {Decision[]} */
  const decisions = []
  /** @type {Failure[]} */
  const skips = []
  /** @type {string[]} */
  const details = []

  /**
   * @param {string} group
   * @param {'passed' | 'failed' | 'skipped'} outcome
   */
  function count(group, outcome) {
    const row = rows.get(group) ?? { total: 0, passed: 0, failed: 0, skipped: 0 }
    row.total += 1
    row[outcome] += 1
    rows.set(group, row)
  }

  return {
    rows,
    failures,
    decisions,
    skips,
    details,
    /** @param {string} group @param {string} id @param {string} [detail] */
    pass(group, id, detail) {
      count(group, 'passed')
      if (detail !== undefined) details.push(`${id}: ${detail}`)
    },
    /** @param {string} group @param {string} id @param {string} reason */
    fail(group, id, reason) {
      count(group, 'failed')
      failures.push({ group, id, reason })
    },
    /** @param {string} group @param {string} id @param {string} reason */
    skip(group, id, reason) {
      count(group, 'skipped')
      skips.push({ group, id, reason })
    },
    /** @param {string} id @param {string} level @param {string} decision */
    decide(id, level, decision) {
      decisions.push({ id, level, decision })
    },
    /** The sum over all groups. */
    sum() {
      const sum = { total: 0, passed: 0, failed: 0, skipped: 0 }
      for (const row of rows.values()) {
        sum.total += row.total
        sum.passed += row.passed
        sum.failed += row.failed
        sum.skipped += row.skipped
      }
      return sum
    },
  }
}

/**
 * The table by group, the policy decisions, the reasons for skips, the failures.
 *
 * @param {Tally} tally
 * @returns {string}
 */
export function renderTally(tally) {
  const lines = [...table(tally)]
  if (tally.decisions.length > 0) {
    lines.push('', 'Policy and disputed entries, as decided:')
    for (const { id, level, decision } of tally.decisions)
      lines.push(`  ${level.padEnd(8)} ${id.padEnd(44)} ${decision}`)
  }
  if (tally.skips.length > 0) {
    lines.push('', 'Left out:')
    for (const [reason, times] of countReasons(tally)) lines.push(`  ${String(times).padStart(5)}  ${reason}`)
  }
  if (tally.failures.length > 0) {
    lines.push('')
    for (const { id, reason } of tally.failures) lines.push(`FAILED  ${id}: ${reason}`)
  }
  return lines.join('\n')
}

/** How often each reason for leaving a vector out was given. @param {Tally} tally */
function countReasons({ skips }) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const { reason } of skips) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}

/**
 * What `--report` writes.
 *
 * @param {Tally} tally
 */
export function reportOf(tally) {
  const list = (/** @type {Failure[]} */ items) => items.map(({ id, reason }) => ({ id, reason }))
  return { ...tally.sum(), failures: list(tally.failures), skips: list(tally.skips) }
}

/** The sum of several runs. @param {ReturnType<typeof reportOf>[]} reports */
export function joinReports(reports) {
  const sumOf = (/** @type {'total' | 'passed' | 'failed' | 'skipped'} */ name) =>
    reports.reduce((sum, report) => sum + report[name], 0)
  return {
    total: sumOf('total'),
    passed: sumOf('passed'),
    failed: sumOf('failed'),
    skipped: sumOf('skipped'),
    failures: reports.flatMap(({ failures }) => failures),
    skips: reports.flatMap(({ skips }) => skips),
  }
}

/**
 * @param {Tally} tally
 * @returns {string[]}
 */
function table(tally) {
  const sum = /** @type {[string, Row]} */ (['total', tally.sum()])
  const width = Math.max(...[...tally.rows.keys(), 'total'].map((name) => name.length))
  const cells = (/** @type {unknown[]} */ values) => values.map((value) => String(value).padStart(8)).join('')
  const line = (/** @type {[string, Row]} */ [name, row]) =>
    name.padEnd(width) + cells([row.total, row.passed, row.failed, row.skipped])
  const rule = '-'.repeat(width + 32)
  return [
    ' '.repeat(width) + cells(['total', 'passed', 'failed', 'skipped']),
    rule,
    ...[...tally.rows].map(line),
    rule,
    line(sum),
  ]
}
