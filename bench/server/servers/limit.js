// @ts-check
/**
 * The parts of a refresh and nothing else: Hono, one signature, one row changed if it is as it was, committed with all that
 * came in the same turn of the event loop. No client, no family, no check of a MAC: an upper bound and no product.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { json, jsonRequest, requireStatus } from '../client.js'

/** @param {string} folder */
export async function start(folder) {
  const { Hono } = await import('hono')
  const { serve } = await import('@hono/node-server')
  const { openDatabase } = await import('../database.js')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const database = openDatabase(folder)
  database.exec('create table sessions (id text primary key, generation integer, secret text)')
  const add = database.prepare('insert into sessions values (?, 0, ?)')
  const advance = database.prepare(
    'update sessions set generation = ?, secret = ? where id = ? and generation = ?',
  )
  const commitTogether = groupCommit(
    database,
    (/** @type {{ id: string, generation: number, secret: string }} */ row) =>
      advance.run(row.generation + 1, row.secret, row.id, row.generation),
  )
  const header = Buffer.from('{"typ":"at+jwt","alg":"ES256","kid":"one"}').toString('base64url')

  /** @param {string} id @param {number} generation */
  function tokensFor(id, generation) {
    const claims = {
      iss: 'http://127.0.0.1',
      aud: 'http://127.0.0.1',
      sub: id,
      sid: id,
      exp: Date.now() / 1000 + 600,
    }
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    const signature = sign('sha256', Buffer.from(input), privateKey).toString('base64url')
    return { access_token: `${input}.${signature}`, refresh_token: `${id}.${generation}` }
  }

  const app = new Hono()
  app.get('/healthz', (c) => c.text('ok'))
  app.post('/login', (c) => {
    const id = randomBytes(16).toString('base64url')
    add.run(id, id)
    return c.json(tokensFor(id, 0))
  })
  app.post('/token', async (c) => {
    const { refresh_token: token } = await c.req.json()
    const [id, generation] = token.split('.')
    const row = { id, generation: Number(generation), secret: randomBytes(16).toString('base64url') }
    const { changes } = await commitTogether(row)
    return changes === 1 ? c.json(tokensFor(id, row.generation + 1)) : c.json({ error: 'invalid_grant' }, 400)
  })
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve({ port }))
  })
}

/** One transaction for all that comes in one turn. @template T, R @param {import('libsql').Database} database @param {(row: T) => R} act */
function groupCommit(database, act) {
  /** @type {{ row: T, resolve: (result: R) => void }[]} */
  let waiting = []
  const commit = database.transaction((/** @type {T[]} */ rows) => rows.map(act))
  const flush = () => {
    const group = waiting
    waiting = []
    const results = commit(group.map(({ row }) => row))
    for (const [index, { resolve }] of group.entries()) resolve(results[index])
  }
  return (/** @type {T} */ row) =>
    new Promise((/** @type {(result: R) => void} */ resolve) => {
      if (waiting.push({ row, resolve }) === 1) setImmediate(flush)
    })
}

/** @type {import('../client.js').Client} */
export const client = {
  login: async (call) => json(requireStatus(await call(jsonRequest('/login', {})), 200)),
  refresh: async (call, { refresh_token }) =>
    json(requireStatus(await call(jsonRequest('/token', { refresh_token })), 200)),
}
