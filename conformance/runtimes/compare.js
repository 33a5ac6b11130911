// @ts-check
/** Holds the reports of several runtimes against each other: the same tests, the same outcome, or a written reason. */

/** @typedef {import('./suite/run-suite.js').Outcome} Outcome */
/** @typedef {import('./differences.js').Difference} Difference */
/** @typedef {{ id: string, outcomes: Outcome[] }} Report */
/**
 * @typedef {object} Verdict
 * @property {number} passed
 * @property {string[]} failures
 * @property {Record<string, number>} skipped  by reason
 */

/**
 * @param {Report[]} reports
 * @param {Difference[]} differences
 * @param {boolean} isWhole  whether every test ran on every runtime, so that every difference has to show
 * @returns {Map<string, Verdict>} by runtime
 */
export function compareReports(reports, differences, isWhole = true) {
  const everywhere = new Set(reports.flatMap(({ outcomes }) => outcomes.map(({ id }) => id)))
  return new Map(
    reports.map((report) => {
      const own = differences.filter(({ runtimes }) => runtimes.includes(report.id))
      const { verdict, unused } = judgeReport(report, everywhere, own)
      for (const { tests, why } of isWhole ? unused : [])
        verdict.failures.push(`differences.js: ${tests} (${why}) explains nothing on ${report.id} any more`)
      return [report.id, verdict]
    }),
  )
}

/** @param {Report} report @param {Set<string>} everywhere @param {Difference[]} own */
function judgeReport({ outcomes }, everywhere, own) {
  /** @type {Verdict} */
  const verdict = { passed: 0, failures: [], skipped: {} }
  /** @type {Set<Difference>} */
  const used = new Set()
  /** @param {string} id @param {string} reason */
  const skip = (id, reason) => {
    const found = own.find(({ tests }) => tests.test(`${id} ${reason}`))
    if (found === undefined) verdict.failures.push(`${id}: ${reason}, and differences.js does not say why`)
    else {
      used.add(found)
      verdict.skipped[found.why] = (verdict.skipped[found.why] ?? 0) + 1
    }
  }
  for (const { id, outcome, reason = '' } of outcomes) {
    if (outcome === 'passed') verdict.passed += 1
    else if (outcome === 'failed') verdict.failures.push(`${id}: ${reason}`)
    else skip(id, reason)
  }
  const here = new Set(outcomes.map(({ id }) => id))
  for (const id of everywhere) if (!here.has(id)) skip(id, 'is not there')
  return { verdict, unused: own.filter((difference) => !used.has(difference)) }
}
