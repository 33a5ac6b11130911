/** The share of lines that ran, and the lines that did not. */
import { relative } from 'node:path'

/** @typedef {import('./lines.js').Lines} Lines */

/** Whether the goal is reached. @param {Lines} files @param {{ goal: number, sources: string }} options */
export function printReport(files, { goal, sources }) {
  let all = 0
  let ran = 0
  for (const [file, lines] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    const missed = [...lines].filter(([, count]) => count === 0).map(([line]) => line)
    all += lines.size
    ran += lines.size - missed.length
    if (missed.length > 0) console.log(rowOf(relative(sources, file), lines.size, missed))
  }
  const share = (100 * ran) / all
  console.log(`lines of packages/jose/src: ${ran} of ${all} ran, ${share.toFixed(2)} %, goal ${goal} %`)
  return share >= goal
}

/** @param {string} name @param {number} size @param {readonly number[]} missed */
function rowOf(name, size, missed) {
  const share = (100 * (size - missed.length)) / size
  return `${name.padEnd(36)} ${share.toFixed(1).padStart(5)} %  ${rangesOf(missed)}`
}

/** `3, 7–9`. @param {readonly number[]} numbers */
function rangesOf(numbers) {
  /** @type {[number, number][]} */
  const ranges = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
