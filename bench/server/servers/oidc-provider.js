// @ts-check
/** oidc-provider on SQLite or PostgreSQL: one table, an adapter as its documentation sketches it, sessions made without a browser. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { formRequest, json, requireStatus } from '../client.js'

const clientId = 'bench'

/** @param {string} folder @param {string} [url] of a PostgreSQL */
export async function start(folder, url) {
  const { default: Provider } = await import('oidc-provider')
  const { openQueries } = await import('../database.js')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const provider = new Provider('http://127.0.0.1', {
    adapter: adapterOn(await openQueries({ folder, url }, entries)),
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'ES256',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://app.example/callback'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'one' }] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'http://127.0.0.1/api',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: { RefreshToken: 14 * 86_400, AccessToken: 600, Grant: 14 * 86_400 },
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url === '/healthz') response.end('ok')
    else if (request.url === '/seed')
      void seed(provider).then((token) => response.end(JSON.stringify({ refresh_token: token })))
    else void answer(request, response)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: /** @type {any} */ (server.address()).port }))
  })
}

/** A refresh token, as after a login in a browser. @param {any} provider */
async function seed(provider) {
  const accountId = randomUUID()
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope('openid offline_access')
  grant.addResourceScope('http://127.0.0.1/api', '')
  const grantId = await grant.save()
  const client = await provider.Client.find(clientId)
  const token = new provider.RefreshToken({
    accountId,
    client,
    grantId,
    gty: 'authorization_code',
    scope: 'openid offline_access',
    resource: 'http://127.0.0.1/api',
    expiresWithSession: false,
    rotations: 0,
  })
  return token.save()
}

const entries = {
  schema: `create table entries (id text primary key, payload text, consumed bigint, grant_id text, expires bigint);
    create index by_grant on entries (grant_id)`,
  queries: {
    put: `insert into entries values (?, ?, null, ?, ?)
      on conflict (id) do update set payload = excluded.payload, expires = excluded.expires`,
    get: 'select payload, consumed from entries where id = ? and expires > ?',
    consume: 'update entries set consumed = ? where id = ?',
    remove: 'delete from entries where id = ?',
    removeGrant: 'delete from entries where grant_id = ?',
  },
}

/** @param {Record<keyof typeof entries.queries, import('../database.js').Query>} queries */
function adapterOn({ put, get, consume, remove, removeGrant }) {
  const seconds = () => Math.floor(Date.now() / 1000)
  return (/** @type {string} */ model) => ({
    upsert: async (/** @type {string} */ id, /** @type {any} */ payload, /** @type {number} */ expiresIn) =>
      void (await put.run(
        `${model}:${id}`,
        JSON.stringify(payload),
        payload.grantId ?? null,
        seconds() + (expiresIn ?? 86_400),
      )),
    find: async (/** @type {string} */ id) => {
      const row = await get.get(`${model}:${id}`, seconds())
      return row && { ...JSON.parse(row.payload), ...(row.consumed !== null && { consumed: row.consumed }) }
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: async (/** @type {string} */ id) => void (await consume.run(seconds(), `${model}:${id}`)),
    destroy: async (/** @type {string} */ id) => void (await remove.run(`${model}:${id}`)),
    revokeByGrantId: async (/** @type {string} */ grantId) => void (await removeGrant.run(grantId)),
  })
}

/** @type {import('../client.js').Client} */
export const client = {
  login: async (call) => json(requireStatus(await call({ path: '/seed' }), 200)),
  refresh: async (call, { refresh_token = '' }) => {
    const form = { grant_type: 'refresh_token', refresh_token, client_id: clientId }
    return json(requireStatus(await call(formRequest('/token', form)), 200))
  },
  revoke: async (call, { refresh_token = '' }) => {
    const form = { token: refresh_token, client_id: clientId }
    requireStatus(await call(formRequest('/token/revocation', form)), 200)
  },
  jwks: async (call) => void requireStatus(await call({ path: '/jwks' }), 200),
  health: async (call) => void requireStatus(await call({ path: '/healthz' }), 200),
}
