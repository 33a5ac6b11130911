/** T27–T38: crit, b64, and claims that pass because of their type (§4.4). */
import { expect, test } from 'vitest'
import { secret } from '../../src/jwk/index.ts'
import { verifyCompact, verifyFlattened } from '../../src/jws/index.ts'
import { createVerifier, encode, signJwt, verifyJwt, type VerifyJwtOptions } from '../../src/jwt/index.ts'
import { forge, now, segment, sharedBytes, sharedSecret, signatureOf, token } from '../forge.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: null, audience: null, requireExp: false, now } as const
const verify = (value: string, options: Partial<VerifyJwtOptions> = {}): Promise<string> =>
  outcomeLater(() => verifyJwt(value, key, { ...policy, ...options }))
const make = (options: object): string =>
  outcomeOf(() => createVerifier({ keys: key, ...policy, ...options }))

test('T27 CVE-2025-59420, CVE-2026-32597, CVE-2026-35042: crit is obeyed to the letter', async () => {
  expect(await verify(token({}, { crit: ['x'], x: 1 }))).toBe('crit_unsupported')
  const bad: object[] = [
    { crit: [] },
    { crit: 'x', x: 1 },
    { crit: { x: 1 } },
    { crit: null },
    { crit: [5] },
    { crit: ['x', 'x'], x: 1 },
    { crit: ['x'] },
    { crit: ['alg'] },
    { crit: ['kid'], kid: 'a' },
    { crit: ['crit'] },
    { crit: ['__proto__'] },
  ]
  for (const header of bad)
    expect([header, await verify(token({}, header as Record<string, unknown>))]).toEqual([
      header,
      'malformed',
    ])
  const encoded = segment({ alg: 'HS256' })
  const payload = segment('x')
  const signature = segment(signatureOf('HS256', sharedBytes, `${encoded}.${payload}`))
  const unprotected = { protected: encoded, payload, signature, header: { crit: ['x'], x: 1 } }
  expect(await outcomeLater(() => verifyFlattened(unprotected, key))).toBe('malformed')
  const declared = token({}, { crit: ['x'], x: 1 })
  expect(await outcomeLater(() => verifyCompact(declared, key, { crit: ['x'] }))).toBe('accepted')
})

test('T28 CVE-2026-48525, CVE-2026-48990: b64 of false is no way around the encoding, or the limits', async () => {
  expect(await verify(token({}, { b64: false }))).toBe('malformed')
  expect(await verify(token({}, { b64: true }))).toBe('malformed')
  expect(await verify(token({}, { crit: ['b64'], b64: false }))).toBe('crit_unsupported')
  expect(await verify(token({}, { crit: ['b64'], b64: 'false' }))).toBe('malformed')
  const header = segment({ alg: 'HS256', crit: ['b64'], b64: false })
  const detached = (text: string): string =>
    `${header}..${segment(signatureOf('HS256', sharedBytes, `${header}.${text}`))}`
  expect(await outcomeLater(() => verifyCompact(detached('a.b'), key, { payload: 'a.b' }))).toBe('accepted')
  expect(await outcomeLater(() => verifyCompact(detached('a.b'), key, { payload: 'a.c' }))).toBe(
    'bad_signature',
  )
  expect(await verify(detached('{}'))).not.toBe('accepted')
  const inside = `${header}.${'x'.repeat(20_000)}.${segment('y')}`
  expect(await outcomeLater(() => verifyCompact(inside, key))).toBe('too_large')
})

test('T29 CVE-2020-26160: an audience of nothing, or of another type, is not the one expected', async () => {
  for (const aud of [
    [],
    [''],
    '',
    0,
    null,
    {},
    [1],
    [['api']],
    { 0: 'api' },
    [null],
    ['api', 5],
    true,
    'API',
    'api ',
    'ap',
    ['xapi'],
  ])
    expect([aud, await verify(token({ aud }), { audience: 'api' })]).toEqual([aud, 'claim_invalid'])
  expect(await verify(token({}), { audience: 'api' })).toBe('claim_missing')
  for (const aud of ['api', ['x', 'api']])
    expect(await verify(token({ aud }), { audience: 'api' })).toBe('accepted')
  for (const audience of ['', [], [''], undefined, 5, {}]) expect(make({ audience })).toBe('option_invalid')
})

test('T30 CVE-2024-53861: an issuer is the same text, not a part of it', async () => {
  for (const iss of [
    'acme-evil',
    'evil-acme',
    'acm',
    'a',
    'ACME',
    'acme ',
    'acme/',
    '',
    'acme,evil',
    'acme\u0000',
  ])
    expect([iss, await verify(token({ iss }), { issuer: 'acme' })]).toEqual([iss, 'claim_invalid'])
  for (const iss of ['acme', 'other'])
    expect(await verify(token({ iss }), { issuer: ['acme', 'other'] })).toBe('accepted')
  expect(await verify(token({ iss: 'acmeother' }), { issuer: ['acme', 'other'] })).toBe('claim_invalid')
})

