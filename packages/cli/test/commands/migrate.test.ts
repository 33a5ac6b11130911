import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-migrate-'))
  path = join(folder, 'tessera.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const cli = (argv: readonly string[], database = `sqlite:${path}`) =>
  runCli(['migrate', ...argv], {
    env: {
      TESSERA_DATABASE: database,
      TESSERA_SECRETS: 'a server secret of a test of 32 bytes and more',
    },
  })

test('--check lists what is to be done, changes nothing and ends with 2; after migrate it ends with 0', async () => {
  const before = await cli(['--check'])
  expect(before.code).toBe(2)
  expect(before.stdout).toContain('0001')
  expect(existsSync(path)).toBe(false)
  expect(await cli([])).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' })
  expect(await cli(['--check'])).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' })
})

test('prints one JSON document for machines', async () => {
  const before = await cli(['--check', '--json'])
  expect(JSON.parse(before.stdout)).toMatchObject({
    status: 'pending',
    pending: expect.any(Array) as unknown,
  })
  expect(JSON.parse((await cli(['--json'])).stdout)).toEqual({ status: 'migrated' })
  expect(JSON.parse((await cli(['--check', '--json'])).stdout)).toEqual({ status: 'current', pending: [] })
})

test('a database that is of no use ends with 3, a setting that is none with 2', async () => {
  expect((await cli(['--check'], 'postgres://127.0.0.1:9/tessera')).code).toBe(3)
  expect((await cli(['--check'], 'mysql:there')).code).toBe(2)
})
