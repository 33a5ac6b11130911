import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenServer, nodeListener, type TokenServer } from '@tessera/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const secret = 'a server secret of a test that is long enough'
const now = Math.floor(Date.now() / 1000)

let folder: string
/** What answers at the issuer's address. */
let http: Server
let answerWith: RequestListener
let issuer: string
let tokenServer: TokenServer
let env: Record<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-doctor-'))
  http = createServer((request, response) => answerWith(request, response))
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const database = `sqlite:${join(folder, 'tessera.db')}`
  env = { TESSERA_ISSUER: issuer, TESSERA_DATABASE: database, TESSERA_SECRETS: secret }
  tokenServer = createTokenServer({ issuer, database, secrets: [secret] })
  await tokenServer.ready
  answerWith = nodeListener(tokenServer)
})
afterAll(async () => {
  await tokenServer.close()
  http.closeAllConnections()
  http.close()
  rmSync(folder, { recursive: true })
})

const doctor = (argv: readonly string[] = [], changed: Record<string, string> = {}, at = now) =>
  runCli(['doctor', ...argv], { env: { ...env, ...changed }, now: at })

/** Answers every request with one JSON document. */
async function whileAnswering<T>(document: unknown, work: () => Promise<T>): Promise<T> {
  const usual = answerWith
  answerWith = (_request, response) => response.end(JSON.stringify(document))
  try {
    return await work()
  } finally {
    answerWith = usual
  }
}

describe('doctor', () => {
  test('finds everything good where a server runs, down to the key that it publishes', async () => {
    const { code, stdout } = await doctor()
    expect(stdout.match(/^[✓!✗]/gm)?.join('')).toBe('✓✓✓✓✓✓✓✓')
    expect(stdout).toContain(`✓ server    ${issuer} is ready`)
    expect(stdout).toContain('the active one among them')
    expect(code).toBe(0)
  })

  test('shows no secret', async () => {
    const { stdout } = await doctor(['--json'])
    expect(stdout).not.toContain(secret)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true })
  })

  test('tells a setting that is none, ends with 2, and looks no further', async () => {
    const { code, stdout } = await doctor([], { TESSERA_DATABAS: 'x' })
    expect(code).toBe(2)
    expect(stdout).toContain('did you mean TESSERA_DATABASE?')
    expect(stdout).not.toContain('database  ')
  })

  test('tells a database that nobody answers for, and ends with 3', async () => {
    const { code, stdout } = await doctor([], { TESSERA_DATABASE: 'postgres://127.0.0.1:9/tessera' })
    expect(code).toBe(3)
    expect(stdout).toContain('✗ database')
    expect(stdout).toContain('Next: See that TESSERA_DATABASE is right')
  })

  test('tells a database that is not there yet, and does not make it', async () => {
    const { code, stdout } = await doctor([], { TESSERA_DATABASE: `sqlite:${join(folder, 'none.db')}` })
    expect(code).toBe(0)
    expect(stdout).toContain('! database')
    const again = await doctor([], { TESSERA_DATABASE: `sqlite:${join(folder, 'none.db')}` })
    expect(again.stdout).toBe(stdout)
  })

  test('tells a secret that is missing, and ends with 2', async () => {
    const { code, stdout } = await doctor([], { TESSERA_SECRETS: `not ${secret}` })
    expect(code).toBe(2)
    expect(stdout).toContain('✗ secrets')
  })

  test('tells a server that does not answer, unless it is left out', async () => {
    const elsewhere = { TESSERA_ISSUER: 'http://127.0.0.1:9' }
    const { code, stdout } = await doctor([], elsewhere)
    expect(code).toBe(3)
    expect(stdout).toContain('nothing answers at http://127.0.0.1:9')
    expect((await doctor(['--offline'], elsewhere)).code).toBe(0)
  })

  test('tells a server of another issuer, and one that publishes other keys', async () => {
    const foreign = await whileAnswering({ issuer: 'https://other.example' }, () => doctor())
    expect(foreign.stdout).toContain('got that of another issuer')
    const others = await whileAnswering({ issuer, jwks_uri: `${issuer}/keys`, keys: [{}] }, () => doctor())
    expect(others.stdout).toMatch(/expected the active key \S+ in the JWK Set, got 1 others/)
    expect([foreign.code, others.code]).toEqual([3, 3])
  })

  test('tells a clock that is another than the one of the server', async () => {
    const { code, stdout } = await doctor([], {}, now + 3600)
    expect(code).toBe(0)
    expect(stdout).toMatch(/! clock {5}3\d{3} s apart from the clock of the server/)
  })
})
