/** T19–T26: keys that a header brings or points to, key IDs, addresses of keys (§4.3). */
import { afterEach, expect, test, vi } from 'vitest'
import { verifyDpopProof } from '../../src/dpop/index.ts'
import { importKey, type Jwk, type KeySet, secret, type VerificationKey } from '../../src/jwk/index.ts'
import { createLocalJwkSet, createRemoteJwkSet } from '../../src/jwks/index.ts'
import { decryptJwt, encryptJwt, verifyJwt } from '../../src/jwt/index.ts'
import { expected, proofWith } from '../dpop/proofs.ts'
import { forge, pairFor, segment, sharedBytes, sharedSecret, token } from '../forge.ts'
import { lockerFor } from '../jwe/keys.ts'
import { issuer, processOf } from '../jwks/issuers.ts'
import { outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

const policy = { issuer: null, audience: null, requireExp: false, typ: null } as const
const hmac = secret('HS256', sharedSecret)
const evil = pairFor('ES256', 'evil')
const signedByEvil = (header: object): string =>
  forge({ alg: 'ES256', ...header }, { sub: 'admin' }, { algorithm: 'ES256', key: evil.privateKey })

afterEach(() => vi.restoreAllMocks())

test('T19 CVE-2018-0114, CVE-2026-27962: a key in the header is never used, least of all where there is none', async () => {
  const key = await importKey(pairFor('ES256').publicJwk, { type: 'public' })
  const x5c = [evil.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')]
  for (const header of [{ jwk: evil.publicJwk }, { x5c }, { jwk: evil.publicJwk, kid: 'evil' }]) {
    const forged = signedByEvil(header)
    expect(await outcomeOfToken(forged, key)).toBe('bad_signature')
    for (const none of [null, undefined, { selectKeys: () => null }])
      expect(await outcomeOfToken(forged, none as unknown as VerificationKey)).toBe('key_invalid')
    expect(await outcomeOfToken(forged, { selectKeys: () => [] })).toBe('key_not_found')
  }
})

test('T20 CVE-2024-21643: nothing is fetched because a header says so', async () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('fetched'))

  const urls = { jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x.pem' }
  const asked: unknown[] = []
  const set: KeySet = {
    selectKeys: (selector) => {
      asked.push(selector)
      return [hmac]
    },
  }
  for (const key of [hmac, set]) {
    expect(await outcomeOfToken(token({}, urls), key)).toBe('accepted')
    expect(await outcomeLater(() => verifyJwt(token({}, urls), key, policy))).toBe('accepted')
  }
  const { lock, open } = await lockerFor('A256KW')
  const sealed = await encryptJwt({}, lock, { expiresIn: null, header: urls })
  expect(await outcomeLater(() => decryptJwt(sealed, open, policy))).toBe('accepted')
  expect(await outcomeOfToken(token({}, { jku: 5 }), hmac)).toBe('malformed')
  expect(fetch).not.toHaveBeenCalled()
  // A key set of the application does not hear of them either.
  expect(asked.every((selector) => JSON.stringify(selector) === '{"alg":"HS256"}')).toBe(true)
})

test('T21 CVE-2026-48522: keys come by https, or by http from this machine', () => {
  const bad = [
    'file:///etc/passwd',
    'data:application/json,{"keys":[]}',
    'blob:https://a.example/1',
    'ftp://a.example/',
    'javascript:1',
    'http://issuer.example/jwks',
    'http://169.254.169.254/latest',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'https://user:password@issuer.example/',
    '/jwks',
    'jwks',
    '',
  ]
  for (const source of bad) {
    expect([source, outcomeOf(() => createRemoteJwkSet(source))]).toEqual([source, 'option_invalid'])
    expect([source, outcomeOf(() => createRemoteJwkSet({ issuer: source }))]).toEqual([
      source,
      'option_invalid',
    ])
  }
  for (const source of [
    'https://issuer.example/jwks',
    'http://127.0.0.1:4480/jwks',
    'http://localhost/jwks',
    'http://[::1]/',
  ])
    expect([source, outcomeOf(() => createRemoteJwkSet(source))]).toEqual([source, 'accepted'])
})

test('T22 CVE-2026-102267: a redirect is not followed, wherever it leads', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of ['http://169.254.169.254/', 'https://issuer.example/other', '/other']) {
      const asked: string[] = []
      const set = createRemoteJwkSet('https://issuer.example/jwks', {
        fetch: (input, init) => {
          asked.push(`${input as string} ${init?.redirect}`)
          return Promise.resolve(new Response(null, { status, headers: { location } }))
        },
      })
      expect(await outcomeLater(() => set.reload())).toBe('keys_unavailable')
      expect(asked).toEqual(['https://issuer.example/jwks manual'])
    }
  }
})

