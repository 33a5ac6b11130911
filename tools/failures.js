// @ts-check
/**
 * What failed in a run of `.ci/run`, out of the logs of its suites: a reader of the end of the output has to see it.
 *
 *     node tools/failures.js .ci/artifacts [NAME…]
 *
 * The names are those of the suites that failed. A suite says a failure in a line that begins with `FAILED`, and what is
 * wrong in the lines beneath it; a test that passed at a later attempt has a line `RETRIED`, also where nothing failed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** Of all suites together, so that the end of the output holds them. */
const mostLines = 150
const linesOfBlock = 6
const linesOfEnd = 20
const failure = /^(FAILED\b|⎯+ (Unhandled|Uncaught) (Rejection|Exception) ⎯)/
const retry = /^RETRIED /
const endOfBlock = /^(\s*$|FAILED\b|RETRIED |ok\s|\d+ passed|== )/

/** @param {string} log */
const linesOf = (log) => stripVTControlCharacters(log).split(/\r?\n/)

/** The lines that match, each with those beneath it. @param {string[]} lines @param {RegExp} first */
function blocksOf(lines, first) {
  return lines.flatMap((line, index) => {
    if (!first.test(line)) return []
    const beneath = lines.slice(index + 1, index + linesOfBlock)
    const end = beneath.findIndex((next) => endOfBlock.test(next))
    return [line, ...(end < 0 ? beneath : beneath.slice(0, end))]
  })
}

/**
 * What the log of a suite that failed says of it: its failures, or its last lines where it names none.
 *
 * @param {string} log
 * @param {number} limit of lines
 * @returns {string[]}
 */
export function failuresOf(log, limit) {
  const lines = linesOf(log)
  const found = blocksOf(lines, failure)
  if (found.length === 0)
    return lines.filter((line) => line.trim() !== '').slice(-Math.min(limit, linesOfEnd))
  const left = found.length - limit
  return left <= 0 ? found : [...found.slice(0, limit), `… and ${left} lines more in the log`]
}

/** The tests that passed at a later attempt. @param {string} log @returns {string[]} */
export function retriesOf(log) {
  return blocksOf(linesOf(log), retry)
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} folder @param {string[]} names */
function print(folder, names) {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
  for (const name of logs) {
    const lines = retriesOf(read(join(folder, name)))
    if (lines.length > 0) console.log([`-- retried in ${basename(name, '.log')}`, ...lines].join('\n'))
  }
  const limit = Math.max(10, Math.floor(mostLines / Math.max(1, names.length)))
  for (const name of names) {
    const lines = failuresOf(read(join(folder, `${name}.log`)), limit)
    console.log([`-- failed in ${name}`, ...lines].join('\n'))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = '', ...names] = process.argv.slice(2)
  print(folder, names)
}
