// @ts-check
/**
 * Other people's software against the running server: npm `jose`, PyJWT, express-oauth2-jwt-bearer and jwks-rsa verify its
 * tokens through nothing but what it publishes, and PyJWT proves a client to it.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { auth } from 'express-oauth2-jwt-bearer'
import * as jose from 'jose'
import jwksRsa from 'jwks-rsa'
import { freePort } from '../../tools/free-port.js'
import { changed, expectRefused, expectSame } from './checks.js'
import { askPyJwt, findPython } from './peers.js'

const command = fileURLToPath(new URL('../../packages/cli/bin/tessera.js', import.meta.url))

/** @param {import('./checks.js').Checks} checks */
export async function checkRunningServer({ check }) {
  const server = await startServer()
  try {
    const credentials = { username: 'ada', password: 'a long enough pass phrase' }
    await post(`${server.issuer}/signup`, credentials)
    const { access_token: token } = await post(`${server.issuer}/login`, credentials)
    const metadata = await getJson(`${server.issuer}/.well-known/oauth-authorization-server`)
    const expected = { issuer: server.issuer, audience: server.issuer, typ: 'at+jwt' }

    await check(
      'npm jose verifies a token of the running server through its /.well-known/jwks.json',
      async () => {
        const keys = jose.createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`))
        const { payload, protectedHeader } = await jose.jwtVerify(token, keys, expected)
        expectSame(
          [protectedHeader.alg, typeof payload.sub, typeof payload['sid']],
          ['ES256', 'string', 'string'],
          'token',
        )
      },
    )
    await check("npm jose finds the keys by the server's metadata (RFC 8414)", async () => {
      expectSame(metadata.issuer, server.issuer, 'issuer')
      await jose.jwtVerify(token, jose.createRemoteJWKSet(new URL(metadata.jwks_uri)), expected)
    })
    await check('npm jose refuses a changed token of the running server', async () => {
      const keys = jose.createRemoteJWKSet(new URL(metadata.jwks_uri))
      await expectRefused(() => jose.jwtVerify(changed(token), keys, expected))
    })
    await checkPyJwt(check, server, token)
    await checkExpress(check, server, token)
  } finally {
    const code = await server.stop()
    await check('the server ends on SIGTERM with code 0', () => expectSame(code, 0, 'exit code'))
  }
}

/**
 * @param {import('./checks.js').Checks['check']} check
 * @param {Awaited<ReturnType<typeof startServer>>} server
 * @param {string} token
 */
async function checkPyJwt(check, server, token) {
  const python = await findPython()
  const jwks_uri = `${server.issuer}/.well-known/jwks.json`
  const byJwks = {
    do: 'verify_by_jwks',
    jwks_uri,
    alg: 'ES256',
    issuer: server.issuer,
    audience: server.issuer,
  }
  await check('PyJWT verifies a token of the running server through its JWK Set', async () => {
    const { answers } = await askPyJwt(python, [
      { ...byJwks, token },
      { ...byJwks, token: changed(token) },
    ])
    expectSame([answers[0].header.typ, answers[1].refused !== undefined], ['at+jwt', true], 'verdicts')
  })
  await check('PyJWT proves a client with private_key_jwt (RFC 7523), once', async () => {
    const { privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
    const pem = await jose.exportPKCS8(privateKey)
    await server.tessera(['clients', 'add', 'reports', '--key', 'key.pem'], { 'key.pem': pem })
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: 'reports',
      sub: 'reports',
      aud: server.issuer,
      iat: now,
      exp: now + 60,
      jti: String(now),
    }
    const { answers } = await askPyJwt(python, [{ do: 'sign', alg: 'ES256', key: pem, claims }])
    const ask = () =>
      fetch(`${server.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: answers[0].token,
        }),
      })
    const [first, second] = [await ask(), await ask()]
    expectSame([first.status, second.status], [200, 401], 'statuses')
    const { access_token } = await first.json()
    const verdict = await askPyJwt(python, [{ ...byJwks, token: access_token }])
    expectSame(verdict.answers[0].claims.sub, 'reports', 'subject')
  })
}

/**
 * @param {import('./checks.js').Checks['check']} check
 * @param {{ issuer: string }} server
 * @param {string} token
 */
async function checkExpress(check, { issuer }, token) {
  const middleware = auth({ issuerBaseURL: issuer, audience: issuer, tokenSigningAlg: 'ES256', strict: true })
  /** What the middleware hands on: nothing, or why it refuses. @param {string} value @returns {Promise<any>} */
  const judge = (value) =>
    new Promise((resolve) => {
      const headers = { host: 'api.example', authorization: `Bearer ${value}` }
      const parts = { method: 'GET', protocol: 'https', originalUrl: '/', url: '/', query: {}, body: {} }
      const request = { ...parts, headers, is: () => false, get: () => 'api.example' }
      middleware(/** @type {any} */ (request), /** @type {any} */ ({}), resolve)
    })
  await check(
    'express-oauth2-jwt-bearer lets a token of the running server in, and no changed one',
    async () => {
      expectSame((await judge(token))?.message, undefined, 'verdict')
      expectSame((await judge(changed(token)))?.status, 401, 'status')
    },
  )
  await check('jwks-rsa finds the key of a token of the running server', async () => {
    const client = jwksRsa({ jwksUri: `${issuer}/.well-known/jwks.json` })
    const { kid = '', alg = '' } = jose.decodeProtectedHeader(token)
    const pem = (await client.getSigningKey(kid)).getPublicKey()
    await jose.jwtVerify(token, await jose.importSPKI(pem, alg), { issuer, audience: issuer, typ: 'at+jwt' })
  })
}

/** A server of its own, in a folder of its own. */
async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-interop-'))
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const names = Object.entries(process.env).filter(
    ([name]) => !/^(TESSERA_|HOST$|PORT$|NODE_ENV$)/.test(name),
  )
  const env = { ...Object.fromEntries(names), LOG_LEVEL: 'silent' }
  const child = spawn(process.execPath, [command, 'serve', '--port', String(port)], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code ?? 128)))
  const stop = async () => {
    child.kill('SIGTERM')
    const code = await ended
    rmSync(folder, { recursive: true, force: true })
    return code
  }
  try {
    await untilHealthy(issuer, ended)
  } catch (error) {
    await stop()
    throw error
  }
  /** Runs a command of the server's operator. @param {string[]} args @param {Record<string, string>} files */
  const tessera = async (args, files = {}) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const own = { ...env, PORT: String(port) }
    await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, env: own })
  }
  return { issuer, stop, tessera }
}

/** @param {string} issuer @param {Promise<number>} ended */
async function untilHealthy(issuer, ended) {
  let stopped = false
  void ended.then(() => (stopped = true))
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${issuer}/healthz`).catch(() => undefined)
    if (answer?.ok) return
    if (stopped) throw new Error(`the server ended before it answered, with code ${await ended}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server did not answer at /healthz within 30 s')
}

/** @param {string} url @param {object} body @returns {Promise<any>} */
async function post(url, body) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`POST ${new URL(url).pathname}: status ${answer.status}`)
  return answer.json()
}

/** @param {string} url @returns {Promise<any>} */
async function getJson(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`GET ${new URL(url).pathname}: status ${answer.status}`)
  return answer.json()
}
