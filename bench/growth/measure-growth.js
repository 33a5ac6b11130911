// @ts-check
/**
 * How the server does with ten times as many users and sessions: two databases side by side in one process, every round a
 * few requests of each kind to each of them, for accounts drawn at random. Passwords cost nothing here, so that what grows
 * is seen.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHasher } from '../../packages/server/dist/accounts/hasher.js'
import { createTokenServerWith } from '../../packages/server/dist/token-server.js'
import { spreadOf } from '../compare.js'
import { countRow, few, many } from './counts.js'
import { fill, Libsql, secretText } from './fill.js'

/** @typedef {import('../measure.js').Table} Table */
/** @typedef {import('./fill.js').Sample} Sample */

const issuer = 'http://127.0.0.1'
const perRound = 20

/** @param {{ rounds: number }} effort @returns {Promise<Table[]>} */
export async function measureGrowth({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-growth-'))
  const sides = []
  try {
    for (const count of [few, many]) sides.push(await openSide(folder, count, rounds * perRound))
    const bytes = bytesOfSession(sides[1]?.path ?? '')
    /** @type {Table[]} */
    const tables = Object.keys(sides[0]?.kinds ?? {}).map((kind) => ({
      title: `growth: ${kind}`,
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
    return [
      ...tables,
      { title: 'growth: bytes of a session', reference: countRow(many), unit: 'bytes', rows: [memory] },
    ]
  } finally {
    for (const side of sides) await side.server.close()
    rmSync(folder, { recursive: true })
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

/** @param {string} folder @param {number} count @param {number} sampleCount */
async function openSide(folder, count, sampleCount) {
  const path = join(folder, `${count}.db`)
  const samples = await fill(path, count, 2 * sampleCount)
  const server = createTokenServerWith(
    { issuer, secrets: [secretText], database: `sqlite:${path}`, throttle: 'off' },
    { hasher: freeHasher },
  )
  await server.ready
  return { path, server, kinds: kindsOf(server, samples) }
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
