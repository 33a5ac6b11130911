/**
 * A whole user table of another system: the built command takes it in, is killed half-way and run again; then everybody
 * signs in, and gets a hash of ours. `npm run test:faults -- import --users 100000` for as many as are asked for.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { cheapHash, countingHasher, createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { postgres, sqlite } from './databases.ts'
import type { FaultDatabase } from './databases.ts'
import { foreignKinds } from './foreign-hashes.ts'

const userCount = Number(process.env['TESSERA_IMPORT_USERS'] ?? 1000)
/** Of each kind; whoever has the same hash has the same password. */
const hashesOfEach = 8
const goodBetweenBad = 50
const atOnce = 16

/** Without a comma: the command reads a list. */
const secret = 'a server secret that command and server of this test share'

const hashOfBcrypt = '$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS'
/** Each once more in its turn. */
const badLines: readonly string[] = [
  'no JSON',
  '{"username":"nobody"}',
  '{"username":"","password_hash":"of nobody"}',
  JSON.stringify({ username: 'of an unknown kind', password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' }),
  JSON.stringify({ username: 'too costly', password_hash: hashOfBcrypt.replace('$05$', '$31$') }),
  JSON.stringify({
    username: 'four GiB',
    password_hash: `$argon2id$v=19$m=4194304,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  }),
]

interface Person {
  readonly username: string
  readonly password: string
}

interface UserTable {
  readonly lines: readonly string[]
  readonly people: readonly Person[]
  /** From 1. */
  readonly badNumbers: readonly number[]
}

const passwordOf = (index: number): string =>
  `a password of the old system, ${'비밀번호'.repeat(index % 2)} ${index}`

async function createUserTable(): Promise<UserTable> {
  const hashed = await Promise.all(
    foreignKinds.flatMap((kind) =>
      Array.from({ length: hashesOfEach }, async (_, index) => {
        const password = passwordOf(index)
        return { password, passwordHash: await kind.hash(password) }
      }),
    ),
  )
  const lines: string[] = []
  const people: Person[] = []
  const badNumbers: number[] = []
  for (let index = 0; index < userCount; index += 1) {
    if (index % goodBetweenBad === goodBetweenBad - 1) {
      lines.push(badLines[badNumbers.length % badLines.length] ?? '')
      badNumbers.push(lines.length)
    }
    const { password, passwordHash } = hashed.at(index % hashed.length)!
    const username = `user${String(index).padStart(7, '0')}`
    people.push({ username, password })
    lines.push(JSON.stringify({ username, password_hash: passwordHash }))
  }
  return { lines, people, badNumbers }
}

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))

function startImport(file: string, database: string) {
  return spawn(process.execPath, [command, 'users', 'import', file, '--json'], {
    env: {
      PATH: process.env['PATH'],
      TESSERA_ISSUER: issuer,
      TESSERA_SECRETS: secret,
      TESSERA_DATABASE: database,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/** Kills an import that has a third of the accounts in, while it waits for the last third of its lines. */
async function importUntilKilled({ lines, people }: UserTable, server: TestServer, database: string) {
  const child = startImport('-', database)
  const ended = once(child, 'close')
  child.stdin.on('error', () => undefined)
  child.stdin.write(`${lines.slice(0, Math.ceil((lines.length * 2) / 3)).join('\n')}\n`)
  const awaited = people[Math.floor(people.length / 3)]?.username ?? ''
  while ((await server.store.users.findByName(awaited)) === undefined) {
    if (child.exitCode !== null) throw new Error(`the import ended by itself, with ${child.exitCode}`)
    await new Promise((go) => setTimeout(go, 20))
  }
  child.kill('SIGKILL')
  await ended
  return (await storedHashes(server)).length
}

interface ImportReport {
  readonly lines: number
  readonly added: number
  readonly present: number
  readonly bad: number
  readonly bad_lines: readonly { readonly line: number }[]
}

async function importToTheEnd({ lines }: UserTable, folder: string, database: string) {
  const path = join(folder, 'users.jsonl')
  writeFileSync(path, `${lines.join('\n')}\n`)
  const child = startImport(path, database)
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, report: JSON.parse(said) as ImportReport }
}

async function storedHashes({ store }: TestServer): Promise<readonly (string | null)[]> {
  const hashes: (string | null)[] = []
  let page: Awaited<ReturnType<typeof store.users.list>> = []
  do {
    const after = page.at(-1)?.usernameNormalised
    page = await store.users.list({ limit: 500, ...(after !== undefined && { after }) })
    hashes.push(...page.map(({ passwordHash }) => passwordHash))
  } while (page.length > 0)
  return hashes
}

/** The names of those who are answered otherwise. */
async function signInAll(server: TestServer, people: readonly Person[], expected: number) {
  const others: string[] = []
  const waiting = people.values()
  const work = async (): Promise<void> => {
    for (const person of waiting) {
      const { status } = await server.send('POST', '/login', { json: person })
      if (status !== expected) others.push(`${person.username}: ${status}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return others
}

async function openServer(database: FaultDatabase) {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-import-'))
  const path = join(folder, 'tessera.db')
  const opened = await database.open()
  onTestFinished(async () => {
    await opened.drop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { url } = opened
  const hasher = countingHasher(createHasher({ parameters: cheapHash, sharesFairly: false }))
  const server = await createTestServer({
    hasher,
    config: { throttle: 'off', secrets: [secret] },
    startMs: Date.now(),
    openStore: () =>
      url === undefined ? openSqliteStore({ path }) : openPostgresStore({ url, connections: 4 }),
  })
  return { folder, hasher, server, database: url ?? `sqlite:${path}` }
}

test.each([sqlite, postgres])(
  `P29: ${userCount} users with hashes of every kind are imported, through a kill, and each signs in and is hashed anew: $name`,
  { timeout: 60_000 + userCount * 20 },
  async (on) => {
    const { folder, hasher, server, database } = await openServer(on)
    const table = await createUserTable()
    const { people, badNumbers } = table
    const timed = stopwatch()
    const before = await importUntilKilled(table, server, database)
    timed('until the kill')
    const { code, report } = await importToTheEnd(table, folder, database)
    timed('import to the end')
    expect(code).toBe(2)
    expect(report).toMatchObject({
      lines: table.lines.length,
      added: people.length - before,
      present: before,
    })
    expect(report.bad_lines.map(({ line }) => line)).toEqual(badNumbers)
    expect(before).toBeGreaterThan(0)
    expect(report.added).toBeGreaterThan(0)

    const everyHundredth = people.filter((_, index) => index % 101 === 0)
    const mistyped = everyHundredth.map(({ username }) => ({ username, password: passwordOf(hashesOfEach) }))
    expect(await signInAll(server, mistyped, 401)).toEqual([])
    expect(hasher.calls.hash).toBe(0)
    timed('wrong passwords')
    expect(await signInAll(server, people, 200)).toEqual([])
    timed('everybody signs in')
    const hashes = await storedHashes(server)
    expect(hashes).toHaveLength(people.length)
    expect(hashes.filter((hash) => hash === null || hasher.isOutdated(hash))).toEqual([])
    expect(await signInAll(server, everyHundredth, 200)).toEqual([])
    expect(hasher.calls.hash).toBe(people.length)
    timed('a hundredth signs in again')
    console.log(
      `${on.name}: ${report.lines} lines, ${before} accounts in at the kill, ${report.added} added by the second run, ${report.bad} bad lines told; ${foreignKinds.length} kinds; ${people.length} signed in and hashed anew; seconds: ${timed.figures()}`,
    )
  },
)

function stopwatch() {
  let beganMs = performance.now()
  const laps: string[] = []
  const lap = (name: string): void => {
    const nowMs = performance.now()
    laps.push(`${name} ${((nowMs - beganMs) / 1000).toFixed(1)}`)
    beganMs = nowMs
  }
  return Object.assign(lap, { figures: () => laps.join(', ') })
}
