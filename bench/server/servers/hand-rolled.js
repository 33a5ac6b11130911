// @ts-check
/** The login that most applications write themselves: Hono, `jose`, a row for each refresh token. */
import { randomBytes, randomUUID, createHash } from 'node:crypto'
import { json, jsonRequest, requireStatus } from '../client.js'

/** @typedef {import('../client.js').Client} Client */

const issuer = 'http://127.0.0.1'

/** @param {string} folder @param {string} [url] of a PostgreSQL */
export async function start(folder, url) {
  const { Hono } = await import('hono')
  const { serve } = await import('@hono/node-server')
  const { exportJWK, generateKeyPair, jwtVerify, SignJWT } = await import('jose')
  const { hashPassword, verifyPassword } = await import('../argon2.js')
  const { openQueries } = await import('../database.js')

  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] }
  const statements = await openQueries(
    { folder, url },
    {
      schema: `create table users (id text primary key, username text unique, password text);
        create table refresh (hash text primary key, owner text, family text, used integer, expires bigint)`,
      queries: {
        addUser: 'insert into users values (?, ?, ?)',
        findUser: 'select id, password from users where username = ?',
        addRefresh: 'insert into refresh values (?, ?, ?, 0, ?)',
        findRefresh: 'select owner, family, used, expires from refresh where hash = ?',
        useRefresh: 'update refresh set used = 1 where hash = ? and used = 0',
        endFamily: 'delete from refresh where family = ?',
      },
    },
  )
  const hashOf = (/** @type {string} */ token) => createHash('sha256').update(token).digest('base64url')

  /** @param {string} user @param {string} family */
  async function issue(user, family) {
    const access = await new SignJWT({ sid: family })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setSubject(user)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey)
    const refresh = randomBytes(32).toString('base64url')
    await statements.addRefresh.run(hashOf(refresh), user, family, Date.now() + 14 * 86_400_000)
    return { access_token: access, token_type: 'Bearer', expires_in: 600, refresh_token: refresh }
  }

  const app = new Hono()
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/jwks', (c) => c.json(jwks))
  app.post('/signup', async (c) => {
    const { username, password } = await c.req.json()
    const id = randomUUID()
    await statements.addUser.run(id, username, await hashPassword(password))
    return c.json(await issue(id, randomUUID()), 201)
  })
  app.post('/login', async (c) => {
    const { username, password } = await c.req.json()
    const user = await statements.findUser.get(username)
    if (!user || !(await verifyPassword(user.password, password)))
      return c.json({ error: 'credentials' }, 401)
    return c.json(await issue(user.id, randomUUID()))
  })
  app.post('/token', async (c) => {
    const { refresh_token: token } = await c.req.json()
    const row = await statements.findRefresh.get(hashOf(token))
    if (!row || row.expires < Date.now()) return c.json({ error: 'invalid_grant' }, 400)
    if ((await statements.useRefresh.run(hashOf(token))) === 0) {
      await statements.endFamily.run(row.family)
      return c.json({ error: 'invalid_grant' }, 400)
    }
    return c.json(await issue(row.owner, row.family))
  })
  app.post('/logout', async (c) => {
    const { refresh_token: token } = await c.req.json()
    const row = await statements.findRefresh.get(hashOf(token))
    if (row) await statements.endFamily.run(row.family)
    return c.body(null, 204)
  })
  app.get('/me', async (c) => {
    try {
      const token = c.req.header('authorization')?.slice(7) ?? ''
      const { payload } = await jwtVerify(token, publicKey, { issuer, audience: issuer, typ: 'at+jwt' })
      return c.json({ sub: payload.sub })
    } catch {
      return c.json({ error: 'invalid_token' }, 401)
    }
  })
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve({ port }))
  })
}

/** @type {Client} */
export const client = {
  signUp: async (call, user) => void requireStatus(await call(jsonRequest('/signup', user)), 201),
  login: async (call, user) => json(requireStatus(await call(jsonRequest('/login', user)), 200)),
  refresh: async (call, { refresh_token }) =>
    json(requireStatus(await call(jsonRequest('/token', { refresh_token })), 200)),
  check: async (call, { access_token }) =>
    void requireStatus(
      await call({ path: '/me', headers: { authorization: `Bearer ${access_token}` } }),
      200,
    ),
  revoke: async (call, { refresh_token }) =>
    void requireStatus(await call(jsonRequest('/logout', { refresh_token })), 204),
  jwks: async (call) => void requireStatus(await call({ path: '/jwks' }), 200),
  health: async (call) => void requireStatus(await call({ path: '/healthz' }), 200),
}
