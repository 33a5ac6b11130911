// @ts-check
/** bench/RESULTS.md: a section for each runtime, kept until that runtime is measured again, and a table over all of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { section } from './report.js'
import { ownTarget } from './targets.js'

/** @typedef {import('./report.js').Report} Report */

const file = new URL('RESULTS.md', import.meta.url)
const overview = '## Asked and measured'

/** Puts reports in the place of older ones of the same runtimes. @param {readonly Report[]} reports */
export function writeResults(reports) {
  const [head = '', ...parts] = readFileSync(file, 'utf8').split(/^(?=## )/m)
  const fresh = reports.map((report) => `${section(report).trimEnd()}\n`)
  const kept = parts.filter((part) => part.startsWith('## ') && !part.startsWith(overview))
  const older = kept.filter((part) => !fresh.some((one) => runtimeOf(one) === runtimeOf(part)))
  const sections = [...older, ...fresh].map((part) => `${part.trimEnd()}\n`).toSorted(byRuntime)
  writeFileSync(
    file,
    [`${head.trimEnd()}\n`, overviewOf(sections.filter((part) => !isOfServer(part))), ...sections].join('\n'),
  )
}

/** `Node 20` of `## Node 20.20.2`; a word alone for what is measured of the server. @param {string} part */
const runtimeOf = (part) => /^## (Server|Growth|\w+ \d+)/.exec(part)?.[1] ?? ''

/** @param {string} part */
const isOfServer = (part) => ['Server', 'Growth'].includes(runtimeOf(part))

/** @param {string} a @param {string} b */
const byRuntime = (a, b) =>
  (runtimeOf(a).startsWith('Node') ? 0 : 1) - (runtimeOf(b).startsWith('Node') ? 0 : 1) ||
  runtimeOf(a).localeCompare(runtimeOf(b))

/** The first table of each section, side by side. @param {readonly string[]} sections */
function overviewOf(sections) {
  /** @type {Map<string, Map<string, string>>} */
  const rows = new Map()
  for (const part of sections) {
    for (const [, operation = '', asked = '', measured = '', outcome = ''] of part.matchAll(verdictLine)) {
      const row = `${operation} | ${asked.replace(/^[\d.]+ × /, '')}`
      const value = measured.replace(/ \[.*/, '')
      const atLeast = /^(?:at most )?[\d.]+/.exec(asked)?.[0] ?? ''
      const cell = outcome === 'met' || outcome === 'missed' ? `${value} of ${atLeast}` : outcome
      const cells = rows.get(row) ?? new Map()
      rows.set(row, cells.set(runtimeOf(part), outcome === 'missed' ? `**${cell}**` : cell))
    }
  }
  const runtimes = sections.map(runtimeOf)
  const lines = [...rows].map(
    ([row, cells]) => `| ${row} | ${runtimes.map((runtime) => cells.get(runtime) ?? '').join(' | ')} |`,
  )
  const head = `| operation | times as fast as | ${runtimes.join(' | ')} |`
  const rule = `|---|---|${runtimes.map(() => '---|').join('')}`
  return [
    overview,
    '',
    `Measured of asked; what is missed is **bold**. "unclear": the rounds differ by more than twice. "${ownTarget}": we ask it of ourselves, and nobody else does.`,
    '',
    head,
    rule,
    ...lines,
    '',
  ].join('\n')
}

const verdictLine = /^\| (.+?) \| (.+?) \| (.+?) \| \**(met|missed|not built|unclear)\** \|$/gm
