/** Keys of ML-DSA (RFC 9964, `kty: AKP`). */
import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isNode, nodeCrypto } from '../../src/crypto/node-crypto.ts'
import { exportJwk, exportPem } from '../../src/jwk/export.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { calculateThumbprint } from '../../src/jwk/thumbprint.ts'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { decode } from '../../src/jwt/decode.ts'
import { hasMlDsa, mlDsaAlgorithms, pairFor } from '../forge.ts'
import { decodeLater, encodeLater, outcomeOfToken } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'
import { describeVectors, type RfcVector } from '../vectors.ts'

const octets = (length: number): string => Buffer.alloc(length, 7).toString('base64url')
const jwk44 = { kty: 'AKP', alg: 'ML-DSA-44', pub: octets(1312) }

describe('an AKP key is refused', () => {
  test.each([
    ['without alg', { kty: 'AKP', pub: octets(1312) }, 'option_invalid'],
    ['with the alg of another type of key', { ...jwk44, alg: 'ES256' }, 'key_invalid'],
    ['with an unknown alg', { ...jwk44, alg: 'ML-DSA-128' }, 'unsupported'],
    ['without pub', { kty: 'AKP', alg: 'ML-DSA-44' }, 'key_invalid'],
    ['with a pub of another parameter set', { ...jwk44, pub: octets(1952) }, 'key_invalid'],
    ['with a private key that is no seed', { ...jwk44, priv: octets(2560) }, 'key_invalid'],
    ['for encryption', { ...jwk44, use: 'enc' }, 'key_invalid'],
  ] as const)('%s', async (_name, jwk, code) => {
    expect(await outcomeLater(() => importKey(jwk))).toBe(code)
  })

  test('for an option that names another parameter set, or names one that the key leaves out', async () => {
    expect(await outcomeLater(() => importKey(jwk44, { algorithm: 'ML-DSA-65' }))).toBe('key_invalid')
    const bare = { kty: 'AKP', pub: octets(1312) }
    expect(await outcomeLater(() => importKey(bare, { algorithm: 'ML-DSA-44' }))).toBe('key_invalid')
  })

  test('in a JWK Set, when it is private', () => {
    const keys = [{ ...jwk44, priv: octets(32) }]
    expect(outcomeOf(() => createLocalJwkSet({ keys }))).toBe('key_invalid')
  })

  test.each([undefined, 5, '', 'ML DSA'])('by a thumbprint, with alg %j', async (alg) => {
    expect(await outcomeLater(() => calculateThumbprint({ ...jwk44, alg } as Jwk))).toBe('key_invalid')
  })
})

test.runIf(!hasMlDsa)('a good AKP key is unsupported where the runtime has no ML-DSA', async () => {
  expect(await outcomeLater(() => importKey(jwk44))).toBe('unsupported')
})

describeVectors<RfcVector[]>({ path: 'rfc/rfc9964.json', count: 2 }, (vectors) => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    const jwk = vector.key as Jwk
    expect(await calculateThumbprint(jwk)).toBe(jwk.kid)
    if (!hasMlDsa) return expect(await outcomeLater(() => importKey(jwk))).toBe('unsupported')
    const key = await importKey(jwk, { extractable: true, type: 'private' })
    expect(await exportJwk(key)).toEqual({ ...jwk, use: 'sig' })
    const token = String(vector.expected['compact'])
    // The payload of the example is text and no claims set: the signature is good, and then it is malformed.
    expect(await outcomeOfToken(token, key.publicKey)).toBe('malformed')
    expect(await outcomeOfToken(`${token.slice(0, -4)}AAAA`, key.publicKey)).toBe('bad_signature')
  })
})

