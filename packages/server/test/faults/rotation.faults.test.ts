/** Keys that change under load: by their schedule, without anybody noticing; after a leak, within a moment everywhere. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGuard, followRevocations } from '@tessera/guard'
import type { Guard } from '@tessera/guard'
import { createRemoteJwkSet } from '@tessera/jose'
import { expect, onTestFinished, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { environmentOf, postgres, sqlite } from './databases.ts'
import { signIn } from './refresh-client.ts'
import { createServerProcess } from './server-process.ts'

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))

function kidOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid
}

async function codeOf(guard: Guard, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const result = await guard.authenticate({ method: 'GET', url: '/', headers })
  return result.ok ? 'ok' : result.body.code
}

/** What guards fetch through: a cache that keeps the JWK Set for as long as it may be kept, as a CDN does. */
function fetchThroughCache(server: TestServer): { fetch: typeof globalThis.fetch; hits: () => number } {
  let kept: { readonly text: string; readonly headers: Headers; readonly until: number } | undefined
  let hits = 0
  const fetch = (async (input: string) => {
    if (!input.endsWith('/jwks.json')) return server.handle(new Request(input))
    if (kept !== undefined && server.nowMs() / 1000 < kept.until) hits += 1
    else {
      const response = await server.handle(new Request(input))
      const { headers } = response
      const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1])
      kept = { text: await response.text(), headers, until: server.nowMs() / 1000 + maxAge }
    }
    return new Response(kept.text, { headers: kept.headers })
  }) as typeof globalThis.fetch
  return { fetch, hits: () => hits }
}

const rotationSeconds = 7200
const stepSeconds = 10

test.each([sqlite, postgres])(
  'three rotations by schedule on $name: guards that cache all they may, behind a cache that does too, refuse no token',
  // How many a second, and in the next test how soon: what a neighbour on the machine can break is tried again.
  { retry: 2, timeout: 180_000 },
  async ({ name }) => {
    const server = await createTestServer({
      config: { keyRotationSeconds: rotationSeconds },
      // The other one is what tests have otherwise, with a clock that the test moves.
      ...(name === 'SQLite' && { openStore: () => openSqliteStore({ path: ':memory:' }) }),
    })
    const now = (): number => server.nowMs() / 1000
    const { fetch, hits } = fetchThroughCache(server)
    const guards = Array.from({ length: 4 }, () => {
      const keys = createRemoteJwkSet({ issuer }, { fetch, now, wallNow: now, cooldownMs: 600_000 })
      return createGuard({ issuer, audience: issuer, keys, cache: { maxTokens: 1_000_000 }, now })
    })
    await server.signup()
    const sessions = await Promise.all(Array.from({ length: 8 }, () => server.login()))
    let live = sessions.map(({ access_token: token }) => ({ token, exp: now() + 600 }))
    const verdicts = new Map<string, number>()
    const kids = new Set<string>()

    /** Every guard judges every token that is alive, to its last second. */
    const verifyAll = async (): Promise<void> => {
      live = live.filter(({ exp }) => exp > now())
      const codes = await Promise.all(
        guards.flatMap((guard) => live.map(({ token }) => codeOf(guard, token))),
      )
      for (const code of codes) verdicts.set(code, (verdicts.get(code) ?? 0) + 1)
    }
    /** One session after the other gets a new access token. */
    const renew = async (step: number): Promise<void> => {
      const session = sessions[step % sessions.length]
      if (session === undefined) throw new Error('expected a session')
      const { body } = await server.refresh(session.refresh_token)
      Object.assign(session, body)
      const token = body['access_token'] as string
      live.push({ token, exp: now() + 600 })
      kids.add(kidOf(token))
    }

    const before = performance.now()
    for (let step = 0; kids.size < 4; step += 1) {
      if (step % 4 === 0) await renew(step / 4)
      await verifyAll()
      // The server looks for what is due once a second of real time: the clock waits for it when a change is due.
      const isDue = now() >= Date.UTC(2026, 0, 1) / 1000 + rotationSeconds * kids.size
      if (isDue) await new Promise((go) => setTimeout(go, 50))
      else server.wait(stepSeconds)
      if (performance.now() - before > 150_000) throw new Error('expected three rotations by now')
    }
    // Until the last token of the third key is gone.
    for (let step = 0; step < 620 / stepSeconds; step += 1, server.wait(stepSeconds)) await verifyAll()

    const seconds = (performance.now() - before) / 1000
    const verified = [...verdicts.values()].reduce((sum, count) => sum + count, 0)
    console.log(
      `${kids.size - 1} rotations on ${name}: ${verified} verifications in ${seconds.toFixed(1)} s (${Math.round(verified / seconds)}/s) by ${guards.length} guards, ` +
        `JWK Set from the cache ${hits()} times, verdicts ${JSON.stringify([...verdicts])}`,
    )
    expect([...verdicts.keys()]).toEqual(['ok'])
    expect(verified / seconds).toBeGreaterThanOrEqual(1000)
  },
)

