// @ts-check
/** A SQLite file with many users and a session of each: rows of the server's own making, multiplied inside the database. */
import { createRequire } from 'node:module'
import { openStore } from '../../packages/server/dist/store/open-store.js'
import { sampleOf, sessionRow, userRow } from './rows.js'

/** The driver of the server, and no other build of it. */
export const Libsql = createRequire(new URL('../../packages/server/package.json', import.meta.url))('libsql')

/** As long as an id of ours, and as random. */
const randomId = 'substr(hex(randomblob(11)), 1, 22)'

/** Names in an order that has nothing to do with that of the rows. */
const randomName = "lower(hex(randomblob(6))) || '@example.test'"

/** @typedef {import('./rows.js').Sample} Sample */

/** @param {string} path @param {number} count @param {number} sampleCount @returns {Promise<Sample[]>} */
export async function fill(path, count, sampleCount) {
  const store = await openStore({ kind: 'sqlite', path })
  await store.close()
  const database = new Libsql(path)
  try {
    database.exec('begin')
    insertMany(database, 'users', {
      row: userRow,
      random: { id: randomId, username: 'name', username_normalised: 'name' },
      from: `(with recursive drawn (i, name) as (
        select 1, ${randomName} union all select i + 1, ${randomName} from drawn where i < ${count}) select name from drawn)`,
    })
    insertMany(database, 'sessions', {
      row: sessionRow(store.epoch),
      random: { sid: randomId, user_id: 'users.id', mac_nonce: randomId },
      from: 'users',
    })
    database.exec('commit')
    return readSamples(database, Math.floor(count / sampleCount))
  } finally {
    database.close()
  }
}

/** @param {any} database @param {string} table @param {{ row: object, random: Record<string, string>, from: string }} what */
function insertMany(database, table, { row, random, from }) {
  const entries = Object.entries(row)
  const values = entries.map(([name]) => random[name] ?? '?')
  const fixed = entries.flatMap(([name, value]) => (name in random ? [] : [value]))
  database
    .prepare(
      `insert into ${table} (${entries.map(([name]) => name).join()}) select ${values.join()} from ${from}`,
    )
    .run(fixed)
}

/** @param {any} database @param {number} every @returns {Sample[]} */
function readSamples(database, every) {
  const rows = database
    .prepare(
      `select sessions.*, users.username from sessions join users on users.id = user_id where sessions.rowid % ${every} = 0`,
    )
    .all()
  return rows.map(sampleOf)
}
