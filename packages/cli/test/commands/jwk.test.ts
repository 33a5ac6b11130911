import { calculateThumbprint, exportPem, generateKey, type Jwk, type JwkSet } from '@tessera/jose'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tessera-jwk-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** RFC 7638 §3.1, with its thumbprint. */
const example: Jwk = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
}
const exampleThumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'

/** A secret as keygen makes it. */
const shared: Jwk = { kty: 'oct', k: 'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', alg: 'HS256' }

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('jwk thumbprint', () => {
  test('prints that of RFC 7638 §3.1, as text and as a URI', async () => {
    const path = file('example.json', example)
    expect((await runCli(['jwk', 'thumbprint', path])).stdout).toBe(`${exampleThumbprint}\n`)
    expect((await runCli(['jwk', 'thumbprint', path, '--uri'])).stdout).toBe(
      `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${exampleThumbprint}\n`,
    )
  })

  test('prints one for each key of a set, in its order', async () => {
    const ec = JSON.parse((await runCli(['keygen', 'ES256', '--json'])).stdout) as Jwk
    const path = file('set.json', { keys: [example, ec] })
    const { stdout } = await runCli(['jwk', 'thumbprint', path, '--json'])
    expect(JSON.parse(stdout)).toEqual({ thumbprints: [exampleThumbprint, await calculateThumbprint(ec)] })
  })

  test('is the same for a private key in PEM and its public half', async () => {
    const key = await generateKey('ES256', { extractable: true })
    const ofPrivate = await runCli(['jwk', 'thumbprint', '-'], { stdin: await exportPem(key) })
    const ofPublic = await runCli(['jwk', 'thumbprint', '-'], { stdin: await exportPem(key.publicKey) })
    expect(ofPrivate.stdout).toBe(ofPublic.stdout)
    expect(ofPrivate.stdout).toBe(`${await calculateThumbprint(key)}\n`)
  })
})

describe('jwk convert', () => {
  test('takes a private JWK to PEM and back without a change', async () => {
    const jwk = JSON.parse((await runCli(['keygen', 'ES256', '--json'])).stdout) as Jwk
    const pem = (await runCli(['jwk', 'convert', file('ec.json', jwk), '--to', 'pem'])).stdout
    expect(createPrivateKey(pem).export({ format: 'jwk' })).toMatchObject({ d: jwk['d'] })
    const back = (await runCli(['jwk', 'convert', '-', '--to', 'jwk'], { stdin: pem })).stdout
    expect(JSON.parse(back)).toEqual(jwk)
  })

  test('makes a set that is fit to be published with --public', async () => {
    const jwk = JSON.parse((await runCli(['keygen', 'Ed25519', '--json'])).stdout) as Jwk
    const { stdout } = await runCli([
      'jwk',
      'convert',
      file('pair.json', { keys: [jwk, example] }),
      '--to',
      'jwks',
      '--public',
    ])
    const { keys } = JSON.parse(stdout) as JwkSet
    expect(keys.map(({ kid }) => kid)).toEqual([jwk.kid, '2011-04-29'])
    expect(stdout).not.toContain('"d"')
  })

  test('opens an encrypted key with a passphrase from a variable', async () => {
    const key = await generateKey('ES256', { extractable: true })
    const encrypted = createPrivateKey(await exportPem(key)).export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    })
    const path = file('encrypted.pem', encrypted.toString())
    const argv = ['jwk', 'convert', path, '--to', 'jwk', '--public', '--passphrase']
    const { code, stdout } = await runCli([...argv, 'env:P'], { env: { P: 'open sesame' } })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kid: await calculateThumbprint(key) })
    expect((await runCli([...argv, 'open sesame'])).stderr).toContain('--passphrase: expected env:NAME')
  })

  test('with --out writes a new file for its owner alone', async () => {
    const path = join(folder, 'out.pem')
    const argv = ['jwk', 'convert', file('in.json', example), '--to', 'pem', '--out', path]
    const { code, stdout } = await runCli(argv)
    expect([code, stdout]).toEqual([0, ''])
    expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await runCli(argv)).code).toBe(2)
  })

  test.each([
    ['an unknown form', example, ['--to', 'der'], 'jwk, jwks or pem'],
    ['several keys as one JWK', { keys: [example, example] }, ['--to', 'jwk'], 'use --to jwks'],
    ['a secret in a set', { ...shared }, ['--to', 'jwks'], 'never stands'],
    ['the public half of a secret', { ...shared }, ['--to', 'jwk', '--public'], 'no public half'],
    [
      'a key that does not say its algorithm',
      { kty: 'RSA', n: example['n'], e: 'AQAB' },
      ['--to', 'pem'],
      '--alg',
    ],
    ['a broken key', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, ['--to', 'pem'], 'key_invalid'],
  ])('refuses %s', async (title, content, options, part) => {
    const path = file(`${title}.json`, content)
    const { code, stdout, stderr } = await runCli(['jwk', 'convert', path, ...options])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(part)
  })
})
