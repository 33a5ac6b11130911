// @ts-check
/** What was measured, as tables of Markdown. */
import { spreadOf, timesAsFast } from './compare.js'
import { digits } from './verdicts.js'

/** @typedef {import('./measure.js').Table} Table */
/** @typedef {import('./verdicts.js').Verdict} Verdict */
/** @typedef {{ runtime: string, version: string, machine: string, tables: Table[], verdicts: Verdict[] }} Report */

/** @param {readonly Verdict[]} verdicts */
export function verdictTable(verdicts) {
  const rows = verdicts.map(
    ({ operation, asked, measured, outcome }) =>
      `| ${operation} | ${asked} | ${measured} | ${outcome === 'missed' ? '**missed**' : outcome} |`,
  )
  const head = ['| operation | at least | measured, median [quartiles] | |', '|---|---|---|---|']
  return rows.length === 0 ? '' : [...head, ...rows, ''].join('\n')
}

/** @param {Table} table */
export function tableText({ title, reference, unit, cpuOf = 'of all cores', rows }) {
  const base = rows.find(({ name }) => name === reference) ?? rows[0]
  const lines = rows.map((row) => {
    const { median, low, high } = base === undefined ? spreadOf([]) : timesAsFast(row, base)
    const ratio = `${digits(median)} | ${digits(low)}–${digits(high)}`
    return `| ${row.name} | ${whole(row.samples)} | ${row.cpu === undefined ? '' : whole(row.cpu)} | ${ratio} |`
  })
  return [
    `### ${title}`,
    '',
    `| | ${unit} | ${unit} ${cpuOf} | × ${base?.name} | quartiles |`,
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

/** @param {readonly number[]} samples */
const whole = (samples) => spreadOf(samples).median.toFixed(0)

/** Everything of one runtime. @param {Report} report */
export function section({ version, machine, tables, verdicts }) {
  return [`## ${version}`, '', machine, '', verdictTable(verdicts), ...tables.map(tableText)].join('\n')
}
