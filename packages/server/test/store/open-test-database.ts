/** A store for a test on the PostgreSQL of `TESSERA_TEST_DATABASE`: a schema of its own, gone when the store is closed. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import type { Store } from '../../src/store/store.ts'

/** The address of the database that tests may use, where there is one. */
export const testDatabase: string | undefined = process.env['TESSERA_TEST_DATABASE']

/** An address whose tables are in a new schema. */
export async function createSchema(): Promise<{ url: string; schema: string; drop(): Promise<void> }> {
  if (testDatabase === undefined) throw new Error('expected TESSERA_TEST_DATABASE: run npm run test:postgres')
  const name = `test_${randomBytes(8).toString('hex')}`
  await execute(testDatabase, `create schema ${name}`)
  const url = new URL(testDatabase)
  url.searchParams.set('options', `-c search_path=${name}`)
  return { url: url.href, schema: name, drop: () => execute(testDatabase, `drop schema ${name} cascade`) }
}

/** Runs statements on a connection of their own. */
export async function execute(url: string, statements: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statements)
  } finally {
    await client.end()
  }
}

/** @param clockMs In the place of the database's own clock: one that a test moves. */
export async function openTestStore(clockMs?: () => number): Promise<Store> {
  const { url, drop } = await createSchema()
  const store = await openPostgresStore({
    url,
    connections: 4,
    ...(clockMs !== undefined && { clockMs }),
  })
  return { ...store, close: () => store.close().then(drop) }
}
