// @ts-check
/** A database for a peer, as durable as Tessera's: a SQLite file with every commit synced, or PostgreSQL. */
import { join } from 'node:path'
import Database from 'libsql'
import { Pool } from 'pg'

/** @typedef {{ get(...values: any[]): any, run(...values: any[]): any }} Query  SQLite answers at once, PostgreSQL later */

/** @param {string} folder */
export function openDatabase(folder) {
  const database = new Database(join(folder, 'peer.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  return database
}

/**
 * A schema and its queries on either database: `get` gives the first row, `run` how many rows changed.
 *
 * @template {string} Name
 * @param {{ folder: string, url?: string | undefined }} where a PostgreSQL, when there is a `url`
 * @param {{ schema: string, queries: Record<Name, string> }} what with `?` for each value
 * @returns {Promise<Record<Name, Query>>}
 */
export async function openQueries({ folder, url }, { schema, queries }) {
  const prepare = url === undefined ? onSqlite(folder, schema) : await onPostgres(url, schema)
  const entries = Object.entries(queries).map(([name, sql]) => [name, prepare(name, String(sql))])
  return Object.fromEntries(entries)
}

/** @param {string} folder @param {string} schema @returns {(name: string, sql: string) => Query} */
function onSqlite(folder, schema) {
  const database = openDatabase(folder)
  database.exec(schema)
  return (_name, sql) => {
    const statement = database.prepare(sql)
    return {
      get: (...values) => statement.get(...values),
      run: (...values) => statement.run(...values).changes,
    }
  }
}

/** @param {string} url @param {string} schema @returns {Promise<(name: string, sql: string) => Query>} */
async function onPostgres(url, schema) {
  const pool = new Pool({ connectionString: url, max: 10 })
  await pool.query(schema)
  return (name, sql) => {
    let count = 0
    const text = sql.replace(/\?/g, () => `$${(count += 1)}`)
    return {
      get: async (...values) => (await pool.query({ name, text, values })).rows[0],
      run: async (...values) => (await pool.query({ name, text, values })).rowCount,
    }
  }
}
