// @ts-check
/** Measures the servers side by side: every round a slice of each operation on each server, in rotated order. */
import { spawnSync } from 'node:child_process'
import { connectionCount, startContestant } from './contestants.js'
import { measureFloods } from './flood.js'
import { operations } from './operations.js'
import { startDatabases } from './postgres.js'

/** @typedef {import('./contestants.js').Contestant} Contestant */
/** @typedef {import('./operations.js').Operation} Operation */
/** @typedef {import('../measure.js').Table} Table */

const names = ['tessera', 'hand-rolled', 'oidc-provider', 'better-auth', 'limit', 'argon2-alone']
const onPostgres = ['tessera', 'hand-rolled', 'oidc-provider'].map((name) => `${name} on PostgreSQL`)
const sessionsOnRedis = 'express-session on Redis'
const withLogin = ['tessera', 'hand-rolled', 'better-auth']

/** @param {{ rounds: number, sliceMs: number }} effort @returns {Promise<Table[]>} */
export async function measureServers(effort) {
  /** @type {Contestant[]} */
  const contestants = []
  const postgres = await startDatabases()
  try {
    for (const name of names) contestants.push(await startContestant(name))
    if (hasRedis()) contestants.push(await startContestant(sessionsOnRedis))
    if (postgres !== undefined) {
      for (const name of onPostgres)
        contestants.push(await startContestant(name, await postgres.newDatabase()))
    }
    const tables = []
    for (const operation of operations)
      tables.push(...(await measureOperation(operation, contestants, effort)))
    const floods = await measureFloods(contestants.filter(({ name }) => withLogin.includes(name)))
    return [...tables, ...floods]
  } finally {
    for (const contestant of contestants) await contestant.stop()
    await postgres?.stop()
  }
}

/** @param {Operation} operation @param {Contestant[]} contestants @param {{ rounds: number, sliceMs: number }} effort @returns {Promise<Table[]>} nothing where no database of it is there */
async function measureOperation(operation, contestants, { rounds, sliceMs }) {
  const { title, reference, rows, prepare } = operation
  const runs = rows.flatMap(({ row, server, way }) => {
    const contestant = contestants.find(({ name }) => name === server)
    if (contestant === undefined) return []
    const samples = /** @type {number[]} */ ([])
    return [{ contestant, way, samples, cpu: /** @type {number[]} */ ([]), name: row }]
  })
  if (!runs.some(({ name }) => name === reference)) return []
  // The first round warms up.
  for (let round = -1; round < rounds; round += 1) {
    for (const turn of runs.keys()) {
      const run = runs[(turn + round + runs.length) % runs.length]
      if (run === undefined) continue
      const step = await prepare(run.contestant, run.way)
      const { ns, cpuNs } = await slice(operation, step, { usage: run.contestant.usage, sliceMs })
      if (round < 0) continue
      run.samples.push(ns)
      run.cpu.push(cpuNs)
    }
  }
  return [{ title, reference, unit: 'ns', cpuOf: 'of the server', rows: runs }]
}

/** @param {Operation} operation @param {import('./operations.js').Step} step @param {Pick<Contestant, 'usage'> & { sliceMs: number }} how */
async function slice({ connections = connectionCount, count = Infinity }, step, { usage, sliceMs }) {
  const before = await usage()
  const start = performance.now()
  let requests = 0
  const goesOn = () => (count === Infinity ? performance.now() - start < sliceMs : requests < count)
  const worker = async (/** @type {number} */ index) => {
    while (goesOn()) {
      requests += 1
      await step(index)
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, index) => worker(index)))
  const elapsedNs = (performance.now() - start) * 1e6
  return { ns: elapsedNs / requests, cpuNs: ((await usage()).cpuNs - before.cpuNs) / requests }
}

function hasRedis() {
  const isThere = spawnSync('redis-server', ['--version']).status === 0
  if (!isThere) console.error('Redis is left out: there is no redis-server on the path')
  return isThere
}
