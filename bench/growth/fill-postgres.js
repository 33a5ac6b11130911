// @ts-check
/** The same on PostgreSQL: a database with many users and a session of each, its statistics up to date. */
import { createRequire } from 'node:module'
import { openStore } from '../../packages/server/dist/store/open-store.js'
import { sampleOf, sessionRow, userRow } from './rows.js'

/** @typedef {import('./rows.js').Sample} Sample */

/** The driver of the server, and no other build of it. @type {typeof import('pg')} */
const pg = createRequire(new URL('../../packages/server/package.json', import.meta.url))('pg')

/** As long as an id of ours, and as random. */
const randomId = 'left(md5(random()::text || clock_timestamp()), 22)'

/** @param {string} url of a server @param {number} count @param {number} sampleCount @returns {Promise<{ url: string, samples: Sample[] }>} */
export async function fillPostgres(url, count, sampleCount) {
  const place = new URL(url)
  place.pathname = `growth_${count}`
  await withClient(url, (client) => client.query(`create database growth_${count}`))
  const store = await openStore({ kind: 'postgres', url: place.href })
  await store.close()
  const samples = await withClient(place.href, async (client) => {
    // Only while it is filled: what is measured waits for the disk.
    await client.query('set synchronous_commit = off; set session_replication_role = replica')
    await insertMany(client, 'users', {
      row: userRow,
      random: { id: randomId, username: 'name', username_normalised: 'name' },
      from: `(select ${randomId} || '@example.test' as name from generate_series(1, ${count})) as drawn`,
    })
    await insertMany(client, 'sessions', {
      row: sessionRow(store.epoch),
      random: { sid: randomId, user_id: 'users.id', mac_nonce: randomId },
      from: 'users',
    })
    await client.query('vacuum analyze')
    await client.query('checkpoint')
    // A few more than are needed: whoever draws rows draws a number of them that is itself drawn.
    const percent = Math.min(100, (150 * sampleCount) / count)
    const { rows } = await client.query(
      `select sessions.*, users.username from sessions tablesample bernoulli (${percent}) join users on users.id = user_id`,
    )
    return rows.map(sampleOf)
  })
  return { url: place.href, samples }
}

/** Of the table, its indexes and what lies beside them, by the rows in it. @param {string} url @returns {Promise<number>} */
export function bytesOfPostgresSession(url) {
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      "select pg_total_relation_size('sessions') / (select count(*) from sessions)::float as bytes",
    )
    return rows[0]?.bytes
  })
}

/** @param {import('pg').Client} client @param {string} table @param {{ row: object, random: Record<string, string>, from: string }} what */
async function insertMany(client, table, { row, random, from }) {
  const entries = Object.entries(row)
  const fixed = entries.flatMap(([name, value]) => (name in random ? [] : [value]))
  let count = 0
  const values = entries.map(([name]) => random[name] ?? `$${(count += 1)}`)
  const names = entries.map(([name]) => name).join()
  await client.query(`insert into ${table} (${names}) select ${values.join()} from ${from}`, fixed)
}

/** @template T @param {string} url @param {(client: import('pg').Client) => Promise<T>} act @returns {Promise<T>} */
async function withClient(url, act) {
  const types = {
    getTypeParser: (/** @type {number} */ oid) => (oid === 20 ? Number : pg.types.getTypeParser(oid)),
  }
  const client = new pg.Client({ connectionString: url, types })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}