test('T31 CVE-2025-30144: iss, sub, jti and azp are text', async () => {
  for (const name of ['iss', 'sub', 'jti']) {
    for (const value of [['me'], ['me', 'evil'], { me: 1 }, 5, true, null])
      expect([
        name,
        value,
        await verify(token({ [name]: value }), name === 'iss' ? { issuer: 'me' } : {}),
      ]).toEqual([name, value, 'claim_invalid'])
  }
  expect(await verify(token({ sub: ['alice'] }), { subject: 'alice' })).toBe('claim_invalid')
  const idToken = { profile: 'id_token', issuer: 'me', audience: 'api', now } as const
  const claims = { iss: 'me', aud: ['api', 'b'], sub: 'a', exp: now + 9, iat: now }
  const accept = (azp: unknown): Promise<string> =>
    outcomeLater(() => verifyJwt(token({ ...claims, azp }), key, idToken as unknown as VerifyJwtOptions))
  for (const azp of [['api'], {}, 5]) expect(await accept(azp)).toBe('claim_invalid')
})

test('T32 CVE-2025-62610: a verifier with an audience refuses tokens for another, and tokens for nobody', async () => {
  const verifier = createVerifier({ keys: key, ...policy, audience: 'https://api.example' })
  const outcome = (claims: object): Promise<string> => outcomeLater(() => verifier.verify(token(claims)))
  expect(await outcome({ aud: 'https://api.example' })).toBe('accepted')
  expect(await outcome({ aud: 'https://other.example' })).toBe('claim_invalid')
  expect(await outcome({ aud: ['https://other.example'] })).toBe('claim_invalid')
  expect(await outcome({})).toBe('claim_missing')
})

test('T33 CVE-2026-44459, CVE-2026-25537, HSEC-2026-0010: times are finite JSON numbers, fractions included', async () => {
  const wrong = [
    '1539517391',
    '9999999999',
    '',
    null,
    {},
    [],
    [9_999_999_999],
    true,
    'NaN',
    1_800_000_000_000,
  ]
  for (const name of ['exp', 'nbf', 'iat']) {
    for (const value of wrong)
      expect([name, value, await verify(token({ [name]: value }))]).toEqual([name, value, 'claim_invalid'])
    for (const text of ['1e400', '-1e400', '1e309'])
      expect([name, text, await verify(token(`{"${name}":${text}}`))]).toEqual([
        name,
        text,
        expect.stringMatching(/^(malformed|claim_invalid)$/),
      ])
    for (const text of ['NaN', 'Infinity', '-Infinity', '0x10', '1_000', '01'])
      expect([name, text, await verify(token(`{"${name}":${text}}`))]).toEqual([name, text, 'malformed'])
  }
  expect(await verify(token({}), { requireExp: true })).toBe('claim_missing')
  for (const exp of [0, -1, now - 30, now - 0.5, now]) expect(await verify(token({ exp }))).toBe('expired')
  expect(await verify(token({ exp: now + 0.5 }))).toBe('accepted')
  expect(await verify(token({ nbf: now + 0.5 }))).toBe('not_yet_valid')
  expect(await verify(token({ iat: now + 61 }))).toBe('not_yet_valid')
})

test('T34 CVE-2026-107723: claims are an object, and nothing that looks like one', async () => {
  for (const payload of [
    '[1,2]',
    '"text"',
    '42',
    'null',
    'true',
    '[{"sub":"admin","exp":9999999999}]',
    '{',
    '',
    ' ',
    '{}{}',
    '{"sub":"a"}x',
  ])
    expect([payload, await verify(token(payload))]).toEqual([payload, 'malformed'])
  expect(await verify(token('{}'))).toBe('accepted')
})

test('T35 CVE-2026-107721: a tolerance is a finite number that is not negative', () => {
  for (const name of ['clockToleranceSeconds', 'maxAgeSeconds'])
    for (const value of [Infinity, -Infinity, Number.NaN, -1, '60', null, undefined, [60], 1e12])
      expect([name, value, make({ [name]: value })]).toEqual([name, value, 'option_invalid'])
  expect(make({ clockToleranceSeconds: 60 })).toBe('accepted')
})

test('T36 CVE-2026-107275: a lifetime that cannot be read signs nothing', async () => {
  for (const expiresIn of [
    '1 fortnight',
    '',
    '10',
    'ten minutes',
    '15 m',
    '1h30m',
    '-1h',
    Number.NaN,
    Infinity,
    0,
    -5,
    {},
    [60],
    true,
  ]) {
    const options = { expiresIn } as { expiresIn: number }
    expect([expiresIn, outcomeOf(() => encode({}, key, options))]).toEqual([expiresIn, 'option_invalid'])
    expect([expiresIn, await outcomeLater(() => signJwt({}, key, options))]).toEqual([
      expiresIn,
      'option_invalid',
    ])
  }
  expect(await outcomeLater(() => signJwt({}, key, { expiresIn: '15m' }))).toBe('accepted')
})

test('T37 CVE-2026-35041, CVE-2026-35040: there are no regular expressions in a policy', () => {
  for (const name of ['issuer', 'audience', 'subject', 'typ'])
    for (const value of [/a/, /a/g, /(a+)+$/y, [/a/]])
      expect([name, make({ [name]: value })]).toEqual([name, 'option_invalid'])
})

test('T38 CVE-2024-51744: a forged token is forged, whatever else is wrong with it', async () => {
  for (const claims of [{ exp: 1 }, { nbf: now + 99 }, { iss: 'evil' }, { exp: 'soon' }, { aud: [] }, {}]) {
    const forged = forge({ alg: 'HS256' }, claims, { key: new Uint8Array(32).fill(9) })
    expect(await verify(forged, { issuer: 'me', audience: 'api', requireExp: true })).toBe('bad_signature')
  }
})
