import { expect, onTestFinished, test } from 'vitest'
import { checkMigrations, migrate } from '../../src/stand-alone/migrate.ts'
import { migrations } from '../../src/store/migrations/all.ts'
import { createSchema, execute } from '../store/open-test-database.ts'

test('brings a PostgreSQL database to this version; a newer one is refused', async () => {
  const { url, drop } = await createSchema()
  onTestFinished(drop)
  const environment = {
    TESSERA_DATABASE: url,
    TESSERA_SECRETS: 'a-server-secret-of-at-least-thirty-two-bytes',
  }
  await Promise.all([migrate({ environment }), migrate({ environment })])
  await execute(url, "insert into schema_migrations values ('9999-of-the-future', 'checksum', 0)")
  await expect(migrate({ environment })).rejects.toMatchObject({ code: 'database_foreign' })
})

test('says what a PostgreSQL database lacks, and changes nothing', async () => {
  const { url, drop } = await createSchema()
  onTestFinished(drop)
  const environment = {
    TESSERA_DATABASE: url,
    TESSERA_SECRETS: 'a-server-secret-of-at-least-thirty-two-bytes',
  }
  const all = migrations.map(({ name }) => name)
  expect(await checkMigrations({ environment })).toEqual(all)
  expect(await checkMigrations({ environment })).toEqual(all)
  await migrate({ environment })
  expect(await checkMigrations({ environment })).toEqual([])
  await execute(url, 'drop index sessions_by_time')
  await execute(url, "delete from schema_migrations where name >= '0006'")
  expect(await checkMigrations({ environment })).toEqual(all.slice(5))
  await migrate({ environment })
  expect(await checkMigrations({ environment })).toEqual([])
})
