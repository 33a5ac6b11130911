// @ts-check
/** A server of one route, with one guard or none. Started by http.js, which sends it `{ guard, secret }`. */
import { createSecretKey, webcrypto } from 'node:crypto'
import { createServer } from 'node:http'
import { createVerifier as createFastVerifier } from 'fast-jwt'
import { jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { createGuard } from '@tessera/guard'
import { guard as guardNode } from '@tessera/guard/node'
import { createVerifier, secret as makeSecret } from '@tessera/jose'
import { expected } from '../tokens.js'

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {(request: Request) => Promise<boolean> | boolean} Guard */

/** @param {Buffer} secret */
const guardOptions = (secret) => ({ keys: makeSecret('HS256', secret), typ: 'JWT', ...expected })

/** Guards that answer by themselves. @type {Record<string, (secret: Buffer) => import('node:http').RequestListener>} */
const listeners = {
  '@tessera/guard': (secret) =>
    guardNode(guardOptions(secret))((_request, response) => answer(response, true)),
  '@tessera/guard, cache: true': (secret) =>
    guardNode({ ...guardOptions(secret), cache: true })((_request, response) => answer(response, true)),
}

/** @param {Request} request */
const tokenOf = ({ headers }) => headers.authorization?.slice('Bearer '.length) ?? ''

/** @type {Record<string, (secret: Buffer) => Guard | Promise<Guard>>} */
const guards = {
  unguarded: () => () => true,
  'unguarded, takes the token out': () => (request) => tokenOf(request) !== '',
  tessera: (secret) => {
    const { safeVerifySync } = createVerifier({ keys: makeSecret('HS256', secret), ...expected })
    return (request) => safeVerifySync(tokenOf(request)).ok
  },
  'authenticate() of @tessera/guard': (secret) => {
    const guard = createGuard(guardOptions(secret))
    return async ({ method = '', url = '', headers }) =>
      (await guard.authenticate({ method, url, headers })).ok
  },
  'fast-jwt': (secret) => {
    const { issuer, audience } = expected
    const verify = createFastVerifier({
      key: secret,
      algorithms: ['HS256'],
      allowedIss: issuer,
      allowedAud: audience,
      cache: false,
    })
    return (request) => !throws(() => verify(tokenOf(request)))
  },
  'jsonwebtoken, KeyObject': (secret) => {
    const key = createSecretKey(secret)
    const options = { algorithms: [/** @type {const} */ ('HS256')], ...expected }
    return (request) => !throws(() => jsonwebtoken.verify(tokenOf(request), key, options))
  },
  jose: async (secret) => {
    const hmac = { name: 'HMAC', hash: 'SHA-256' }
    const key = await webcrypto.subtle.importKey('raw', secret, hmac, false, ['verify'])
    const options = { algorithms: ['HS256'], ...expected }
    return (request) =>
      jwtVerify(tokenOf(request), key, options).then(
        () => true,
        () => false,
      )
  },
}

/** @param {() => unknown} act */
function throws(act) {
  try {
    act()
    return false
  } catch {
    return true
  }
}

process.on('message', (/** @type {{ guard: string, secret: string } | 'cpu'} */ message) => {
  if (message !== 'cpu') {
    void serve(message)
    return
  }
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuNs: (user + system) * 1000 })
})

/** @param {{ guard: string, secret: string }} message */
async function serve({ guard: name, secret }) {
  const server = createServer(
    listeners[name]?.(Buffer.from(secret)) ?? guardedBy(await guards[name]?.(Buffer.from(secret))),
  )
  // Connections wait while other servers have their turn.
  server.keepAliveTimeout = 600_000
  server.listen(0, '127.0.0.1', () => process.send?.({ port: /** @type {any} */ (server.address()).port }))
}

/** @param {Guard | undefined} guard @returns {import('node:http').RequestListener} */
function guardedBy(guard) {
  if (guard === undefined) throw new Error('expected the name of a guard')
  return (request, response) => {
    const verdict = guard(request)
    if (typeof verdict === 'boolean') answer(response, verdict)
    else void verdict.then((ok) => answer(response, ok))
  }
}

/** @param {import('node:http').ServerResponse} response @param {boolean} ok */
function answer(response, ok) {
  response.writeHead(ok ? 200 : 401, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok')
}
