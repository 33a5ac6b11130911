// @ts-check
/** npm `jose` verifies an access token of the running server through nothing but what the server publishes. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as jose from 'jose'
import { changed, expectRefused, expectSame, portOf } from './checks.js'

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
  } finally {
    const code = await server.stop()
    await check('the server ends on SIGTERM with code 0', () => expectSame(code, 0, 'exit code'))
  }
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
  return { issuer, stop }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const port = portOf(probe)
      probe.close(() => resolve(port))
    })
  })
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
