/** T1–T11: the header chooses the verifier, `none`, keys of the wrong sort (research on published incidents, §4.1). */
import { expect, test } from 'vitest'
import { isJoseError } from '../../src/errors.ts'
import { encryptCompact, type JweHeader } from '../../src/jwe/index.ts'
import { importKey, type Jwk, type KeySet, secret, type VerificationKey } from '../../src/jwk/index.ts'
import { createLocalJwkSet } from '../../src/jwks/index.ts'
import { verifyFlattened } from '../../src/jws/index.ts'
import { createVerifier, decryptJwt, openJwt, verifyJwt } from '../../src/jwt/index.ts'
import type { asymmetricAlgorithms } from '../forge.ts'
import {
  algorithms,
  forge,
  pairFor,
  segment,
  sharedBytes,
  sharedSecret,
  signatureOf,
  token,
} from '../forge.ts'
import { keyEncodings } from '../jwk/key-encodings.ts'
import { lockerFor } from '../jwe/keys.ts'
import { outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const policy = { issuer: null, audience: null, requireExp: false, typ: null } as const
const hmac = secret('HS256', sharedSecret)
const publicKeyFor = (algorithm: (typeof asymmetricAlgorithms)[number]) =>
  importKey(pairFor(algorithm).publicJwk, { algorithm, type: 'public' })
const keyFor = async (algorithm: (typeof algorithms)[number]): Promise<VerificationKey> =>
  algorithm.startsWith('HS')
    ? secret(algorithm as 'HS256', sharedSecret)
    : publicKeyFor(algorithm as (typeof asymmetricAlgorithms)[number])

/** Whether a key reads the algorithm: its own, and the older name of the Edwards curves. */
const reads = (own: string, alg: string): boolean =>
  own === alg || (alg === 'EdDSA' && own.startsWith('Ed')) || (own === 'EdDSA' && alg === 'Ed25519')

test('T1 CVE-2015-9235: an algorithm that is not the key’s is refused before any cryptography', async () => {
  for (const own of algorithms) {
    const key = await keyFor(own)
    for (const alg of algorithms) {
      const unsigned = `${segment({ alg })}.${segment({})}.${segment('no signature at all')}`
      const expected = reads(own, alg) ? 'bad_signature' : 'alg_not_allowed'
      expect([own, alg, await outcomeOfToken(unsigned, key)]).toEqual([own, alg, expected])
    }
  }
})

test('T2 CVE-2019-7644: none is refused in every case and disguise, with any signature and any key', async () => {
  const cases = Array.from({ length: 16 }, (_, bits) =>
    Array.from('none', (letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
  )
  const disguises = [
    'none ',
    ' none',
    'none\n',
    'no\u0000ne',
    'n\u043ene',
    '\uff4eone',
    'none\u200b',
    'NONE\t',
    '',
    'null',
  ]
  const set = createLocalJwkSet({ keys: [pairFor('ES256').publicJwk] })
  for (const alg of [...cases, ...disguises]) {
    const input = `${segment({ alg, kid: 'x' })}.${segment({ sub: 'admin' })}`
    for (const signature of ['', segment(''), segment(signatureOf('HS256', sharedBytes, input))]) {
      for (const key of [hmac, await keyFor('ES256'), set])
        expect([alg, await outcomeOfToken(`${input}.${signature}`, key)]).toEqual([alg, 'alg_not_allowed'])
    }
  }
})

test('T3 CVE-2022-23539 to -23541: a key of another kind, and no key at all', async () => {
  const foreign: [Jwk, string][] = [
    [pairFor('ES384').publicJwk, 'ES256'],
    [pairFor('RS256').publicJwk, 'ES256'],
    [pairFor('ES256').publicJwk, 'RS256'],
    [pairFor('Ed25519').publicJwk, 'ES256'],
    [{ kty: 'DSA', alg: 'ES256' }, 'ES256'],
  ]
  for (const [{ alg: _alg, ...jwk }, algorithm] of foreign)
    expect(await outcomeLater(() => importKey(jwk as Jwk, { algorithm: algorithm as 'ES256' }))).toMatch(
      /^(key_invalid|unsupported)$/,
    )
  for (const nothing of [undefined, null, '', 0, false, Number.NaN]) {
    const found: KeySet = { selectKeys: () => nothing as unknown as VerificationKey[] }
    const among: KeySet = { selectKeys: () => [nothing] as unknown as VerificationKey[] }
    for (const key of [found, among]) expect(await outcomeOfToken(token({}), key)).toBe('key_invalid')
    const alone = nothing as unknown as VerificationKey
    // Empty text could be an HMAC secret, of an algorithm that is not named.
    expect(await outcomeOfToken(token({}), alone)).toBe(nothing === '' ? 'option_invalid' : 'key_invalid')
  }
  expect(await outcomeOfToken(token({}), { selectKeys: () => [] })).toBe('key_not_found')
})

test('T4 CVE-2020-15084: a raw key without a list of algorithms fails when the verifier is made', () => {
  const make = (more: object): string =>
    outcomeOf(() => createVerifier({ keys: sharedSecret, ...policy, ...more }))
  expect(make({})).toBe('option_invalid')
  expect(make({ algorithms: [] })).toBe('option_invalid')
  expect(make({ algorithms: ['HS256', 'RS256'] })).toBe('option_invalid')
  expect(make({ algorithms: ['HS256'] })).toBe('accepted')
})

test('T5 CVE-2022-29217, CVE-2026-102268 and their like: a public key in any dress is no HMAC secret', async () => {
  expect(keyEncodings.length).toBeGreaterThan(150)
  for (const [name, source] of keyEncodings) {
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      const outcome = outcomeOf(() => secret(algorithm, source, { allowWeakKey: true }))
      expect([name, outcome]).toEqual([name, 'key_invalid'])
    }
    const raw = source as unknown as VerificationKey
    expect([name, await outcomeOfToken(token({}), raw, { algorithms: ['HS256'] })]).toEqual([
      name,
      'key_invalid',
    ])
  }
})

test('T6 CVE-2026-22817, -22818: a JWK without alg gives no HMAC key, and a JWK Set no secret', async () => {
  const { alg: _alg, ...bare } = pairFor('RS256').publicJwk
  const secretJwk = { kty: 'oct', k: segment(sharedBytes), kid: 'shared' }
  const set = createLocalJwkSet({ keys: [bare as Jwk, secretJwk] })
  for (const header of [{}, { kid: 'shared' }])
    expect(await outcomeOfToken(token({}, header), set)).toBe('key_not_found')
  expect(outcomeOf(() => createLocalJwkSet({ keys: [secretJwk] }))).toBe('key_invalid')
})

test('T7 CVE-2026-48523: a list of algorithms binds every kind of key', async () => {
  const rsa = pairFor('RS256')
  const good = forge({ alg: 'RS256' }, {}, { algorithm: 'RS256', key: rsa.privateKey })
  const imported = await publicKeyFor('RS256')
  const kinds: (VerificationKey | KeySet)[] = [
    imported,
    createLocalJwkSet({ keys: [rsa.publicJwk] }),
    { selectKeys: () => [imported] },
  ]
  for (const key of kinds) {
    expect(await outcomeOfToken(good, key, { algorithms: ['RS256'] })).toBe('accepted')
    expect(await outcomeOfToken(good, key, { algorithms: ['RS512', 'ES256'] })).toBe('alg_not_allowed')
  }
  for (const key of [hmac, sharedSecret as unknown as VerificationKey])
    expect(await outcomeOfToken(token({}), key, { algorithms: ['HS384'] })).toBe('alg_not_allowed')
})

test('T8 GHSA-jc38-x7x8-2xc8: alg, crit and b64 come from the protected header alone', async () => {
  const payload = segment('x')
  const sign = (header: object): { payload: string; protected: string; signature: string } => {
    const encoded = segment(header)
    return {
      payload,
      protected: encoded,
      signature: segment(signatureOf('HS256', sharedBytes, `${encoded}.${payload}`)),
    }
  }
  const good = sign({ alg: 'HS256' })
  expect(await outcomeLater(() => verifyFlattened(good, hmac))).toBe('accepted')
  for (const header of [
    { alg: 'HS256' },
    { alg: 'none' },
    { crit: ['x'], x: 1 },
    { b64: false },
    { crit: [] },
  ])
    expect(await outcomeLater(() => verifyFlattened({ ...good, header }, hmac))).toBe('malformed')
  for (const [protectedHeader, header] of [
    [{}, { alg: 'HS256' }],
    [{ alg: 'HS256', kid: 'a' }, { kid: 'a' }],
  ] as const)
    expect(await outcomeLater(() => verifyFlattened({ ...sign(protectedHeader), header }, hmac))).toBe(
      'malformed',
    )
})

test('T9 CVE-2021-46743: a key ID leads to no key of another algorithm', async () => {
  const rsa = await importKey({ ...pairFor('RS256').publicJwk, kid: 'rsa' }, { type: 'public' })
  const keys: Readonly<Record<string, VerificationKey>> = { rsa, hmac }
  const byKid: KeySet = { selectKeys: ({ kid = '' }) => [keys[kid]].flatMap((key) => key ?? []) }
  const rsaToken = (kid: string): string =>
    forge({ alg: 'RS256', kid }, {}, { algorithm: 'RS256', key: pairFor('RS256').privateKey })
  expect(await outcomeOfToken(rsaToken('rsa'), byKid)).toBe('accepted')
  expect(await outcomeOfToken(token({}, { kid: 'hmac' }), byKid)).toBe('accepted')
  expect(await outcomeOfToken(rsaToken('hmac'), byKid)).toBe('alg_not_allowed')
  expect(await outcomeOfToken(token({}, { kid: 'rsa' }), byKid)).toBe('alg_not_allowed')
})

test('T10 CVE-2026-23993: an unknown algorithm does not match an empty signature', async () => {
  for (const alg of ['XX256', 'HS1', 'hs256', 'HS256 ', 'constructor', '__proto__', 'toString']) {
    for (const key of [hmac, await keyFor('ES256')])
      expect(await outcomeOfToken(`${segment({ alg })}.${segment({})}.`, key)).toBe('alg_not_allowed')
  }
})

test('T11 CVE-2021-44878, CVE-2026-29000: a token inside an encrypted one has to be signed', async () => {
  const { lock, open } = await lockerFor('A256KW')
  const wrap = (inner: string, header: JweHeader = { cty: 'JWT' } as JweHeader): Promise<string> =>
    encryptCompact(inner, lock, { header })
  const unwrap = (nested: string) =>
    openJwt(nested, { decryptWith: open, verifyWith: hmac, ...policy }).then(
      () => 'accepted',
      (error: unknown) => (isJoseError(error) ? error.code : String(error)),
    )
  expect(await unwrap(await wrap(token({ sub: 'a' })))).toBe('accepted')
  const unsigned = `${segment({ alg: 'none' })}.${segment({ sub: 'admin' })}.`
  expect(await unwrap(await wrap(unsigned))).toBe('alg_not_allowed')
  for (const inner of [JSON.stringify({ sub: 'admin' }), await wrap(token({})), '', 'a.b.c'])
    expect(await unwrap(await wrap(inner))).toBe('malformed')
  expect(await unwrap(await wrap(JSON.stringify({ sub: 'admin' }), {} as JweHeader))).toBe('malformed')
  for (const inner of [unsigned, token({ sub: 'a' })])
    expect(await outcomeLater(async () => decryptJwt(await wrap(inner), open, policy))).toBe('malformed')
  expect(await outcomeLater(async () => verifyJwt(await wrap(token({})), hmac, policy))).toBe('malformed')
})