describe.runIf(hasMlDsa)('a token with a post-quantum signature', () => {
  test.each(mlDsaAlgorithms)('%s may have 64 KiB, and no more', async (algorithm) => {
    const key = await importKey(pairFor(algorithm).privateJwk, { type: 'private' })
    const token = await encodeLater({ data: 'x'.repeat(40_000) }, key)
    expect(token.length).toBeGreaterThan(50_000)
    expect((await decodeLater(token, key.publicKey))['data']).toHaveLength(40_000)
    expect(await outcomeLater(() => encodeLater({ data: 'x'.repeat(50_000) }, key))).toBe('too_large')
    expect(await outcomeOfToken(`${token}${'A'.repeat(20_000)}`, key.publicKey)).toBe('too_large')
  })

  test('is read from a JWK Set in which other algorithms keep their 16 KiB', async () => {
    const key = await importKey(pairFor('ML-DSA-44').privateJwk, { type: 'private' })
    const other = await importKey(pairFor('ES256').privateJwk, { type: 'private' })
    const keys = createLocalJwkSet({ keys: [pairFor('ML-DSA-44').publicJwk, pairFor('ES256').publicJwk] })
    expect(await decodeLater(await encodeLater({ a: 1 }, key), keys)).toEqual({ a: 1 })
    const [header] = (await encodeLater({ a: 1 }, other)).split('.')
    const long = `${header}.${Buffer.from(JSON.stringify({ a: 'x'.repeat(15_000) })).toString('base64url')}.AAAA`
    expect(outcomeOf(() => decode(long, keys))).toBe('too_large')
  })

  test.each(mlDsaAlgorithms)('%s keys travel as PEM, to openssl and back', async (algorithm) => {
    const { privateJwk, publicJwk, privateKey, publicKey } = pairFor(algorithm)
    // openssl writes the seed and the expanded key; the seed is what counts (RFC 9881 §6).
    const both = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    const spki = publicKey.export({ format: 'pem', type: 'spki' }) as string
    const own = await importKey(both, { extractable: true, type: 'private' })
    expect(await exportJwk(own)).toEqual({ ...privateJwk, use: 'sig' })
    expect(createPrivateKey(await exportPem(own)).equals(privateKey)).toBe(true)
    expect(await exportPem(own.publicKey)).toBe(spki)
    const key = await importKey(privateJwk, { type: 'private', extractable: true })
    expect(await exportJwk(await importKey(await exportPem(key), { extractable: true }))).toEqual({
      ...privateJwk,
      use: 'sig',
    })
    expect(await exportJwk(await importKey(await exportPem(key.publicKey)))).toEqual({
      ...publicJwk,
      use: 'sig',
    })
  })
})

/** Node.js 24 writes seed and expanded key, Node.js 26 the seed alone. */
const filesWithBoth = (hasMlDsa ? mlDsaAlgorithms : []).flatMap((algorithm) => {
  const der = pairFor(algorithm).privateKey.export({ format: 'der', type: 'pkcs8' })
  return der.length > 100 ? [[algorithm, der] as const] : []
})

test.each(filesWithBoth)(
  'a file with seed and expanded key of %s is key_invalid when the expanded one is that of another seed (RFC 9881 §8.2)',
  async (algorithm, der) => {
    const changedAt = (place: number): Uint8Array =>
      Uint8Array.from(der, (octet, at) => (at === place ? octet ^ 1 : octet))
    expect(await outcomeLater(() => importKey(new Uint8Array(der)))).toBe('accepted')
    // In ρ, which the public key has too.
    expect(await outcomeLater(() => importKey(changedAt(80)))).toBe('key_invalid')
    // In what only who expands the seed can compare, as Node.js does; the key is that of its seed in any case.
    const taken = await importKey(changedAt(der.length - 5), { extractable: true }).catch(() => undefined)
    if (isNode && nodeCrypto !== undefined) expect(taken).toBeUndefined()
    if (taken !== undefined) expect((await exportJwk(taken)).pub).toBe(pairFor(algorithm).publicJwk.pub)
  },
)

test('a token of another algorithm is refused above 16 KiB under a key set, before its signature', async () => {
  const keys = createLocalJwkSet({ keys: [pairFor('ES256').publicJwk] })
  const header = Buffer.from('{"alg":"ES256"}').toString('base64url')
  expect(outcomeOf(() => decode(`${header}.${'A'.repeat(16_384)}.AAAA`, keys))).toBe('too_large')
})
