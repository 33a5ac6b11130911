import { decode, encode, importKey, type Jwk, type JwkSet, type PrivateKey } from '@tessera/jose'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tessera-cli-'))))
afterAll(() => rmSync(folder, { recursive: true }))

describe('keygen', () => {
  test.each(['ES256', 'Ed25519', 'RS256'])('makes a private JWK for %s that signs', async (algorithm) => {
    const { code, stdout } = await runCli(['keygen', algorithm])
    const jwk = JSON.parse(stdout) as Jwk
    expect(code).toBe(0)
    expect(jwk).toMatchObject({
      alg: algorithm,
      use: 'sig',
      kid: expect.stringMatching(/^[\w-]{43}$/),
      d: expect.any(String),
    })
    const key = (await importKey(jwk)) as PrivateKey
    expect(decode(encode({ a: 1 }, key), key.publicKey)).toEqual({ a: 1 })
  })

  test('makes a secret as a JWK, or as one line for a variable', async () => {
    const { stdout } = await runCli(['keygen', 'HS512'])
    expect(JSON.parse(stdout)).toMatchObject({ kty: 'oct', alg: 'HS512' })
    const text = (await runCli(['keygen', 'HS256', '--format', 'text'])).stdout
    expect(text).toMatch(/^[\w-]{43}\n$/)
    const signed = await runCli(['encode', '{"a":1}', '--secret', 'env:S'], { env: { S: text.trim() } })
    expect(signed.code).toBe(0)
  })

  test('prints a JWK Set with --jwks, and PEM with --format pem', async () => {
    const set = JSON.parse((await runCli(['keygen', 'ES256', '--jwks'])).stdout) as JwkSet
    expect(set.keys).toHaveLength(1)
    expect((await runCli(['keygen', 'ES256', '--format', 'pem'])).stdout).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n/,
    )
  })

  test('with --out writes the private key for its owner alone, prints the public half, and overwrites nothing', async () => {
    const path = join(folder, 'key.json')
    const { stdout, stderr } = await runCli(['keygen', 'ES256', '--jwks', '--out', path])
    const [published] = (JSON.parse(stdout) as JwkSet).keys
    expect(published).not.toHaveProperty('d')
    expect((JSON.parse(readFileSync(path, 'utf8')) as JwkSet).keys[0]).toMatchObject({
      kid: published?.kid,
      d: expect.any(String),
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(stderr).toContain(path)
    const again = await runCli(['keygen', 'ES256', '--out', path])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('not overwritten')
  })

  test.each([
    ['an unknown algorithm', ['keygen', 'ES999'], 'unsupported'],
    ['a JWK Set of a secret', ['keygen', 'HS256', '--jwks'], 'shared secrets'],
    ['an unknown format', ['keygen', 'ES256', '--format', 'xml'], 'jwk, pem or text'],
    ['a secret as PEM', ['keygen', 'HS256', '--format', 'pem'], 'PEM'],
    ['a key pair as one line', ['keygen', 'ES256', '--format', 'text'], 'key pairs'],
  ])('refuses %s', async (_title, argv, part) => {
    const { code, stdout, stderr } = await runCli(argv)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(part)
  })
})
