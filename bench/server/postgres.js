// @ts-check
/**
 * A PostgreSQL for those who use one, with every commit on the disk; undefined where none is installed. Its checkpoints, which
 * would fall on whoever is measured just then, come after the benchmark.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { startPostgres } from '../../tools/start-postgres.js'

export async function startDatabases() {
  const server = await startPostgres({ fsync: 'on', checkpoint_timeout: '1h', max_wal_size: '4GB' }).catch(
    (/** @type {Error} */ { message }) => {
      console.error(`PostgreSQL is left out: ${message}`)
    },
  )
  if (server === undefined) return undefined
  return {
    /** The address of a new and empty database. */
    newDatabase: async () => {
      const name = `bench_${randomBytes(4).toString('hex')}`
      const client = new Client({ connectionString: server.url })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      const url = new URL(server.url)
      url.pathname = name
      return url.href
    },
    stop: () => server.stop(),
  }
}
