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

/** Which tables, of which servers; all when absent. `profile`: a folder for the CPU profile of each server. */
/** @typedef {{ rows?: string | undefined, servers?: string[] | undefined, profile?: string | undefined }} Part */

const onRedis = ' on Redis'
const onPostgres = ' on PostgreSQL'
const floodTitle = 'server: 500 logins at once'
const withLogin = ['tessera', 'hand-rolled', 'better-auth']

/** @param {{ rounds: number, sliceMs: number }} effort @param {Part} [part] @returns {Promise<Table[]>} */
export async function measureServers(effort, part = {}) {
  const isWanted = (/** @type {string} */ title) =>
    title.toLowerCase().includes((part.rows ?? '').toLowerCase())
  const wanted = operations.filter(({ title }) => isWanted(title))
  const flooded = isWanted(floodTitle) ? withLogin : []
  const asked = new Set([...wanted.flatMap(({ rows }) => rows.map(({ server }) => server)), ...flooded])
  const names = [...asked].filter((name) => part.servers?.includes(name) ?? true)
  return withContestants(names, part.profile, async (contestants) => {
    const tables = []
    for (const operation of wanted) tables.push(...(await measureOperation(operation, contestants, effort)))
    const inFlood = contestants.filter(({ name }) => flooded.includes(name))
    return inFlood.length === 0 ? tables : [...tables, ...(await measureFloods(inFlood))]
  })
}

/** @param {readonly string[]} names @param {string | undefined} profile @param {(contestants: Contestant[]) => Promise<Table[]>} work */
async function withContestants(names, profile, work) {
  /** @type {Contestant[]} */
  const contestants = []
  const postgres = names.some((name) => name.endsWith(onPostgres)) ? await startDatabases() : undefined
  const redis = names.some((name) => name.endsWith(onRedis)) && hasRedis()
  try {
    for (const name of names) {
      if (name.endsWith(onRedis) && !redis) continue
      if (name.endsWith(onPostgres) && postgres === undefined) continue
      const url = name.endsWith(onPostgres) ? await postgres?.newDatabase() : undefined
      contestants.push(await startContestant(name, { url, profile }))
    }
    return await work(contestants)
  } finally {
    for (const contestant of contestants) await contestant.stop()
    await postgres?.stop()
  }
}

/**
 * Until its engine has compiled what an operation needs, a server is two or three times as slow as ever after, and the slowest
 * ones stay so for the longest. A slice of warming up was not enough for them.
 */
const warmUpMs = 2500

/** @param {Operation} operation @param {Contestant[]} contestants @param {{ rounds: number, sliceMs: number }} effort @returns {Promise<Table[]>} nothing where none of its servers is there */
async function measureOperation(operation, contestants, { rounds, sliceMs }) {
  const { title, reference, rows, prepare } = operation
  const runs = rows.flatMap(({ row, server, way }) => {
    const contestant = contestants.find(({ name }) => name === server)
    if (contestant === undefined) return []
    const samples = /** @type {number[]} */ ([])
    return [{ contestant, way, samples, cpu: /** @type {number[]} */ ([]), name: row }]
  })
  if (runs.length === 0) return []
  const measure = async (
    /** @type {typeof runs[number]} */ { contestant, way },
    /** @type {number} */ forMs,
  ) => slice(operation, await prepare(contestant, way), { usage: contestant.usage, sliceMs: forMs })
  for (const run of runs) await measure(run, warmUpMs)
  for (let round = 0; round < rounds; round += 1) {
    for (const turn of runs.keys()) {
      const run = runs[(turn + round) % runs.length]
      if (run === undefined) continue
      const { ns, cpuNs } = await measure(run, sliceMs)
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
