// @ts-check
/** Tessera as it comes, and beside it an API of Hono whose guard has its keys. */
import { fileURLToPath } from 'node:url'
import { formRequest, json, jsonRequest, requireStatus } from '../client.js'

/** What its command sets before anything is loaded. */
export const preloaded = [fileURLToPath(new URL('../../../packages/cli/bin/thread-pool.js', import.meta.url))]

/** @param {string} folder @param {string} [url] of a PostgreSQL */
export async function start(folder, url) {
  const { startServer } = await import('../../../packages/server/dist/index.js')
  const { guard } = await import('../../../packages/guard/dist/hono.js')
  const { Hono } = await import('hono')
  const { serve } = await import('@hono/node-server')
  const running = await startServer(
    {
      secrets: ['a secret of the benchmark, of 32 bytes or more'],
      database: url ?? `sqlite:${folder}/tessera.db`,
      throttle: 'off',
    },
    { port: 0 },
  )
  const { issuer } = running
  const api = new Hono()
  api.get('/healthz', (c) => c.text('ok'))
  api.get('/me', guard({ issuer, audience: issuer }), (c) => c.json({ sub: c.get('auth').claims.sub }))
  api.get('/uncached', guard({ issuer, audience: issuer, cache: false }), (c) =>
    c.json({ sub: c.get('auth').claims.sub }),
  )
  const apiPort = await new Promise((resolve) => {
    serve({ fetch: api.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port))
  })
  return { port: Number(new URL(running.url).port), apiPort }
}

/** @type {import('../client.js').Client} */
export const client = {
  signUp: async (call, user) => void requireStatus(await call(jsonRequest('/signup', user)), 201),
  login: async (call, user) => json(requireStatus(await call(jsonRequest('/login', user)), 200)),
  refresh: async (call, { refresh_token }) =>
    json(
      requireStatus(await call(formRequest('/token', { grant_type: 'refresh_token', refresh_token })), 200),
    ),
  check: async (call, { access_token }) =>
    void requireStatus(
      await call({ path: '/me', headers: { authorization: `Bearer ${access_token}` } }),
      200,
    ),
  checkUncached: async (call, { access_token }) =>
    void requireStatus(
      await call({ path: '/uncached', headers: { authorization: `Bearer ${access_token}` } }),
      200,
    ),
  revoke: async (call, { refresh_token }) =>
    void requireStatus(await call(formRequest('/revoke', { token: refresh_token })), 200),
  jwks: async (call) => void requireStatus(await call({ path: '/.well-known/jwks.json' }), 200),
  health: async (call) => void requireStatus(await call({ path: '/healthz' }), 200),
}
