// @ts-check
/** Counts what agreed and what did not, in rows of a table. */

/** @typedef {ReturnType<typeof createTally>} Tally */

export function createTally() {
  /** @type {Map<string, Map<string, number>>} */
  const rows = new Map()
  /** @type {string[]} */
  const failures = []
  const counts = { passed: 0, failed: 0 }
  return {
    rows,
    failures,
    counts,
    /** @param {string} row @param {string} column @param {number} [times] */
    agree(row, column, times = 1) {
      counts.passed += times
      const columns = rows.get(row) ?? new Map()
      columns.set(column, (columns.get(column) ?? 0) + times)
      rows.set(row, columns)
    },
    /** @param {string} failure */
    differ(failure) {
      counts.failed += 1
      if (failures.length < 40) failures.push(failure)
    },
  }
}

/** The table of a tally: a line for each row. @param {Tally} tally */
export function renderRows({ rows }) {
  const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))]
  const width = Math.max(...[...rows.keys()].map((name) => name.length)) + 2
  const widths = columns.map((name) => Math.max(name.length, 5) + 2)
  const head = columns.map((name, index) => name.padStart(widths[index] ?? 0)).join('')
  const lines = [...rows].map(([name, row]) => {
    const cells = columns.map((column, index) => String(row.get(column) ?? '-').padStart(widths[index] ?? 0))
    return `${name.padEnd(width)}${cells.join('')}`
  })
  return [`${''.padEnd(width)}${head}`, ...lines].join('\n')
}
