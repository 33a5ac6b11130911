// @ts-check
/** Sessions as Express has had them for ten years: a cookie, and a look-up in Redis for each request. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { jsonRequest, requireStatus } from '../client.js'

/** @param {string} folder */
export async function start(folder) {
  const { default: express } = await import('express')
  const { default: session } = await import('express-session')
  const { RedisStore } = await import('connect-redis')
  const redis = await startRedis(folder)
  const app = express()
  app.use(express.json())
  app.use(
    session({
      store: new RedisStore({ client: redis }),
      secret: 'a secret of the benchmark, of 32 bytes or more',
      resave: false,
      saveUninitialized: false,
    }),
  )
  app.post('/login', (request, response) => {
    Object.assign(request.session, { user: request.body.username })
    response.json({})
  })
  app.get('/me', (request, response) => {
    const { user } = /** @type {{ user?: string }} */ (request.session)
    if (user === undefined) response.status(401).json({})
    else response.json({ sub: user })
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: /** @type {any} */ (server.address()).port }
}

/** Written to disk every second, as it comes; ends with this process. @param {string} folder */
async function startRedis(folder) {
  const { createClient } = await import('redis')
  const port = await freePort()
  const child = spawn(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'],
    {
      stdio: 'ignore',
    },
  )
  process.once('SIGTERM', () => {
    // On SIGTERM it saves first, and stays where its folder is gone already.
    child.kill('SIGKILL')
    process.exit()
  })
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  // Until it listens, each attempt fails.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address())
  probe.close()
  await once(probe, 'close')
  return port
}

/** @type {import('../client.js').Client} */
export const client = {
  login: async (call, user) => {
    const answer = requireStatus(await call(jsonRequest('/login', user)), 200)
    return { cookie: /set-cookie: ([^;\r]+)/i.exec(answer.head)?.[1] ?? '' }
  },
  check: async (call, { cookie = '' }) =>
    void requireStatus(await call({ path: '/me', headers: { cookie } }), 200),
}
