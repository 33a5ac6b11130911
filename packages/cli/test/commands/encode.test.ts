import { decode, generateKey, exportJwk, exportPem, secret } from '@tessera/jose'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const text = 'a secret of at least thirty-two bytes'
const key = secret('HS256', text)
const env = { JWT_SECRET: text }
const now = 1_700_000_000

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tessera-cli-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('encode', () => {
  test('signs claims with a secret from a variable and adds nothing', async () => {
    const { code, stdout, stderr } = await runCli(
      ['encode', '{"sub":"alice"}', '--secret', 'env:JWT_SECRET'],
      { env },
    )
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(decode(stdout.trim(), key)).toEqual({ sub: 'alice' })
  })

  test('makes the token of the primer, byte for byte', async () => {
    const argv = ['encode', '{"user-id":5}', '--secret', 'env:S', '--allow-weak-key']
    const { stdout } = await runCli(argv, { env: { S: 'secret' } })
    expect(stdout).toBe(
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjo1fQ.tBQu0HfnOYK7lL3tH5ImgsI-y4Jz1RKscJWbV3U2QMI\n',
    )
  })

  test('adds iat and exp with --expires-in', async () => {
    const argv = ['encode', '{}', '--secret', 'env:JWT_SECRET', '--expires-in', '15m']
    const { stdout } = await runCli(argv, { env })
    expect(decode(stdout.trim(), key, { now })).toEqual({ iat: now, exp: now + 900 })
  })

  test('takes the secret from a file, without the newline that an editor put there', async () => {
    const path = file('secret', `${text}\n`)
    const { stdout } = await runCli(['encode', '{"a":1}', '--secret', `@${path}`])
    expect(decode(stdout.trim(), key)).toEqual({ a: 1 })
  })

  test('takes the secret from standard input, or the claims, but not both', async () => {
    const fromSecret = await runCli(['encode', '{"a":1}', '--secret', '-'], { stdin: text })
    expect(decode(fromSecret.stdout.trim(), key)).toEqual({ a: 1 })
    const fromClaims = await runCli(['encode', '-', '--secret', 'env:JWT_SECRET'], {
      stdin: '{"a":1}\n',
      env,
    })
    expect(decode(fromClaims.stdout.trim(), key)).toEqual({ a: 1 })
    expect((await runCli(['encode', '-', '--secret', '-'], { stdin: text })).code).toBe(2)
  })

  test('never takes the secret itself as an argument, and does not repeat it', async () => {
    const { code, stdout, stderr } = await runCli(['encode', '{}', '--secret', text])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('env:NAME, @FILE or -')
    expect(stderr).not.toContain(text)
  })

  test('signs with a private JWK and names its kid, and with PEM', async () => {
    const made = await generateKey('ES256', { extractable: true })
    const jwk = await runCli([
      'encode',
      '{"a":1}',
      '--key',
      file('key.json', JSON.stringify(await exportJwk(made))),
    ])
    expect(decode(jwk.stdout.trim(), made.publicKey)).toEqual({ a: 1 })
    expect(JSON.parse(Buffer.from(jwk.stdout.split('.')[0] ?? '', 'base64url').toString())).toEqual({
      typ: 'JWT',
      alg: 'ES256',
      kid: made.kid,
    })
    const pem = await runCli(['encode', '{"a":1}', '--key', file('key.pem', await exportPem(made))])
    expect(decode(pem.stdout.trim(), made.publicKey)).toEqual({ a: 1 })
  })

  test('refuses to sign with a public key', async () => {
    const made = await generateKey('ES256')
    const path = file('public.json', JSON.stringify(await exportJwk(made.publicKey)))
    const { code, stderr } = await runCli(['encode', '{}', '--key', path])
    expect(code).toBe(2)
    expect(stderr).toContain('public key')
  })

  test.each([
    ['a variable that is not set', ['encode', '{}', '--secret', 'env:NOPE'], 2, 'NOPE'],
    ['a file that is not there', ['encode', '{}', '--key', '/nowhere/key.json'], 3, 'there is no such file'],
    ['claims that are not JSON', ['encode', '{sub:1}', '--secret', 'env:JWT_SECRET'], 2, 'JSON'],
    ['claims that are no object', ['encode', '[1]', '--secret', 'env:JWT_SECRET'], 2, 'JSON object'],
    ['a secret that is too short', ['encode', '{}', '--secret', 'env:SHORT'], 2, 'weak_key'],
    ['no key at all', ['encode', '{}'], 2, '--secret and --key'],
    [
      'an expiry without a unit',
      ['encode', '{}', '--secret', 'env:JWT_SECRET', '--expires-in', '10'],
      2,
      'option_invalid',
    ],
    ['a date as text', ['encode', '{"exp":"1539517391"}', '--secret', 'env:JWT_SECRET'], 2, 'claim_invalid'],
    [
      'a claim named password',
      ['encode', '{"password":"x"}', '--secret', 'env:JWT_SECRET'],
      2,
      'claim_invalid',
    ],
    [
      'an algorithm that is not for secrets',
      ['encode', '{}', '--secret', 'env:JWT_SECRET', '--alg', 'RS256'],
      2,
      'HS256',
    ],
  ])('refuses %s in one or two lines', async (_title, argv, code, part) => {
    const ran = await runCli(argv, { env: { ...env, SHORT: 'secret' } })
    expect(ran.code).toBe(code)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toContain(part)
    expect(ran.stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect(ran.stderr).not.toContain('    at ')
  })

  test('prints the token as JSON with --json', async () => {
    const { stdout } = await runCli(['encode', '{"a":1}', '--secret', 'env:JWT_SECRET', '--json'], { env })
    expect(decode((JSON.parse(stdout) as { token: string }).token, key)).toEqual({ a: 1 })
  })
})
