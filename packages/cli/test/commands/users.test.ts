import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenServer } from '@tessera/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const issuer = 'https://auth.example'
const secrets = ['a server secret of a test that is long enough']
const bcrypt = '$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS'
let folder: string
let database: string
let environment: Record<string, string>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-cli-users-'))
  database = `sqlite:${join(folder, 'tessera.db')}`
  environment = {
    TESSERA_ISSUER: issuer,
    TESSERA_DATABASE: database,
    TESSERA_SECRETS: secrets[0] ?? '',
    PASSWORD: 'correct horse battery staple',
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const users = (...argv: readonly string[]) =>
  runCli(['users', ...argv], {
    env: environment,
    now: Date.now() / 1000,
  })

async function login(username: string, password: string): Promise<number> {
  const server = createTokenServer({ issuer, database, secrets })
  const response = await server.handle(
    new Request(`${issuer}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    }),
  )
  await server.close()
  return response.status
}

describe('users', () => {
  test('add makes an account with a password of its own making, told once', async () => {
    const { code, stdout } = await users('add', 'Ada', '--scope', 'admin')
    expect(code).toBe(0)
    const password = /told once: {2}(\S+)/.exec(stdout)?.[1] ?? ''
    expect(await login('ada', password)).toBe(200)
    expect((await users('list')).stdout).toMatch(/Ada +account admin/)
  })

  test('add takes a password from a variable, and shows it nowhere', async () => {
    const { code, stdout } = await users('add', 'bo', '--password', 'env:PASSWORD')
    expect(code).toBe(0)
    expect(stdout).not.toContain('horse')
    expect(await login('bo', 'correct horse battery staple')).toBe(200)
  })

  test.each([
    ['a name that is taken', ['add', 'ADA'], 'taken'],
    [
      'a password on the command line',
      ['add', 'eve', '--password', 'hunter2'],
      '--password: expected env:NAME',
    ],
    ['an empty name', ['add', ' '], 'username'],
    ['an unknown account', ['disable', 'nobody'], 'no such account'],
    ['a file that is not there', ['import', '/nonexistent.jsonl'], 'cannot read'],
  ] as const)('%s is refused in a line', async (_, argv, message) => {
    const { code, stderr } = await users(...argv)
    expect(code).toBeGreaterThan(1)
    expect(stderr).toContain(message)
  })

  test('import takes accounts in, tells bad lines by number and ends with 2; export writes what import reads', async () => {
    const path = join(folder, 'users.jsonl')
    const line = (username: string) => JSON.stringify({ username, password_hash: bcrypt })
    writeFileSync(path, `${line('cy')}\nbroken\n${line('di')}\n`)
    const { code, stdout, stderr } = await users('import', path)
    expect(code).toBe(2)
    expect(stdout).toContain('3 lines: 2 accounts added, 0 there already, 1 lines left out')
    expect(stderr).toContain('line 2:')
    expect(await login('cy', 'correct horse battery staple')).toBe(200)

    const exported = await users('export')
    writeFileSync(path, exported.stdout)
    const again = await users('import', path, '--json')
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, present: 4, bad: 0 })
  })

  test('import reads every line of a file that is larger than any buffer', async () => {
    const path = join(folder, 'many.jsonl')
    const lines = Array.from({ length: 5000 }, (_, index) =>
      JSON.stringify({ username: `many${index}`, password_hash: bcrypt }),
    )
    writeFileSync(path, `${lines.join('\n')}\nbroken\n`)
    const { stdout } = await users('import', path, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ lines: 5001, added: 5000, bad_lines: [{ line: 5001 }] })
  })

  test('import shows on a terminal how much of the file is in', async () => {
    const path = join(folder, 'shown.jsonl')
    const lines = Array.from({ length: 700 }, (_, index) =>
      JSON.stringify({ username: `shown${index}`, password_hash: bcrypt }),
    )
    writeFileSync(path, lines.join('\n'))
    const { stderr } = await runCli(['users', 'import', path], {
      env: environment,
      isTTY: true,
      now: Date.now() / 1000,
    })
    const shown = stderr.split('\r').slice(1)
    expect(shown).toHaveLength(2)
    expect(shown[0]).toMatch(/^\[#+\.*\] \d+ % 500 accounts$/)
    expect(shown[1]).toMatch(/^\[#{30}\] 100 % 700 accounts\n$/)
  })

  test('disable ends the account', async () => {
    expect((await users('disable', 'bo')).stdout).toContain('bo is disabled; 1 sessions ended')
    expect(await login('bo', 'correct horse battery staple')).toBe(401)
    expect((await users('disable', 'bo')).code).toBe(2)
  })
})

describe('users: what an account is', () => {
  test('change gives it other roles and scopes; none of what it says is a slip', async () => {
    await users('add', 'eli', '--password', 'env:PASSWORD', '--role', 'reader')
    const changed = await users(
      'change',
      'ELI',
      '--role',
      'editor',
      '--role',
      'owner',
      '--scope',
      'admin',
      '--json',
    )
    expect(JSON.parse(changed.stdout)).toMatchObject({
      username: 'eli',
      roles: ['editor', 'owner'],
      scope: 'account admin',
      renewed_sessions: 0,
    })
    const none = await users('change', 'eli', '--no-roles', '--scope', '')
    expect(none.stdout).toContain('roles none; scope account')
    for (const slip of [
      ['eli'],
      ['nobody', '--no-roles'],
      ['eli', '--scope', 'a"b'],
      ['eli', '--role', ''],
    ]) {
      expect((await users('change', ...slip)).code).toBe(2)
    }
  })

  test('enable lets a disabled one sign in again', async () => {
    await users('add', 'dora', '--password', 'env:PASSWORD')
    expect((await users('enable', 'dora')).code).toBe(2)
    await users('disable', 'dora')
    expect(await login('dora', 'correct horse battery staple')).toBe(401)
    expect((await users('enable', 'dora')).stdout).toBe('dora can sign in again.\n')
    expect(await login('dora', 'correct horse battery staple')).toBe(200)
  })
})
