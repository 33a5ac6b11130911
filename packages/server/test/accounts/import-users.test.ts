import { describe, expect, test } from 'vitest'
import type { BadLine, ImportProgress } from '../../src/accounts/import-users.ts'
import { importUsers } from '../../src/accounts/import-users.ts'
import { countingHasher, createTestServer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const password = 'correct horse battery staple'
const bcrypt = '$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS'
const pbkdf2 = '$pbkdf2$1000$AAECAwQFBgcICQoLDA0ODw$AOm/kOb/+YAZ3ZwSogYgNu9fO1g'
const scrypt = '$scrypt$ln=12,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$0kAJcZMDMoI6NHVug+mGyKwmdluLX9KqpubH8OLxecs'

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

async function run(server: TestServer, lines: readonly (object | string)[]) {
  const bad: BadLine[] = []
  const seen: ImportProgress[] = []
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const progress = await importUsers(each(texts), {
    users: server.store.users,
    nowMs: server.nowMs,
    onBadLine: (one) => bad.push(one),
    onProgress: (one) => seen.push(one),
  })
  return { progress, bad, seen }
}

describe('an import', () => {
  test('everybody signs in with the password that he has, and gets a hash of ours', async () => {
    const hasher = countingHasher()
    const server = await createTestServer({ hasher })
    const hashes = { bo: bcrypt, pia: pbkdf2, sue: scrypt }
    await run(
      server,
      Object.entries(hashes).map(([username, password_hash]) => ({ username, password_hash })),
    )
    for (const username of Object.keys(hashes)) {
      const wrong = await server.send('POST', '/login', {
        json: { username, password: 'another phrase of it' },
      })
      expect(wrong.status).toBe(401)
      expect((await server.login(username)).token_type).toBe('Bearer')
      const { passwordHash } = (await server.store.users.findByName(username)) ?? {}
      expect(passwordHash).toMatch(/^\$argon2id\$/)
      expect((await server.login(username)).token_type).toBe('Bearer')
    }
    expect(hasher.calls.hash).toBe(3)
  })

  test('takes what else a line says', async () => {
    const server = await createTestServer()
    await run(server, [
      {
        id: 'old-7',
        username: 'Bo',
        password_hash: bcrypt,
        roles: ['editor'],
        email: 'bo@example.test',
        email_verified: true,
        created_at: 1_600_000_000,
      },
      { username: 'gone', password_hash: bcrypt, disabled: true },
    ])
    expect(await server.store.users.findByName('bo')).toMatchObject({
      id: 'old-7',
      username: 'Bo',
      roles: ['editor'],
      email: 'bo@example.test',
      emailVerifiedAt: expect.any(Number),
      createdAt: 1_600_000_000,
    })
    const reply = await server.send('POST', '/login', { json: { username: 'gone', password } })
    expect(reply.status).toBe(401)
  })

  test('tells bad lines by number, leaves them out, and takes the others', async () => {
    const server = await createTestServer()
    const { progress, bad } = await run(server, [
      { username: 'one', password_hash: bcrypt },
      'no JSON',
      '',
      { username: '', password_hash: bcrypt },
      { username: 'five', password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' },
      { username: 'six', password_hash: '$2b$31$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS' },
      { username: 'seven' },
      `{"username":"eight","password_hash":"${bcrypt}","username":"other"}`,
      { username: 'nine', password_hash: bcrypt, roles: 'admin' },
      { username: 'ten', password_hash: scrypt },
    ])
    expect(bad.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8, 9])
    expect(progress).toEqual({ lines: 10, added: 2, present: 0, bad: 7 })
    expect(JSON.stringify(bad)).not.toContain('5f4dcc')
  })

  test('that is run again adds nobody twice, and changes nobody who has signed in since', async () => {
    const server = await createTestServer()
    const lines = ['a', 'b', 'c'].map((username) => ({ username, password_hash: pbkdf2 }))
    await run(server, lines.slice(0, 2))
    await server.login('a')
    const before = await server.store.users.findByName('a')
    const { progress } = await run(server, lines)
    expect(progress).toMatchObject({ added: 1, present: 2 })
    expect(await server.store.users.findByName('a')).toEqual(before)
  })

  test('tells how far it is, batch by batch', async () => {
    const server = await createTestServer()
    const lines = Array.from({ length: 1200 }, (_, index) => ({
      username: `u${index}`,
      password_hash: bcrypt,
    }))
    const { seen } = await run(server, lines)
    expect(seen.map(({ added }) => added)).toEqual([500, 1000, 1200])
  })

  test('cannot give the scope of an administrator', async () => {
    const server = await createTestServer()
    await run(server, [{ username: 'eve', password_hash: bcrypt, scope: 'account admin' }])
    expect((await server.store.users.findByName('eve'))?.scope).toBe('account')
  })
})
