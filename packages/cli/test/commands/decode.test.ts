import { encode, secret } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const key = secret('HS256', 'a secret of at least thirty-two bytes')
const now = 1_700_000_000
const token = encode({ sub: 'alice', iat: now - 10, exp: now + 541 }, key)

function unsigned(header: object, claims: object): string {
  return `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
}

describe('decode', () => {
  test('shows header and claims and says that it does not verify', async () => {
    const { code, stdout, stderr } = await runCli(['decode', token])
    expect(code).toBe(0)
    expect(stdout).toContain('"alg": "HS256"')
    expect(stdout).toContain('"sub": "alice"')
    expect(stdout).toContain('Not verified.')
    expect(stderr).toBe('')
  })

  test('says times in words, with local and universal time', async () => {
    const { stdout } = await runCli(['decode', token])
    expect(stdout).toMatch(/exp +expires in 9 min \(.+ [+-]\d\d:\d\d; 2023-11-14 22:22:21 UTC\)/)
    const later = await runCli(['decode', token], { now: now + 3 * 3600 + 600 })
    expect(later.stdout).toContain('expired 3 h ago')
  })

  test('reads a token from standard input, in pieces and with a newline at the end', async () => {
    const { code, stdout } = await runCli(['decode', '-'], {
      stdin: [token.slice(0, 20), `${token.slice(20)}\n`],
    })
    expect(code).toBe(0)
    expect(stdout).toContain('"sub": "alice"')
  })

  test('takes no more from standard input than the limit', async () => {
    const { code, stderr } = await runCli(['decode', '-'], { stdin: 'x'.repeat(65), maximumInputBytes: 64 })
    expect(code).toBe(2)
    expect(stderr).toBe('tessera: standard input: expected at most 64 octets, got more\n')
  })

  test('warns of no expiry, an unsigned token, milliseconds, text for a date, and names that look secret', async () => {
    const { stdout } = await runCli([
      'decode',
      unsigned({ alg: 'none' }, { iat: now * 1000, nbf: '17', client_secret: 'x' }),
    ])
    expect(stdout).toContain('! alg is none')
    expect(stdout).toContain('! exp is missing')
    expect(stdout).toContain('! iat looks like milliseconds')
    expect(stdout).toContain('! nbf is text')
    expect(stdout).toContain('! client_secret looks like a secret')
  })

  test('has no warning for an ordinary token', async () => {
    expect((await runCli(['decode', token])).stdout).not.toContain('!')
  })

  test('prints one JSON document with --json', async () => {
    const { stdout } = await runCli(['decode', token, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { sub: 'alice' },
      times: { exp: { relative: 'in 9 min', utc: '2023-11-14 22:22:21 UTC' } },
      warnings: [],
    })
  })

  test('refuses what is no token with exit code 1, one line and what to do, without repeating it', async () => {
    const { code, stdout, stderr } = await runCli(['decode', 'not-a-token'])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^tessera: malformed: .+\n.+\n$/)
    expect(stderr).not.toContain('not-a-token')
  })

  test('says a refusal as JSON with --json', async () => {
    const { code, stdout, stderr } = await runCli(['decode', '--json', 'a.b'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'malformed' })
    expect(stderr).toBe('')
  })

  test('lets nothing through that a terminal would obey or a reader be deceived by', async () => {
    const { stdout } = await runCli([
      'decode',
      unsigned({ alg: 'HS256' }, { a: '\u009B31mred', b: '\u202Eevil', c: '\u001B[2J', d: '\u007F' }),
    ])
    expect(stdout).toContain('\\u009b31mred')
    expect(stdout).toContain('\\u202eevil')
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/)
  })

  test('colours header, claims and signature each in its own, on a terminal alone', async () => {
    const colored = (await runCli(['decode', token], { isTTY: true })).stdout
    for (const code of [35, 34, 36]) expect(colored).toContain(`\u001B[${code}m`)
    const plain = await runCli(['decode', token])
    const noColor = await runCli(['decode', token], { isTTY: true, env: { NO_COLOR: '1' } })
    expect(plain.stdout).not.toContain('\u001B')
    expect(noColor.stdout).toBe(plain.stdout)
  })
})
