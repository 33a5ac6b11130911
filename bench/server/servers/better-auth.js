// @ts-check
/** better-auth on SQLite with Argon2id in the place of its scrypt; limits of its own are off, ES256 signs its JWTs. */
import { jsonRequest, requireStatus } from '../client.js'

/** @param {string} folder */
export async function start(folder) {
  const { betterAuth } = await import('better-auth')
  const { getMigrations } = await import('better-auth/db/migration')
  const { jwt } = await import('better-auth/plugins')
  const { Hono } = await import('hono')
  const { serve } = await import('@hono/node-server')
  const { SqliteDialect } = await import('kysely')
  const { hashPassword, verifyPassword } = await import('../argon2.js')
  const { openDatabase } = await import('../database.js')

  const options = {
    baseURL: 'http://127.0.0.1',
    secret: 'a secret of the benchmark, of 32 bytes or more',
    database: {
      dialect: new SqliteDialect({ database: openDatabase(folder) }),
      type: /** @type {const} */ ('sqlite'),
    },
    emailAndPassword: {
      enabled: true,
      password: {
        hash: hashPassword,
        verify: (/** @type {{ hash: string, password: string }} */ { hash, password }) =>
          verifyPassword(hash, password),
      },
    },
    plugins: [jwt({ jwks: { keyPairConfig: { alg: /** @type {const} */ ('ES256') } } })],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: { ipAddress: { disableIpTracking: true } },
    logger: { disabled: true },
  }
  const { runMigrations } = await getMigrations(options)
  await runMigrations()
  const auth = betterAuth(options)
  const app = new Hono()
  app.get('/healthz', (c) => c.text('ok'))
  app.on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw))
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve({ port }))
  })
}

const origin = { origin: 'http://127.0.0.1' }

/** @param {import('../client.js').User} user */
const credentials = ({ username, password }) => ({ email: `${username}@example.com`, password })

/** @type {import('../client.js').Client} */
export const client = {
  signUp: async (call, user) => {
    const body = { name: user.username, ...credentials(user) }
    requireStatus(await call(jsonRequest('/api/auth/sign-up/email', body, origin)), 200)
  },
  login: async (call, user) => {
    const answer = requireStatus(
      await call(jsonRequest('/api/auth/sign-in/email', credentials(user), origin)),
      200,
    )
    return {
      cookie: [...answer.head.matchAll(/set-cookie: ([^;\r]+)/gi)].map(([, cookie]) => cookie).join('; '),
    }
  },
  refresh: async (call, session) => {
    requireStatus(await call({ path: '/api/auth/token', headers: { cookie: session.cookie ?? '' } }), 200)
    return session
  },
  check: async (call, { cookie = '' }) => {
    const { body } = requireStatus(await call({ path: '/api/auth/get-session', headers: { cookie } }), 200)
    if (body === 'null') throw new Error('expected a session')
  },
  revoke: async (call, { cookie = '' }) =>
    void requireStatus(await call(jsonRequest('/api/auth/sign-out', {}, { ...origin, cookie })), 200),
  jwks: async (call) => void requireStatus(await call({ path: '/api/auth/jwks' }), 200),
  health: async (call) => void requireStatus(await call({ path: '/healthz' }), 200),
}
