// @ts-check
/**
 * `npm run bench`: Tessera beside its peers, all in one process.
 *   -- --only NAME   the groups whose title contains NAME
 *   -- --json FILE   the figures for machines
 *   -- --write       the table of this Node version into bench/RESULTS.md
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { groups } from './cases.js'
import { measure } from './measure.js'

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, write: { type: 'boolean' } },
})

/** @typedef {{ title: string, reference: string, figures: import('./measure.js').Figure[] }} Result */

/** @type {Result[]} */
const results = []
for (const { title, reference, cases } of await groups()) {
  if (values.only !== undefined && !title.toLowerCase().includes(values.only.toLowerCase())) continue
  const result = { title, reference, figures: measure(cases) }
  results.push(result)
  console.log(tableOf(result))
}

if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.version, machine: machine(), results }, null, 2)}\n`,
  )
}
if (values.write === true) writeSection(results)

/** @param {Result} result */
function tableOf({ title, reference, figures }) {
  const base = figures.find(({ name }) => name === reference)?.medianNs ?? 1
  const rows = figures.map(
    ({ name, medianNs, minimumNs }) =>
      `| ${name} | ${medianNs.toFixed(0)} | ${minimumNs.toFixed(0)} | ${(base / medianNs).toFixed(2)} |`,
  )
  return [
    `### ${title}`,
    '',
    `| | median ns | minimum ns | × ${reference} |`,
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function machine() {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
}

/** Puts the tables of this Node version in the place of its older ones. @param {Result[]} all */
function writeSection(all) {
  const file = new URL('RESULTS.md', import.meta.url)
  const major = process.version.split('.')[0]
  const section = `## Node ${major?.slice(1)}\n\n${process.version}, ${machine()}\n\n${all.map(tableOf).join('\n')}`
  const text = readFileSync(file, 'utf8')
  const parts = text
    .split(/(?=^## Node )/m)
    .filter((part) => !part.startsWith(`## Node ${major?.slice(1)}\n`))
  const [head = '', ...sections] = parts
  const sorted = [...sections, section]
    .toSorted((a, b) => a.localeCompare(b))
    .map((part) => `${part.trimEnd()}\n`)
  writeFileSync(file, [`${head.trimEnd()}\n`, ...sorted].join('\n'))
}
