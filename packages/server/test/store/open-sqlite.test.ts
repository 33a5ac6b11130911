import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterAll, describe, expect, test } from 'vitest'
import { migrations } from '../../src/store/migrations/all.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const newPath = (): string => join(folder, `${(count += 1)}.db`)

async function refusal(path: string, known = migrations): Promise<{ code: unknown; message: string }> {
  try {
    await (await openSqliteStore({ path, migrations: known })).close()
  } catch (error) {
    return error as { code: unknown; message: string }
  }
  throw new Error('expected the store to refuse')
}

describe('opening a database', () => {
  test('makes it, for its owner alone, and opens it again with what it held', async () => {
    const path = newPath()
    const first = await openSqliteStore({ path })
    await first.audit.append({ atMs: 1, event: 'user.created' } as const)
    const { epoch } = first
    await first.close()
    expect(statSync(path).mode & 0o077).toBe(0)
    const second = await openSqliteStore({ path })
    expect(second.epoch).toBe(epoch)
    await second.close()
  })

  test('leaves a file that is whole by itself when it is closed', async () => {
    const path = newPath()
    const store = await openSqliteStore({ path })
    await store.audit.append({ atMs: 1, event: 'user.created' } as const)
    await store.close()
    const copy = newPath()
    copyFileSync(path, copy)
    const database = new Libsql(copy)
    expect(database.prepare('SELECT event FROM audit').all([])).toMatchObject([{ event: 'user.created' }])
    database.close()
  })

  test('syncs every commit: write-ahead log and synchronous FULL', async () => {
    const path = newPath()
    const store = await openSqliteStore({ path })
    const database = new Libsql(path)
    expect(database.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
    database.close()
    await store.close()
  })

  test.each([
    [
      'text',
      Buffer.from('this is not a database, only some text that is long enough to be looked at '.repeat(20)),
    ],
    ['random octets', Buffer.alloc(4096, 0xa5)],
  ])('refuses a file of %s in one line', async (_kind, content) => {
    const path = newPath()
    writeFileSync(path, content)
    const { code, message } = await refusal(path)
    expect(code).toBe('database_unusable')
    expect(message).toContain(path)
    expect(message).not.toContain('\n')
  })

  test('refuses a damaged database and says what to do', async () => {
    const path = newPath()
    const store = await openSqliteStore({ path })
    for (let line = 0; line < 50; line += 1)
      await store.audit.append({ atMs: line, event: 'user.enabled', userId: 'x'.repeat(8000) })
    await store.close()
    const { size } = statSync(path)
    const handle = await import('node:fs/promises').then((fs) => fs.open(path, 'r+'))
    await handle.write(Buffer.alloc(size - 8192, 0x5a), 0, size - 8192, 8192)
    await handle.close()
    const { code, message } = await refusal(path)
    expect(code).toBe('database_unusable')
    expect(message).toMatch(/damaged|not a SQLite database/)
  })

  test('refuses a folder and a path through a file', async () => {
    expect((await refusal(folder)).code).toBe('database_unusable')
    const file = newPath()
    writeFileSync(file, 'x')
    expect((await refusal(join(file, 'below.db'))).code).toBe('database_unusable')
  })

  test('refuses the database of another application, and leaves it as it is', async () => {
    const path = newPath()
    const other = new Libsql(path)
    other.exec('CREATE TABLE notes (text TEXT)')
    other.close()
    expect((await refusal(path)).code).toBe('database_foreign')
    const after = new Libsql(path)
    expect(after.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all([])).toEqual([
      { name: 'notes' },
    ])
    after.close()
  })
})

describe('migrations', () => {
  const later = {
    name: '9999-later',
    sqlite: 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT',
    postgres: '',
  }

  test('go forward, once each', async () => {
    const path = newPath()
    await (await openSqliteStore({ path })).close()
    await (await openSqliteStore({ path, migrations: [...migrations, later] })).close()
    await (await openSqliteStore({ path, migrations: [...migrations, later] })).close()
    const database = new Libsql(path)
    const applied = database.prepare('SELECT name FROM schema_migrations ORDER BY name').all([])
    expect(applied).toEqual([...migrations, later].map(({ name }) => ({ name })))
    database.close()
  })

  test('a database of a newer version is refused', async () => {
    const path = newPath()
    await (await openSqliteStore({ path, migrations: [...migrations, later] })).close()
    const { code, message } = await refusal(path)
    expect(code).toBe('database_foreign')
    expect(message).toContain('newer version')
  })

  test('a migration whose text has changed is refused', async () => {
    const path = newPath()
    await (await openSqliteStore({ path })).close()
    const altered = migrations.map((migration) => ({ ...migration, sqlite: `${migration.sqlite}\n-- ` }))
    expect((await refusal(path, altered)).code).toBe('database_foreign')
  })

  test('a schema that was changed from outside is refused', async () => {
    const path = newPath()
    await (await openSqliteStore({ path })).close()
    const database = new Libsql(path)
    database.exec('ALTER TABLE sessions ADD COLUMN more TEXT')
    database.close()
    const { code, message } = await refusal(path)
    expect(code).toBe('database_foreign')
    expect(message).toContain('changed schema')
  })

  test('a migration that fails half-way leaves nothing behind', async () => {
    const path = newPath()
    await (await openSqliteStore({ path })).close()
    const broken = {
      name: '0002-broken',
      sqlite: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)',
      postgres: '',
    }
    await refusal(path, [...migrations, broken])
    await (await openSqliteStore({ path })).close()
    const database = new Libsql(path)
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all([])).toEqual([])
    database.close()
  })

  test('the first one holds what the session engine will need', async () => {
    const path = newPath()
    await (await openSqliteStore({ path })).close()
    const database = new Libsql(path)
    const columns = (database.pragma('table_info(sessions)') as { name: string }[]).map(({ name }) => name)
    for (const part of [
      'generation',
      'rotated',
      'mac_kid',
      'mac_from_generation',
      'retry_key',
      'session_version',
      'credential_version',
      'transport',
      'epoch',
      'idle',
      'absolute',
    ]) {
      expect(columns.join(' ')).toContain(part)
    }
    database.close()
  })
})
