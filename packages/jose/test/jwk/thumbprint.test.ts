import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { importKey } from '../../src/jwk/import.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { secret } from '../../src/jwk/secret.ts'
import { calculateThumbprint, calculateThumbprintUri, type ThumbprintHash } from '../../src/jwk/thumbprint.ts'
import { pairFor, sharedBytes } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

test('is that of the example in RFC 7638 §3.1', async () => {
  const jwk = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  }
  expect(await calculateThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

test('is that of the Ed25519 example in RFC 8037 Appendix A.3', async () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  expect(await calculateThumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test('has the required members of each key type, in order and without white space', async () => {
  const { x, y } = pairFor('ES384').publicJwk
  expect(await calculateThumbprint(pairFor('ES384').publicJwk)).toBe(
    sha256(`{"crv":"P-384","kty":"EC","x":"${x}","y":"${y}"}`),
  )
  const { n, e } = pairFor('RS256').publicJwk
  expect(await calculateThumbprint(pairFor('RS256').publicJwk)).toBe(
    sha256(`{"e":"${e}","kty":"RSA","n":"${n}"}`),
  )
  const k = Buffer.from(sharedBytes).toString('base64url')
  expect(await calculateThumbprint({ kty: 'oct', k })).toBe(sha256(`{"k":"${k}","kty":"oct"}`))
})

test.each(['RS256', 'ES512', 'Ed25519'] as const)(
  'is one for private JWK, public JWK and both keys of %s, whatever else they hold',
  async (algorithm) => {
    const { publicJwk, privateJwk } = pairFor(algorithm)
    const key = await importKey({ ...privateJwk, kid: 'x', use: 'sig' }, { type: 'private' })
    const reversed = Object.fromEntries(Object.entries(publicJwk).toReversed()) as unknown as Jwk
    const prints = await Promise.all(
      [publicJwk, privateJwk, reversed, key, key.publicKey].map((one) => calculateThumbprint(one)),
    )
    expect(new Set(prints).size).toBe(1)
  },
)

test('of a secret is that of its JWK', async () => {
  const k = Buffer.from(sharedBytes).toString('base64url')
  expect(await calculateThumbprint(secret('HS256', sharedBytes))).toBe(
    await calculateThumbprint({ kty: 'oct', k }),
  )
})

describe('refuses', () => {
  const { publicJwk } = pairFor('ES256')
  test.each([
    ['an EC key without crv', { ...publicJwk, crv: undefined }],
    ['an EC key without x', { ...publicJwk, x: undefined }],
    ['an EC key without y', { ...publicJwk, y: undefined }],
    ['an Ed25519 key without crv', { kty: 'OKP', x: publicJwk.x }],
    ['an RSA key without e', { kty: 'RSA', n: pairFor('RS256').publicJwk.n }],
    ['a secret without k', { kty: 'oct' }],
    ['a member with padding', { ...publicJwk, x: `${publicJwk.x}=` }],
    ['a member that is no text', { kty: 'oct', k: 5 }],
    ['an empty member', { kty: 'oct', k: '' }],
    ['no kty', { x: publicJwk.x }],
    ['text', 'EC'],
    ['null', null],
    ['undefined', undefined],
  ])('%s', async (_name, jwk) => {
    expect(await outcomeLater(() => calculateThumbprint(jwk as Jwk))).toBe('key_invalid')
  })

  test('a key type without a rule', async () => {
    expect(await outcomeLater(() => calculateThumbprint({ kty: 'LWE', pub: 'AAAA' }))).toBe('unsupported')
    expect(await outcomeLater(() => calculateThumbprint({ kty: 'constructor' }))).toBe('unsupported')
  })
})

test('is made with the hash that is asked for', async () => {
  const { x, y } = pairFor('ES256').publicJwk
  const text = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`
  for (const [hash, node] of [
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ] as const) {
    const expected = createHash(node).update(text).digest('base64url')
    expect(await calculateThumbprint(pairFor('ES256').publicJwk, hash)).toBe(expected)
    expect(await calculateThumbprintUri(pairFor('ES256').publicJwk, hash)).toBe(
      `urn:ietf:params:oauth:jwk-thumbprint:${hash.toLowerCase()}:${expected}`,
    )
  }
})

test('is a URI, that of the example in RFC 9278 §6', async () => {
  const jwk = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
  }
  const uri = 'urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'
  expect(await calculateThumbprintUri(jwk)).toBe(uri)
  expect(await calculateThumbprintUri(await importKey(jwk, { algorithm: 'PS256' }))).toBe(uri)
})

test.each(['SHA-1', 'sha-256', 'MD5', '', null, 256, {}])('knows no hash %j', async (hash) => {
  const jwk = pairFor('ES256').publicJwk
  expect(await outcomeLater(() => calculateThumbprint(jwk, hash as ThumbprintHash))).toBe('option_invalid')
  expect(await outcomeLater(() => calculateThumbprintUri(jwk, hash as ThumbprintHash))).toBe('option_invalid')
})
