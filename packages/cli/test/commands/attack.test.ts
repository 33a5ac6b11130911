import { createHmac, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifier, encode, exportJwk, generateKey, type PrivateKey, secret } from '@tessera/jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

type Accepts = (token: string) => boolean

let http: Server
let url: string
let accepts: Accepts
let received: string[]
let folder: string
let key: PrivateKey

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-attack-'))
  key = await generateKey('ES256')
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [await exportJwk(key.publicKey)] }))
  http = createServer(({ headers }, response) => {
    const token = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1]
    if (token !== undefined) received.push(token)
    response.statusCode = token !== undefined && accepts(token) ? 200 : 401
    response.end()
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/me`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
  rmSync(folder, { recursive: true })
})

const goodToken = (): string =>
  encode({ sub: 'ada', scope: 'read', exp: Math.floor(Date.now() / 1000) + 600 }, key)

interface Attacked {
  readonly code: number
  readonly accepted: readonly string[]
}

/** Attacks an endpoint that takes what `rule` takes. */
async function attack(rule: Accepts, token = goodToken()): Promise<Attacked> {
  accepts = rule
  received = []
  const argv = ['attack', url, '--token', token, '--jwks', join(folder, 'jwks.json'), '--json']
  const { code, stdout } = await runCli(argv)
  const { accepted } = JSON.parse(stdout) as { accepted: readonly { id: string }[] }
  return { code, accepted: accepted.map(({ id }) => id) }
}

const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
    alg?: string
    jwk?: JsonWebKey
  }

/** Verifies as `node:crypto` does, without a look at how the token is spelled. */
function verifiesLoosely(token: string, publicKey: JsonWebKey): boolean {
  const [header, claims, signature = ''] = token.split('.')
  const octets = Buffer.from(signature, 'base64')
  const loose = {
    key: createPublicKey({ key: publicKey, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  } as const
  return verify('sha256', Buffer.from(`${header}.${claims}`), loose, octets)
}

describe('attack', () => {
  test('finds nothing where the library verifies', async () => {
    const verifier = createVerifier({ keys: key.publicKey, issuer: null, audience: null, typ: null })
    const { code, accepted } = await attack((token) => verifier.safeVerifySync(token).ok)
    expect(accepted).toEqual([])
    expect(code).toBe(0)
    expect(new Set(received).size).toBeGreaterThan(25)
  })

  test('finds every forgery where tokens are decoded and not verified', async () => {
    const { code, accepted } = await attack((token) => token.split('.').length === 3)
    expect(code).toBe(1)
    expect(accepted).toEqual(expect.arrayContaining(['alg-none', 'claims-changed', 'own-key', 'kid-query']))
    expect(accepted).not.toContain('signature-missing')
  })

  test('finds out who believes alg none, in any case', async () => {
    const good = goodToken()
    const { accepted } = await attack(
      (token) => token === good || /^none$/i.test(headerOf(token).alg ?? ''),
      good,
    )
    expect(accepted).toEqual(['alg-none', 'alg-None', 'alg-NONE', 'alg-nOnE', 'alg-none-old-signature'])
  })

  test('finds out who takes the key out of the header', async () => {
    const good = goodToken()
    const { accepted } = await attack((token) => {
      const { jwk } = headerOf(token)
      return token === good || (jwk !== undefined && verifiesLoosely(token, jwk))
    }, good)
    expect(accepted).toEqual(['own-key-jwk'])
  })

  test('finds out who takes the public key for a shared secret', async () => {
    const good = goodToken()
    const jwk = (await exportJwk(key.publicKey)) as JsonWebKey
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const { accepted } = await attack((token) => {
      const [header, claims, signature] = token.split('.')
      const mac = createHmac('sha256', pem).update(`${header}.${claims}`).digest('base64url')
      return token === good || mac === signature
    }, good)
    expect(accepted).toEqual(['public-key-as-secret-1'])
  })

  test('finds out who takes one signature in several spellings', async () => {
    const jwk = (await exportJwk(key.publicKey)) as JsonWebKey
    const { accepted } = await attack((token) => verifiesLoosely(token, jwk))
    expect(accepted).toEqual(expect.arrayContaining(['padded', 'spare-bits', 'four-parts', 'dot-behind']))
    expect(accepted).not.toContain('claims-changed')
  })

  test('finds a secret that everybody has, without sending it', async () => {
    const weak = secret('HS256', 'your-256-bit-secret', { allowWeakKey: true })
    const good = encode({ sub: 'ada' }, weak)
    const { code, accepted } = await attack((token) => token === good, good)
    expect([code, accepted]).toEqual([1, ['common-secret']])
  })

  test('says why each is dangerous and where that is written', async () => {
    accepts = (token) => token.split('.').length === 3
    received = []
    const { stdout } = await runCli(['attack', url, '--token', '-'], { stdin: goodToken() })
    expect(stdout).toContain('✗ alg-none is accepted\n  a token that says itself that it is not signed')
    expect(stdout).toContain('RFC 8725 §3.2, CVE-2015-9235')
    expect(stdout).toMatch(/\n\d+ attacks: \d+ accepted\n$/)
  })

  test('does not begin where the good token is refused, everybody is let in, or nobody answers', async () => {
    accepts = () => false
    const refused = await runCli(['attack', url, '--token', goodToken()])
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('expected 2xx for the good token, got 401') as string,
    })
    const away = await runCli(['attack', 'http://127.0.0.1:9/', '--token', goodToken()])
    expect(away.code).toBe(3)
    const open = createServer((_request, response) => response.end())
    await new Promise<void>((listening) => open.listen(0, '127.0.0.1', listening))
    const { port } = open.address() as AddressInfo
    const everybody = await runCli(['attack', `http://127.0.0.1:${port}/`, '--token', goodToken()])
    open.closeAllConnections()
    open.close()
    expect(everybody).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('open to everybody') as string,
    })
  })
})
