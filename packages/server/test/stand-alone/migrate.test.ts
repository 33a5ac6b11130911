import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkMigrations, migrate } from '../../src/stand-alone/migrate.ts'
import { migrations } from '../../src/store/migrations/all.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'

function newPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-migrate-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'tessera.db')
  return { directory, path, environment: { TESSERA_DATABASE: `sqlite:${path}` } }
}

function read(path: string): readonly { name: string }[] {
  const database = new Libsql(path)
  const rows = database.prepare('select name from schema_migrations order by name').all([])
  database.close()
  return rows as { name: string }[]
}

test('brings the database to this version, and starts no server: no session, no key, no port', async () => {
  const { directory, path, environment } = newPlace()
  await migrate({ environment, directory })
  expect(read(path).map(({ name }) => name)).toEqual(migrations.map(({ name }) => name))
  const database = new Libsql(path)
  expect(database.prepare('select * from signing_keys').all([])).toEqual([])
  expect(database.prepare('select * from processes').all([])).toEqual([])
  database.close()
})

test('changes nothing that is up to date, also when several come at once', async () => {
  const { directory, path, environment } = newPlace()
  await Promise.all([1, 2, 3].map(() => migrate({ environment, directory })))
  await migrate({ environment, directory })
  expect(read(path)).toHaveLength(migrations.length)
})

test('refuses a database of a newer version, and settings that no server would start with', async () => {
  const { directory, path, environment } = newPlace()
  await migrate({ environment, directory })
  const database = new Libsql(path)
  database.exec("insert into schema_migrations values ('9999-of-the-future', 'checksum', 0)")
  database.close()
  await expect(migrate({ environment, directory })).rejects.toMatchObject({
    code: 'database_foreign',
    message: expect.stringContaining('newer version') as unknown,
  })
  const other = newPlace()
  const unsafe = { ...other.environment, TESSERA_SECRETS: 'short' }
  await expect(migrate({ environment: unsafe, directory: other.directory })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('TESSERA_SECRETS') as unknown,
  })
  expect(existsSync(other.path)).toBe(false)
})

describe('checkMigrations', () => {
  const all = migrations.map(({ name }) => name)

  test('names what a start would apply, and makes no file', async () => {
    const { directory, path, environment } = newPlace()
    expect(await checkMigrations({ environment, directory })).toEqual(all)
    expect(existsSync(path)).toBe(false)
  })

  test('names what an older database lacks and leaves it as it is; none when it is up to date', async () => {
    const { directory, path, environment } = newPlace()
    const older = migrations.slice(0, 3)
    await (await openSqliteStore({ path, migrations: older })).close()
    expect(await checkMigrations({ environment, directory })).toEqual(all.slice(3))
    expect(read(path)).toHaveLength(3)
    await migrate({ environment, directory })
    expect(await checkMigrations({ environment, directory })).toEqual([])
  })

  test.each([
    ['of a newer version', "insert into schema_migrations values ('9999-of-the-future', 'checksum', 0)"],
    ['whose migration reads differently', "update schema_migrations set checksum = 'another'"],
    ['whose tables were changed from outside', 'alter table users add column nickname text'],
  ])('refuses a database %s', async (_kind, change) => {
    const { directory, path, environment } = newPlace()
    await migrate({ environment, directory })
    const database = new Libsql(path)
    database.exec(change)
    database.close()
    await expect(checkMigrations({ environment, directory })).rejects.toMatchObject({
      code: 'database_foreign',
    })
  })
})
