import { encode, exportJwk, generateKey, type Jwk, type PrivateKey, secret, signJwt } from '@tessera/jose'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const text = 'a secret of at least thirty-two bytes'
const key = secret('HS256', text)
const env = { S: text }
const bySecret = ['--secret', 'env:S']
const now = 1_700_000_000

/** A token with one character of its signature changed. */
function forged(token: string): string {
  const last = token.lastIndexOf('.') + 1
  return `${token.slice(0, last)}${token[last] === 'A' ? 'B' : 'A'}${token.slice(last + 1)}`
}

describe('verify with a shared secret', () => {
  test('prints the verdict and the claims of a good token', async () => {
    const token = encode({ sub: 'alice', exp: now + 60 }, key)
    const { code, stdout, stderr } = await runCli(['verify', token, ...bySecret], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('accepted: the signature is good (HS256)')
    expect(stdout).toContain('"sub": "alice"')
    expect(stdout).toContain('expires in 1 min')
    expect(stderr).toBe('')
  })

  test('refuses a changed token with exit code 1, its code, and what to do next', async () => {
    const token = forged(encode({ sub: 'alice', exp: now + 60 }, key))
    const { code, stdout } = await runCli(['verify', token, ...bySecret], { env })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^refused: bad_signature\n/)
    expect(stdout).toContain('\nNext: ')
    expect(stdout).not.toContain('alice')
  })

  test('says of an expired token that it is genuine and since when it is expired', async () => {
    const token = encode({ sub: 'alice', exp: now - 3 * 3600 }, key)
    const { code, stdout } = await runCli(['verify', token, ...bySecret], { env })
    expect(code).toBe(1)
    expect(stdout).toContain('refused: expired')
    expect(stdout).toContain('expired 3 h ago')
    expect(stdout).toContain('The signature is good.')
  })

  test('accepts a token without expiry and warns of it', async () => {
    const { code, stdout } = await runCli(['verify', encode({ 'user-id': 5 }, key), ...bySecret], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('! exp is missing')
  })

  test('refuses a token for an audience when none is named, accepts the named one or any', async () => {
    const token = encode({ aud: 'api', exp: now + 60 }, key)
    const unnamed = await runCli(['verify', token, ...bySecret], { env })
    expect(unnamed.code).toBe(1)
    expect(unnamed.stdout).toContain('--audience')
    expect((await runCli(['verify', token, ...bySecret, '--audience', 'other'], { env })).code).toBe(1)
    expect(
      (await runCli(['verify', token, ...bySecret, '--audience', 'other', '--audience', 'api'], { env }))
        .code,
    ).toBe(0)
    expect((await runCli(['verify', token, ...bySecret, '--any-audience'], { env })).code).toBe(0)
  })

  test('says the verdict as JSON with --json', async () => {
    const good = await runCli(['verify', encode({ a: 1 }, key), ...bySecret, '--json'], { env })
    expect(JSON.parse(good.stdout)).toEqual({
      ok: true,
      header: { typ: 'JWT', alg: 'HS256' },
      claims: { a: 1 },
    })
    const old = await runCli(['verify', encode({ exp: 1 }, key), ...bySecret, '--json'], { env })
    expect(JSON.parse(old.stdout)).toMatchObject({
      ok: false,
      code: 'expired',
      claim: 'exp',
      authentic: true,
      next: expect.any(String),
    })
  })

  test('checks typ, subject, age and issuer when they are named', async () => {
    const token = encode({ iss: 'me', sub: 'alice', iat: now - 100, exp: now + 60 }, key)
    const verify = (...more: string[]) => runCli(['verify', token, ...bySecret, ...more], { env })
    expect((await verify('--typ', 'at+jwt')).stdout).toContain('typ_mismatch')
    expect((await verify('--subject', 'bob')).stdout).toContain('claim_invalid')
    expect((await verify('--max-age', '60')).stdout).toContain('too_old')
    expect((await verify('--issuer', 'you', '--any-audience')).stdout).toContain('claim_invalid')
    expect(
      (await verify('--issuer', 'me', '--any-audience', '--subject', 'alice', '--max-age', '200')).code,
    ).toBe(0)
  })

  test('reads the token from standard input', async () => {
    const { code } = await runCli(['verify', '-', ...bySecret], { env, stdin: `${encode({ a: 1 }, key)}\n` })
    expect(code).toBe(0)
  })
})

describe('verify with files', () => {
  let folder: string
  let made: PrivateKey<'ES256'>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-cli-'))
    made = await generateKey('ES256', { extractable: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function file(name: string, content: unknown): string {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(content))
    return path
  }

  test('takes a public JWK, a private one by its public half, and a set', async () => {
    const token = encode({ a: 1 }, made, { header: { kid: made.kid } })
    const [publicJwk, privateJwk] = [await exportJwk(made.publicKey), await exportJwk(made)]
    const good = [
      ['--key', file('public.json', publicJwk)],
      ['--key', file('private.json', privateJwk)],
      ['--jwks', file('set.json', { keys: [publicJwk] })],
      ['--jwks', file('private-set.json', { keys: [privateJwk] })],
    ]
    for (const source of good) expect((await runCli(['verify', token, ...source])).code).toBe(0)
  })

  test('refuses a token whose key is not in the set', async () => {
    const other = await generateKey('ES256')
    const path = file('other.json', { keys: [await exportJwk(other.publicKey)] })
    const { code, stdout } = await runCli([
      'verify',
      encode({ a: 1 }, made, { header: { kid: made.kid } }),
      '--jwks',
      path,
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('key_not_found')
  })

  test('says of a key of another algorithm that it does not fit', async () => {
    const path = file('public-again.json', await exportJwk(made.publicKey))
    const { code, stdout } = await runCli(['verify', encode({ a: 1 }, key), '--key', path])
    expect(code).toBe(1)
    expect(stdout).toContain('alg_not_allowed')
  })

  test.each([
    ['no source of keys', [], 2, 'expected --issuer'],
    ['two sources', ['--secret', 'env:S', '--key', 'x'], 2, 'got several'],
    ['a file that is not there', ['--key', '/nowhere/key.json'], 3, 'there is no such file'],
    ['a file that is no key', ['--key', import.meta.filename], 2, 'key_invalid'],
    ['an age that is no number', ['--secret', 'env:S', '--max-age', 'old'], 2, 'whole number'],
  ])('refuses %s', async (_title, argv, code, part) => {
    const ran = await runCli(['verify', encode({ a: 1 }, key), ...argv], { env })
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain(part)
    expect(ran.stdout).toBe('')
  })
})

describe('verify with keys from the network', () => {
  let server: Server
  let issuer: string
  let signer: PrivateKey<'ES256'>
  let keys: Jwk[]

  beforeAll(async () => {
    signer = await generateKey('ES256')
    keys = [await exportJwk(signer.publicKey)]
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      const metadata = request.url === '/.well-known/oauth-authorization-server'
      response.end(JSON.stringify(metadata ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  function sign(audience: string): Promise<string> {
    return signJwt({ sub: 'alice' }, signer, { issuer, audience, expiresIn: '10m', now })
  }

  test('follows the metadata of an issuer; the audience is the issuer itself unless another is named', async () => {
    expect((await runCli(['verify', await sign(issuer), '--issuer', issuer])).code).toBe(0)
    expect((await runCli(['verify', await sign('api'), '--issuer', issuer])).stdout).toContain(
      'claim_invalid',
    )
    expect((await runCli(['verify', await sign('api'), '--issuer', issuer, '--audience', 'api'])).code).toBe(
      0,
    )
  })

  test('takes a JWK Set by its address', async () => {
    expect(
      (await runCli(['verify', await sign('api'), '--jwks', `${issuer}/keys`, '--audience', 'api'])).code,
    ).toBe(0)
  })

  test('says with exit code 3 that keys could not be reached, which is no verdict on the token', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const { code, stdout } = await runCli([
      'verify',
      await sign('api'),
      '--jwks',
      `http://127.0.0.1:${port}/keys`,
    ])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^not judged: keys_unavailable\n/)
  })

  test('refuses an address that is neither https nor on this machine', async () => {
    const { code } = await runCli(['verify', await sign('api'), '--jwks', 'http://keys.example/keys'])
    expect(code).toBe(2)
  })
})
