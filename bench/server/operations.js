// @ts-check
/** What is asked of the servers: one slice of an operation on all connections. */

/** @typedef {import('./contestants.js').Contestant} Contestant */
/** @typedef {import('./client.js').Call} Call */
/**
 * @typedef {object} Operation
 * @property {string} title
 * @property {string} reference
 * @property {{ row: string, server: string, way?: string }[]} rows
 * @property {(contestant: Contestant, way: string | undefined) => Promise<Step>} prepare
 * @property {number} [connections]  default all
 * @property {number} [count]        so many requests in place of a time
 */
/** One request of one connection. @typedef {(index: number) => Promise<unknown>} Step */

const every = ['tessera', 'hand-rolled', 'oidc-provider', 'better-auth']

/** @param {string[]} servers */
const rowsOf = (servers) => servers.map((server) => ({ row: server, server }))

/** @type {Operation[]} */
export const operations = [
  {
    title: 'server: refresh',
    reference: 'oidc-provider',
    rows: [...rowsOf(every), { row: 'limit of the parts', server: 'limit' }],
    prepare: refreshStep,
  },
  {
    title: 'server: refresh on PostgreSQL',
    reference: 'oidc-provider on PostgreSQL',
    rows: rowsOf(['tessera', 'hand-rolled', 'oidc-provider'].map((name) => `${name} on PostgreSQL`)),
    prepare: refreshStep,
  },
  {
    title: 'server: session check',
    reference: 'hand-rolled',
    rows: [
      { row: 'tessera', server: 'tessera' },
      { row: 'tessera without the cache of tokens', server: 'tessera', way: 'uncached' },
      ...rowsOf(['hand-rolled', 'better-auth', 'express-session on Redis']),
    ],
    prepare: async (contestant, way) => {
      const { client, apiCalls, sessions } = await withSessions(contestant)
      const check = way === 'uncached' ? client.checkUncached : client.check
      return async (index) => check?.(callOf(apiCalls, index), sessions[index] ?? {})
    },
  },
  {
    title: 'server: JWK Set',
    reference: 'better-auth',
    rows: [...rowsOf(every), { row: 'bare Hono GET', server: 'hand-rolled', way: 'health' }],
    prepare: async ({ client, calls }, way) => {
      const ask = way === 'health' ? client.health : client.jwks
      return async (index) => ask?.(callOf(calls, index))
    },
  },
  {
    title: 'server: log-out',
    reference: 'oidc-provider',
    rows: rowsOf(every),
    count: 64,
    prepare: async (contestant) => {
      const { client, calls } = contestant
      const sessions = await logIn(contestant, 64)
      return async (index) => client.revoke?.(callOf(calls, index), sessions.pop() ?? {})
    },
  },
  {
    title: 'server: login',
    reference: 'Argon2 alone',
    rows: [
      ...rowsOf(['tessera', 'hand-rolled', 'better-auth']),
      { row: 'Argon2 alone', server: 'argon2-alone' },
      { row: 'Argon2 alone, a thread a core', server: 'argon2-a-thread-a-core' },
    ],
    connections: 8,
    prepare: async ({ client, calls, users }) => {
      return async (index) => client.login(callOf(calls, index), userOf(users, index))
    },
  },
]

/** Each connection refreshes its own session, again and again. @param {Contestant} contestant @returns {Promise<Step>} */
async function refreshStep(contestant) {
  const { client, calls, sessions } = await withSessions(contestant)
  return async (index) => {
    sessions[index] = (await client.refresh?.(callOf(calls, index), sessions[index] ?? {})) ?? {}
  }
}

/** A session for each connection. @param {Contestant} contestant */
export async function withSessions(contestant) {
  if (contestant.sessions.length === 0)
    contestant.sessions.push(...(await logIn(contestant, contestant.calls.length)))
  return contestant
}

/** Sessions, eight at a time: more would only wait for Argon2. @param {Contestant} contestant @param {number} count */
async function logIn({ client, calls, users }, count) {
  /** @type {import('./client.js').Session[]} */
  const sessions = []
  const worker = async (/** @type {number} */ index) => {
    while (sessions.length < count)
      sessions.push(await client.login(callOf(calls, index), userOf(users, index)))
  }
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(worker))
  return sessions.slice(0, count)
}

/** @param {readonly Call[]} calls @param {number} index */
function callOf(calls, index) {
  const call = calls[index]
  if (call === undefined) throw new Error(`expected a connection ${index}`)
  return call
}

/** @param {readonly import('./client.js').User[]} users @param {number} index */
function userOf(users, index) {
  const user = users[index % users.length]
  if (user === undefined) throw new Error('expected a user')
  return user
}
