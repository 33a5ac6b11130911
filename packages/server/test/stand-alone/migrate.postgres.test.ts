import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/stand-alone/migrate.ts'
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
