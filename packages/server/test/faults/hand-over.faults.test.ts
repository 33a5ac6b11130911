/** P9 with the real commands: 10,000 live sessions go from SQLite to PostgreSQL, and every client refreshes there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

import { postgres } from './databases.ts'
import { refreshRequest } from './refresh-client.ts'
import { createRefreshEngine, engineSecret } from './refresh-engine.ts'
import type { ServerProcess } from './server-process.ts'
import { createServerProcess } from './server-process.ts'

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))
const sessions = 10_000

/** Begins sessions in a database as the server does, without 10,000 passwords to hash. */
async function fill(path: string): Promise<readonly string[]> {
  const engine = await createRefreshEngine(Date.now, path)
  const tokens: string[] = []
  while (tokens.length < sessions)
    tokens.push(...(await Promise.all(Array.from({ length: 200 }, engine.begin))))
  await engine.close()
  return tokens
}

/** `tessera data export | tessera data import`: the exit codes, and what the import said. */
async function move(from: ServerProcess, environments: readonly Record<string, string>[]) {
  const [exporting, importing] = environments.map((environment, index) =>
    spawn(
      process.execPath,
      [command, 'data', index === 0 ? 'export' : 'import', ...(index === 0 ? [] : ['--json'])],
      {
        cwd: from.directory,
        env: { PATH: process.env['PATH'], ...environment },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    ),
  )
  if (exporting === undefined || importing === undefined) throw new Error('expected two commands')
  exporting.stdout.pipe(importing.stdin)
  let said = ''
  importing.stdout.on('data', (chunk) => (said += String(chunk)))
  for (const each of [exporting, importing]) each.stderr.on('data', (chunk) => (said += String(chunk)))
  const codes = await Promise.all(
    [exporting, importing].map(async (each) => (await once(each, 'close'))[0] as number),
  )
  return { codes, said }
}

test(
  'P9: 10,000 sessions are handed over from SQLite to PostgreSQL, and every client goes on',
  { timeout: 300_000 },
  async () => {
    const database = await postgres.open()
    const secrets = { TESSERA_SECRETS: engineSecret }
    const old = await createServerProcess(secrets)
    onTestFinished(async () => {
      await old.remove()
      await database.drop()
    })
    await old.start()
    const tokens = await fill(join(old.directory, '.tessera', 'tessera.db'))
    expect((await refreshRequest(old.url, tokens[0] ?? ''))?.status).toBe(200)

    const target = { ...secrets, TESSERA_ISSUER: old.url, TESSERA_DATABASE: String(database.url) }
    const { codes, said } = await move(old, [{ ...secrets, TESSERA_ISSUER: old.url }, target])
    expect(said).toContain(`"sessions":${sessions}`)
    expect(codes).toEqual([0, 0])
    const refused = await refreshRequest(old.url, tokens[1] ?? '')
    expect(refused?.status).toBe(503)
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)

    await old.kill('SIGTERM')
    const next = await createServerProcess(target, Number(new URL(old.url).port))
    onTestFinished(next.remove)
    await next.start()
    const statuses = new Map<number | undefined, number>()
    for (let from = 0; from < tokens.length; from += 50) {
      const answers = await Promise.all(
        tokens.slice(from, from + 50).map((token) => refreshRequest(next.url, token)),
      )
      for (const answer of answers) statuses.set(answer?.status, (statuses.get(answer?.status) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([[200, sessions]])
  },
)
