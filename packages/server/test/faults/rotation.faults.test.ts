/** Keys that change under load: by their schedule, without anybody noticing. */
import { createGuard } from '@tessera/guard'
import type { Guard } from '@tessera/guard'
import { createRemoteJwkSet } from '@tessera/jose'
import { expect, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

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

test(
  'three rotations by schedule: guards that cache all they may, behind a cache that does too, refuse no token',
  { timeout: 180_000 },
  async () => {
    const server = await createTestServer({ config: { keyRotationSeconds: rotationSeconds } })
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
      `${kids.size - 1} rotations: ${verified} verifications in ${seconds.toFixed(1)} s (${Math.round(verified / seconds)}/s) by ${guards.length} guards, ` +
        `JWK Set from the cache ${hits()} times, verdicts ${JSON.stringify([...verdicts])}`,
    )
    expect([...verdicts.keys()]).toEqual(['ok'])
    expect(verified / seconds).toBeGreaterThanOrEqual(1000)
  },
)