test('T23 CVE-2026-81829: a key ID is compared, and means nothing else', async () => {
  const own = pairFor('ES256')
  const set = createLocalJwkSet({ keys: [{ ...own.publicJwk, kid: 'right' }] })
  const signed = (kid: unknown): string =>
    forge({ alg: 'ES256', kid }, {}, { algorithm: 'ES256', key: own.privateKey })
  const { ask } = processOf(issuer())
  const kids = [
    '../../dev/null',
    "' OR '1'='1",
    '\u0000',
    'right\u0000',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '$(id)',
    'Right',
    'right ',
    '',
    '%72ight',
    'k'.repeat(5000),
  ]
  for (const kid of kids) {
    expect([kid, await outcomeOfToken(signed(kid), set)]).toEqual([kid, 'key_not_found'])
    expect(['key_not_found', 'keys_unavailable']).toContain(await ask(kid))
  }
  for (const kid of [1, null, {}, ['right'], true])
    expect(await outcomeOfToken(signed(kid), set)).toBe('malformed')
  expect(await outcomeOfToken(signed('right'), set)).toBe('accepted')
})

test('T24 CVE-2026-48524: a thousand unknown key IDs cost one fetch, and the good one goes on through a failure', async () => {
  const state = issuer()
  const { set } = processOf(state)
  const ask = (kid: string): Promise<string> => outcomeLater(() => set.selectKeys({ alg: 'ES256', kid }))
  expect(await ask('a')).toBe('accepted')
  state.now += 60
  for (const down of [false, true]) {
    state.down = down
    state.now += 20
    const before = state.fetches
    for (let index = 0; index < 1000; index += 1) {
      const outcome = await ask(`random-${index}`)
      expect(down ? ['keys_unavailable'] : ['key_not_found', 'keys_unavailable']).toContain(outcome)
    }
    expect(state.fetches - before).toBe(1)
    expect(await ask('a')).toBe('accepted')
  }
})

test('T25 CVE-2026-102274, -102275: a malformed JWK, or one of two halves, is key_invalid', async () => {
  const rsa = pairFor('RS256').privateJwk
  const ec = pairFor('ES256').privateJwk
  const okp = pairFor('Ed25519').privateJwk
  const other = {
    rsa: pairFor('RS256', 'other').privateJwk,
    ec: evil.privateJwk,
    okp: pairFor('Ed25519', 'other').privateJwk,
  }
  const bad: unknown[] = [
    {},
    [],
    { kty: 'RSA', alg: 'RS256' },
    { kty: 5 },
    { kty: 'rsa' },
    { ...rsa, n: undefined },
    { ...rsa, e: 'AQ' },
    { ...rsa, n: 5 },
    { ...rsa, n: `${rsa.n}=` },
    { ...rsa, kid: 1 },
    { ...rsa, key_ops: 'sign' },
    { ...ec, x: 'AAAA' },
    { ...ec, crv: 'P-999' },
    { ...ec, y: ec.x },
    { ...okp, x: '' },
    { kty: 'oct', alg: 'HS256' },
    { ...okp, x: other.okp.x },
    { ...okp, d: other.okp.d },
    { ...ec, d: other.ec.d },
    { ...ec, x: other.ec.x, y: other.ec.y },
    { ...rsa, d: other.rsa.d },
    { ...rsa, n: other.rsa.n },
    { ...rsa, p: other.rsa.p },
  ]
  for (const [index, jwk] of bad.entries())
    expect([index, await outcomeLater(() => importKey(jwk as Jwk))]).toEqual([
      index,
      expect.stringMatching(/^(key_invalid|unsupported)$/),
    ])
  for (const jwk of [rsa, ec, okp]) expect(await outcomeLater(() => importKey(jwk))).toBe('accepted')
})

test('T26 CVE-2026-54431: a proof of possession that brings its private key is refused', async () => {
  expect(await outcomeLater(() => verifyDpopProof(proofWith(), expected))).toBe('accepted')
  const { alg: _alg, ...jwk } = pairFor('ES256').privateJwk
  for (const header of [
    { jwk },
    { jwk: { ...jwk, d: segment('x') } },
    { jwk: { kty: 'oct', k: segment(sharedBytes) } },
  ])
    expect(await outcomeLater(() => verifyDpopProof(proofWith({ header }), expected))).toBe('malformed')
})