interface Watching {
  /** When each guard first refused the token of the key, in milliseconds of `performance`. */
  readonly refusedAt: Map<Guard, number>
  /** Verdicts on tokens of other keys, and on tokens of unknown keys. */
  readonly honest: Set<string>
  readonly unknown: Set<string>
  flooded: number
}

test.each([sqlite, postgres])(
  'P18: keys revoke on $name during a flood of 1,000 unknown key IDs: refused everywhere within the interval of the feed, no false 401',
  { retry: 2, timeout: 120_000 },
  async ({ open }) => {
    const database = await open()
    const environment = environmentOf(database)
    const server = await createServerProcess(environment)
    onTestFinished(async () => {
      await server.remove()
      await database.drop()
    })
    await server.start()
    const clients = await signIn(server.url, 6)
    const jwks = await (await fetch(`${server.url}/.well-known/jwks.json`)).text()
    let isOldSetServed = false
    const fetchKeys = (async (input: string, init: RequestInit) =>
      isOldSetServed && input.endsWith('/.well-known/jwks.json')
        ? new Response(jwks)
        : fetch(input, init)) as typeof globalThis.fetch
    const members = Array.from({ length: 3 }, () => {
      const revocations = followRevocations({ issuer: server.url, boundSeconds: 15 })
      onTestFinished(() => revocations.close())
      const keys = createRemoteJwkSet({ issuer: server.url }, { fetch: fetchKeys })
      const options = { issuer: server.url, audience: server.url, keys, revocations } as const
      return { keys, revocations, guard: createGuard({ ...options, cache: { maxTokens: 1_000_000 } }) }
    })
    await Promise.all(members.map(({ revocations }) => revocations.ready))
    const guards = members.map(({ guard }) => guard)
    const old = clients.map(({ accessToken }) => accessToken)
    for (const guard of guards) for (const token of old) expect(await codeOf(guard, token)).toBe('ok')

    const [first = ''] = old
    const leaked = kidOf(first)
    const [, payload, signature] = first.split('.')
    const unknownKey = (): string => {
      const header = JSON.stringify({ typ: 'at+jwt', alg: 'ES256', kid: `unknown ${randomUUID()}` })
      return `${Buffer.from(header).toString('base64url')}.${payload}.${signature}`
    }
    const seen: Watching = { refusedAt: new Map(), honest: new Set(), unknown: new Set(), flooded: 0 }
    let isOver = false
    const flood = async (): Promise<void> => {
      while (!isOver) {
        const text = unknownKey()
        for (const guard of guards) seen.unknown.add(await codeOf(guard, text))
        seen.flooded += 1
        if (seen.flooded % 20 === 0) await new Promise((go) => setTimeout(go, 5))
      }
    }
    const watch = async (): Promise<void> => {
      while (!isOver) {
        for (const guard of guards) {
          for (const { accessToken } of clients) {
            const code = await codeOf(guard, accessToken)
            if (kidOf(accessToken) !== leaked) seen.honest.add(code)
            else if (code !== 'ok') {
              expect(code).toBe('revoked')
              if (!seen.refusedAt.has(guard)) seen.refusedAt.set(guard, performance.now())
            }
          }
        }
        // Whoever is refused refreshes, as our client does.
        const refused = clients.filter(({ accessToken }) => kidOf(accessToken) === leaked)
        if (seen.refusedAt.size === guards.length)
          await Promise.all(refused.map((client) => client.attempt()))
        await new Promise((go) => setTimeout(go, 5))
      }
    }
    const working = Promise.all([flood(), watch()])
    while (seen.flooded < 500) await new Promise((go) => setTimeout(go, 10))
    await promisify(execFile)(process.execPath, [command, 'keys', 'revoke', leaked, '--json'], {
      cwd: server.directory,
      env: {
        PATH: process.env['PATH'],
        PORT: new URL(server.url).port,
        TESSERA_ISSUER: server.url,
        ...environment,
      },
    })
    const revokedAt = performance.now()
    const isSettled = (): boolean =>
      seen.refusedAt.size === guards.length &&
      seen.flooded >= 1000 &&
      clients.every(({ accessToken }) => kidOf(accessToken) !== leaked)
    while (!isSettled() && performance.now() - revokedAt < 30_000)
      await new Promise((go) => setTimeout(go, 10))
    await new Promise((go) => setTimeout(go, 500))
    isOver = true
    await working

    const delays = [...seen.refusedAt.values()].map((at) => Math.round(at - revokedAt))
    console.log(
      `emergency: ${guards.length} guards refused the key ${delays.join(', ')} ms after the command ended, ` +
        `${seen.flooded} unknown key IDs to each; new tokens: ${[...seen.honest].join(', ')}; unknown: ${[...seen.unknown].join(', ')}`,
    )
    expect(delays).toHaveLength(3)
    expect(Math.max(...delays)).toBeLessThanOrEqual(2000)
    expect([...seen.honest]).toEqual(['ok'])
    expect(seen.unknown).not.toContain('ok')

    // Somebody serves the old set again: from a cache, a backup, or on purpose.
    isOldSetServed = true
    for (const { keys, guard } of members) {
      await keys.reload()
      for (const token of old) expect(await codeOf(guard, token)).toBe('revoked')
    }
  },
)
