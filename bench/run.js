// @ts-check
/**
 * `npm run bench`: Tessera beside its peers, all in one process, and whether it does what is asked of it.
 *   -- --only NAME      the tables whose title contains NAME; bench/RESULTS.md stays as it is
 *   -- --only server    the token server beside other servers; their section of bench/RESULTS.md is written
 *      --rows TEXT      of it the tables whose title contains TEXT; bench/RESULTS.md stays as it is
 *      --servers A,B    of it these servers
 *      --profile DIR    with a CPU profile of each server in DIR
 *   -- --only growth    the server with a million users and sessions beside itself with a hundred thousand; likewise
 *   -- --json FILE      the figures for machines
 *   -- --node 20,24     on other versions of Node, or bun, that npm installs; default the one that runs this
 *   -- --rounds N       default 15
 *   -- --smoke          measures nothing: every contender takes what is good and refuses what is bad
 */
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { buildGroups, measureProcesses } from './groups.js'
import { measure } from './measure.js'
import { tableText, verdictTable } from './report.js'
import { writeResults } from './results-file.js'
import { measureOn } from './runtimes.js'
import { smoke } from './smoke.js'
import { judge } from './verdicts.js'

/** @typedef {import('./report.js').Report} Report */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rows: { type: 'string' },
    servers: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'string' },
    node: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    smoke: { type: 'boolean' },
  },
})

/** What has a section of its own. @type {Record<string, () => Promise<Report>>} */
const special = { server: measureServersHere, growth: measureGrowthHere }

if (values.smoke === true) await smoke()
else await bench()

async function bench() {
  const reports =
    values.node === undefined
      ? [await (special[values.only ?? ''] ?? measureHere)()]
      : measureOn(values.node.split(','), values)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(reports, null, 1)}\n`)
  // A run that another one started hands its report over as JSON.
  const isPart = [values.rows, values.servers, values.profile].some((value) => value !== undefined)
  const isWhole = values.only === undefined || (values.only in special && !isPart)
  if (isWhole && process.env['TESSERA_BENCH_PART'] === undefined) writeResults(reports)
}

/** @returns {Promise<Report>} */
async function measureHere() {
  const rounds = Number(values.rounds)
  const groups = await buildGroups(values.only)
  const tables = [
    ...(await measure(groups, { rounds, sliceMs: 3, warmUpMs: 200 })),
    ...(await measureProcesses(values.only, { rounds: Math.ceil(rounds / 2), sliceMs: 250 })),
  ]
  return report(tables, runtimeTitle())
}

/** @returns {Promise<Report>} */
async function measureServersHere() {
  // Loaded here because its peers are installed when they are asked for.
  const { measureServers } = await import('./server/measure-servers.js')
  const { rows, servers, profile } = values
  const effort = { rounds: Math.ceil(Number(values.rounds) / 3), sliceMs: 400 }
  const tables = await measureServers(effort, { rows, servers: servers?.split(','), profile })
  return report(tables, `Server on ${runtimeTitle()}`)
}

/** @returns {Promise<Report>} */
async function measureGrowthHere() {
  const { measureGrowth } = await import('./growth/measure-growth.js')
  const tables = await measureGrowth({ rounds: Number(values.rounds) })
  return report(tables, `Growth of the server on ${runtimeTitle()}`)
}

function runtimeTitle() {
  const bun = process.versions['bun']
  return bun === undefined ? `Node ${process.versions.node}` : `Bun ${bun}`
}

/** @param {Report['tables']} tables @param {string} version @returns {Report} */
function report(tables, version) {
  const runtime = runtimeTitle().startsWith('Bun') ? 'bun' : `node${process.versions.node.split('.')[0]}`
  const verdicts = judge(tables, runtime)
  for (const table of tables) console.log(tableText(table))
  console.log(`## ${version}\n\n${verdictTable(verdicts)}`)
  return { runtime, version, machine: machine(), tables, verdicts }
}

/** The processor, and how many processes wanted it in the last minute: above the number of cores, they took turns. */
function machine() {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return `${cpus().length} × ${model}, load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 16)} UTC`
}
