// @ts-check
/**
 * How the server does with ten times as many users and sessions, on SQLite and on PostgreSQL: two databases side by side in one process, every round a
 * few requests of each kind to each of them, for accounts drawn at random. Passwords cost nothing here, so that what grows
 * is seen.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../tools/start-postgres.js'
import { createHasher } from '../../packages/server/dist/accounts/hasher.js'
import { createTokenServerWith } from '../../packages/server/dist/token-server.js'
import { spreadOf } from '../compare.js'
import { countRow, few, many } from './counts.js'
import { bytesOfPostgresSession, fillPostgres } from './fill-postgres.js'
import { fill, Libsql } from './fill.js'
import { secretText } from './rows.js'

/** @typedef {import('../measure.js').Table} Table */
/** @typedef {import('./rows.js').Sample} Sample */

const issuer = 'http://127.0.0.1'
const perRound = 20

/**
 * Where users and sessions are kept.
 * @typedef {object} Place
 * @property {string} title
 * @property {(count: number, sampleCount: number) => Promise<{ database: string, samples: Sample[] }>} fill
 * @property {(database: string) => Promise<number>} bytesOfSession
 */

/** @param {{ rounds: number }} effort @returns {Promise<Table[]>} */
export async function measureGrowth({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-growth-'))
  const postgres = await startPostgres({ fsync: 'on' }).catch((/** @type {Error} */ { message }) => {
    console.error(`PostgreSQL is left out: ${message}`)
  })
  try {
    const tables = await measurePlace(onSqlite(folder), rounds)
    return postgres === undefined
      ? tables
      : [...tables, ...(await measurePlace(onPostgres(postgres.url), rounds))]
  } finally {
    await postgres?.stop()
    rmSync(folder, { recursive: true })
  }
}

/** @param {string} folder @returns {Place} */
function onSqlite(folder) {
  return {
    title: 'growth',
    fill: async (count, sampleCount) => {
      const path = join(folder, `${count}.db`)
      return { database: `sqlite:${path}`, samples: await fill(path, count, sampleCount) }
    },
    bytesOfSession: async (database) => bytesOfSession(database.slice('sqlite:'.length)),
  }
}

/** @param {string} server @returns {Place} */
function onPostgres(server) {
  return {
    title: 'growth on PostgreSQL',
    fill: async (count, sampleCount) => {
      const { url, samples } = await fillPostgres(server, count, sampleCount)
      return { database: url, samples }
    },
    bytesOfSession: bytesOfPostgresSession,
  }
}

/** @param {Place} place @param {number} rounds @returns {Promise<Table[]>} */
async function measurePlace(place, rounds) {
  const sides = []
  try {
    for (const count of [few, many]) sides.push(await openSide(place, count, rounds * perRound))
    const bytes = await place.bytesOfSession(sides[1]?.database ?? '')
    /** @type {Table[]} */
    const tables = Object.keys(sides[0]?.kinds ?? {}).map((kind) => ({
      title: `${place.title}: ${kind}`,
      reference: countRow(few),
      unit: 'ns',
      rows: [few, many].map((count) => ({
        name: countRow(count),
        samples: /** @type {number[]} */ ([]),
        cpu: /** @type {number[]} */ ([]),
      })),
    }))
    for (let round = 0; round < rounds; round += 1) {
      for (const turn of [0, 1]) await measureRound(sides, tables, (turn + round) % 2)
    }
    const memory = { name: countRow(many), samples: [bytes] }
    const title = `${place.title}: bytes of a session`
    return [...tables, { title, reference: countRow(many), unit: 'bytes', rows: [memory] }]
  } finally {
    for (const side of sides) await side.server.close()
  }
}

/** @param {Awaited<ReturnType<typeof openSide>>[]} sides @param {Table[]} tables @param {number} which */
async function measureRound(sides, tables, which) {
  const kinds = Object.values(sides[which]?.kinds ?? {})
  for (const [place, act] of kinds.entries()) {
    const cpu = process.cpuUsage()
    const waits = []
    for (let step = 0; step < perRound; step += 1) waits.push(await timeOf(act))
    const row = tables[place]?.rows[which]
    // Of a round the median: a disk that is busy for others holds one commit up, and not the next.
    row?.samples.push(spreadOf(waits).median)
    const { user, system } = process.cpuUsage(cpu)
    row?.cpu?.push(((user + system) * 1000) / perRound)
  }
}

/** In nanoseconds. @param {() => Promise<unknown>} act */
async function timeOf(act) {
  const start = performance.now()
  await act()
  return (performance.now() - start) * 1e6
}

/** @param {Place} place @param {number} count @param {number} sampleCount */
async function openSide(place, count, sampleCount) {
  const { database, samples } = await place.fill(count, 2 * sampleCount)
  const server = createTokenServerWith(
    { issuer, secrets: [secretText], database, throttle: 'off' },
    { hasher: freeHasher },
  )
  await server.ready
  return { database, server, kinds: kindsOf(server, samples) }
}

/** The server's own, but every password is right at once. */
const freeHasher = {
  ...createHasher(),
  verify: async () => true,
  isOutdated: () => false,
}

/** @param {import('../../packages/server/dist/token-server.js').TokenServer} server @param {Sample[]} samples */
function kindsOf(server, samples) {
  const draw = drawer(samples)
  /** @type {string[]} */
  const bearers = []
  /** @type {string[]} */
  const refreshed = []
  return {
    login: async () => {
      const body = { username: draw().username, password: 'correct horse battery staple' }
      const { access_token } = await send(server, '/login', { json: body })
      bearers.push(access_token)
    },
    refresh: async () => {
      const form = { grant_type: 'refresh_token', refresh_token: draw().refreshToken }
      const { refresh_token } = await send(server, '/token', { form })
      refreshed.push(refresh_token)
    },
    'list of sessions': () => send(server, '/sessions', { bearer: bearers.pop() ?? '' }),
    revoke: () => send(server, '/revoke', { form: { token: refreshed.pop() ?? '' } }),
  }
}

/** Each sample once, in an order that has nothing to do with where it lies. @param {Sample[]} samples */
function drawer(samples) {
  const left = samples.map((sample, index) => ({ sample, place: (index * 7919) % samples.length }))
  left.sort((a, b) => a.place - b.place)
  return () => {
    const drawn = left.pop()
    if (drawn === undefined) throw new Error('expected a sample that was not used yet')
    return drawn.sample
  }
}

/** @param {import('../../packages/server/dist/token-server.js').TokenServer} server @param {string} path @param {{ json?: object, form?: Record<string, string>, bearer?: string }} what @returns {Promise<any>} */
async function send(server, path, { json, form, bearer }) {
  const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json)
  const headers = {
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  }
  const method = bearer === undefined ? 'POST' : 'GET'
  const response = await server.handle(new Request(issuer + path, { method, headers, ...(body && { body }) }))
  const text = await response.text()
  if (response.status !== 200) throw new Error(`expected 200 from ${path}, got ${response.status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}

/** The pages of the table and of its indexes, by the rows in it. @param {string} path */
function bytesOfSession(path) {
  const database = new Libsql(path)
  const { bytes } = database
    .prepare(
      "select sum(pgsize) as bytes from dbstat where name = 'sessions' or name like 'sqlite_autoindex_sessions%' or name like 'sessions_%'",
    )
    .get()
  const { rows } = database.prepare('select count(*) as rows from sessions').get()
  database.close()
  return bytes / rows
}
