import { encode, secret } from '@tessera/jose'
import { signCompact } from '@tessera/jose/jws'
import { describe, expect, test } from 'vitest'
import { runCli, type World } from '../run-cli.ts'

const text = 'a secret of at least thirty-two bytes'
const key = secret('HS256', text)
const now = 1_700_000_000
const world: World = { env: { S: text, OTHER: text.toUpperCase() } }
const bySecret = ['--secret', 'env:S']

const good = encode({ iss: 'https://a', aud: 'api', sub: 'ada', iat: now, exp: now + 600 }, key)

interface Explained {
  readonly ok: boolean
  readonly checks: readonly {
    readonly check: string
    readonly outcome: string
    readonly code?: string
    readonly says?: unknown
    readonly expected?: unknown
    readonly next?: string
  }[]
}

async function explainJson(token: string, ...options: readonly string[]): Promise<Explained> {
  const { stdout } = await runCli(['explain', token, ...options, '--json'], world)
  return JSON.parse(stdout) as Explained
}

const outcomes = ({ checks }: Explained, outcome: string): readonly string[] =>
  checks.filter((check) => check.outcome === outcome).map(({ check }) => check)

describe('explain', () => {
  test('names every check of a good token, in the order in which they are made', async () => {
    const asked = ['--issuer', 'https://a', '--audience', 'api', '--subject', 'ada']
    const explained = await explainJson(good, ...bySecret, ...asked)
    expect(explained.ok).toBe(true)
    expect(explained.checks.map(({ check }) => check)).toEqual(
      'shape header algorithm key signature claims typ exp nbf iat iss aud sub'.split(' '),
    )
    expect(outcomes(explained, 'not_asked')).toEqual(['nbf'])
    expect(outcomes(explained, 'passed')).toHaveLength(12)
  })

  test('names all claims that are wrong, not only the first, with what is expected and what the token says', async () => {
    const token = encode({ iss: 'https://a/', aud: 'api', sub: 'ada', exp: now - 60 }, key)
    const asked = ['--issuer', 'https://a', '--audience', 'web', '--subject', 'bob', '--typ', 'at+jwt']
    const explained = await explainJson(token, ...bySecret, ...asked)
    expect(outcomes(explained, 'failed')).toEqual(['typ', 'exp', 'iss', 'aud', 'sub'])
    expect(explained.checks.find(({ check }) => check === 'iss')).toMatchObject({
      code: 'claim_invalid',
      expected: 'https://a',
      says: 'https://a/',
      next: expect.stringContaining('a slash at the end counts') as string,
    })
  })

  test('believes no claim of a token whose signature is not good, and shows none', async () => {
    const { code, stdout } = await runCli(['explain', good, '--secret', 'env:OTHER', '--any-audience'], world)
    expect(code).toBe(1)
    expect(stdout).toContain('✗ signature')
    expect(stdout).toContain('not looked at: claims, typ, exp, nbf, iat, iss, aud, sub')
    expect(stdout).not.toContain('ada')
    expect(stdout).toMatch(/\nrefused: bad_signature\n$/)
  })

  test('prints a mark, a reason and what to do next for each', async () => {
    const token = encode({ sub: 'ada', exp: now - 3 * 3600 }, key)
    const { code, stdout, stderr } = await runCli(['explain', token, ...bySecret], world)
    expect(code).toBe(1)
    expect(stdout).toContain('✓ signature made with that key')
    expect(stdout).toContain('✗ exp       claim "exp": the token has expired (expired 3 h ago, ')
    expect(stdout).toContain('            Next: Refresh it, or log in again.')
    expect(stdout).toContain('– sub       not asked for; the token says "ada"')
    expect(stderr).toBe('')
  })

  test('stops at the claims set when a registered claim is of the wrong kind', async () => {
    const token = await signCompact(JSON.stringify({ iss: 5, exp: now + 60 }), key)
    const explained = await explainJson(token, ...bySecret)
    expect(outcomes(explained, 'failed')).toEqual(['claims'])
    expect(outcomes(explained, 'not_reached')[0]).toBe('typ')
  })

  test('shows text of the token without its control characters', async () => {
    const token = encode({ sub: '\u001B[31m\u202Eada', exp: now + 60 }, key)
    const { stdout } = await runCli(['explain', token, ...bySecret], world)
    for (const character of ['\u001B', '\u202E']) expect(stdout).not.toContain(character)
  })

  test('takes the token from standard input, and then not the key', async () => {
    const piped = await runCli(['explain', '-', ...bySecret, '--any-audience'], {
      ...world,
      stdin: `${good}\n`,
    })
    expect(piped.code).toBe(0)
    expect((await runCli(['explain', '-', '--secret', '-'], world)).code).toBe(2)
  })

  test('says that keys cannot be reached as verify does, with exit code 3', async () => {
    const asked = ['--jwks', 'http://127.0.0.1:9/jwks.json', '--any-audience']
    const { code, stdout } = await runCli(['explain', good, ...asked], world)
    expect(code).toBe(3)
    expect(stdout).toContain('✗ key')
    expect(stdout).toMatch(/\nnot judged: keys_unavailable\n$/)
  })
})

describe('the first check that fails', () => {
  const tokens = {
    good,
    'no dots': 'eyJ',
    'another algorithm': encode({ exp: now + 60 }, secret('HS512', text + text)),
    changed: `${good.slice(0, -2)}AA`,
    'expired for another': encode({ aud: 'web', exp: now - 60 }, key),
    'not valid yet': encode({ aud: 'api', nbf: now + 600, exp: now + 900 }, key),
    'dates that contradict each other': encode({ aud: 'web', nbf: now + 900, exp: now - 60 }, key),
    'from the future': encode({ iat: now + 5000 }, key),
    'no claims': encode({}, key),
    old: encode({ aud: 'api', iat: now - 5000 }, key),
  }
  const options: readonly (readonly string[])[] = [
    [],
    ['--any-audience'],
    ['--audience', 'api'],
    ['--issuer', 'https://a', '--audience', 'api'],
    ['--subject', 'bob', '--max-age', '60'],
    ['--typ', 'at+jwt', '--clock-tolerance', '120'],
  ]
  test.each(Object.entries(tokens))(
    'of a token (%s) is the reason that verify gives',
    async (_name, token) => {
      for (const asked of options) {
        const verified = await runCli(['verify', token, ...bySecret, ...asked, '--json'], world)
        const explained = await runCli(['explain', token, ...bySecret, ...asked, '--json'], world)
        const { checks } = JSON.parse(explained.stdout) as Explained
        const { code } = JSON.parse(verified.stdout) as { code?: string }
        expect(checks.find(({ outcome }) => outcome === 'failed')?.code).toBe(code)
        expect(explained.code).toBe(verified.code)
      }
    },
  )
})
