/** Published attacks on JWT libraries: header extensions, claims, size and depth. One row each. */
import { describe, expect, test } from 'vitest'
import { createRemoteJwkSet, createVerifier, decode, encode, secret, signJwt } from '../../src/index.ts'
import type { VerifyJwtOptions } from '../../src/index.ts'
import { forge, now, segment, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, now } as const
const verify = (value: string, options: Partial<VerifyJwtOptions> = {}): unknown =>
  createVerifier({ keys: key, ...policy, ...options }).verifySync(value)

type Row = readonly [advisories: string, attack: () => unknown, outcome: string]

const headerRows: Row[] = [
  [
    'CVE-2025-59420, CVE-2026-32597, CVE-2026-35042: an unknown critical extension',
    () => verify(token({}, { crit: ['x'], x: 1 })),
    'crit_unsupported',
  ],
  ['CVE-2026-35042: an empty crit', () => verify(token({}, { crit: [] })), 'malformed'],
  [
    'CVE-2026-48525, CVE-2026-48990: an unencoded payload in a JWT',
    () => verify(token({}, { crit: ['b64'], b64: false })),
    'crit_unsupported',
  ],
  ['CVE-2026-48525: b64 without crit', () => verify(token({}, { b64: false })), 'malformed'],
  ['CVE-2026-48522: keys from a file', () => createRemoteJwkSet('file:///etc/passwd'), 'option_invalid'],
  [
    'CVE-2026-48522: keys from a data URL',
    () => createRemoteJwkSet('data:application/json,{}'),
    'option_invalid',
  ],
]

const claimRows: Row[] = [
  [
    'CVE-2020-26160: an audience of no members',
    () => verify(token({ aud: [] }), { audience: 'api' }),
    'claim_invalid',
  ],
  [
    'CVE-2020-26160: an audience of empty text',
    () => verify(token({ aud: '' }), { audience: 'api' }),
    'claim_invalid',
  ],
  [
    'CVE-2024-53861: an issuer that contains the expected one',
    () => verify(token({ iss: 'acme-evil' }), { issuer: 'acme' }),
    'claim_invalid',
  ],
  [
    'CVE-2024-53861: an issuer that the expected one contains',
    () => verify(token({ iss: 'acm' }), { issuer: 'acme' }),
    'claim_invalid',
  ],
  [
    'CVE-2025-30144: a list of issuers',
    () => verify(token({ iss: ['acme', 'evil'] }), { issuer: 'acme' }),
    'claim_invalid',
  ],
  [
    'CVE-2025-62610: another audience',
    () => verify(token({ aud: 'other' }), { audience: 'api' }),
    'claim_invalid',
  ],
  [
    'CVE-2026-44459, CVE-2026-25537: nbf as text',
    () => verify(token({ nbf: '9999999999' })),
    'claim_invalid',
  ],
  ['CVE-2026-44459: exp as an object', () => verify(token({ exp: {} })), 'claim_invalid'],
  ['HSEC-2026-0010: exp with a fraction, just past', () => verify(token({ exp: now - 0.5 })), 'expired'],
  ['CVE-2026-107723: a list in place of claims', () => verify(token('["sub","admin"]')), 'malformed'],
  [
    'CVE-2026-107721: an infinite tolerance',
    () => verify(token({ exp: 1 }), { clockToleranceSeconds: Number.POSITIVE_INFINITY }),
    'option_invalid',
  ],
  [
    'CVE-2026-107721: a tolerance of NaN',
    () => verify(token({ exp: 1 }), { clockToleranceSeconds: Number.NaN }),
    'option_invalid',
  ],
  [
    'CVE-2026-107275: a lifetime that cannot be read',
    () => signJwt({}, key, { expiresIn: '1 fortnight' as '1w' }),
    'option_invalid',
  ],
  [
    'CVE-2026-107275: a lifetime without its unit',
    () => encode({}, key, { expiresIn: '10' as '10s' }),
    'option_invalid',
  ],
  [
    'CVE-2026-35041: a regular expression as an audience',
    () => verify(token({ aud: 'a' }), { audience: /(a+)+$/ as unknown as string }),
    'option_invalid',
  ],
  [
    'CVE-2026-35040: a stateful regular expression as an issuer',
    () => verify(token({ iss: 'a' }), { issuer: /a/g as unknown as string }),
    'option_invalid',
  ],
  [
    'duplicate claims, of which parsers take the first or the last',
    () => verify(token('{"sub":"user","sub":"admin"}')),
    'malformed',
  ],
]

const limitRows: Row[] = [
  ['CVE-2025-30204, CVE-2025-27144: twenty million dots', () => verify('.'.repeat(20_000_000)), 'too_large'],
  ['CVE-2025-61920: an oversized header', () => verify(token({}, { x: 'x'.repeat(12_000) })), 'too_large'],
  [
    'CVE-2025-61920: an oversized signature',
    () => verify(`${segment({ alg: 'HS256' })}.e30.${'A'.repeat(20_000)}`),
    'too_large',
  ],
  [
    'CVE-2025-53864, CVE-2026-116586: claims nested deeply',
    () => verify(token(`{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`)),
    'malformed',
  ],
  [
    'CVE-2026-102265: a header nested deeply',
    () => verify(forge(`{"alg":"HS256","a":${'{"a":'.repeat(800)}1${'}'.repeat(800)}}`, {})),
    'malformed',
  ],
  ['CVE-2026-116585: empty segments', () => verify('..'), 'malformed'],
  ['CVE-2026-116585: an empty payload', () => verify(token('')), 'malformed'],
  [
    'CVE-2026-102946: a general JWS without signatures',
    () => decode('{"payload":"e30","signatures":[]}', key),
    'malformed',
  ],
]

describe.each([
  ['header extensions and addresses', headerRows],
  ['claims', claimRows],
  ['size and depth', limitRows],
])('%s', (_family, rows) => {
  test.each(rows)('%s', async (_advisories, attack, outcome) => {
    expect(await outcomeLater(attack)).toBe(outcome)
  })
})

test('CVE-2025-65015: a refused token is not repeated in the message, whatever its size', () => {
  for (const value of [
    `${'x'.repeat(20_000)}.y.z`,
    `secretish.${'y'.repeat(50)}`,
    token({ exp: 1, sub: 'secretish' }),
  ]) {
    const { message, stack } = refusal(() => verify(value))
    expect(message.length).toBeLessThan(300)
    expect(`${message}${stack}`).not.toMatch(/xxxxx|yyyyy|secretish/)
  }
})

test('the honest tokens beside these attacks are taken', () => {
  const claims = { iss: 'acme', aud: ['x', 'api'], exp: now + 0.5, nbf: now, iat: now }
  expect(outcomeOf(() => verify(token(claims), { issuer: 'acme', audience: 'api' }))).toBe('accepted')
  expect(outcomeOf(() => verify(token({ x: 'x'.repeat(11_000) })))).toBe('accepted')
})
