import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { exportJwk, exportPem } from '../../src/jwk/export.ts'
import { importKey } from '../../src/jwk/import.ts'
import { pairFor } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'

const names = ['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'ES256K', 'Ed25519', 'Ed448', 'EdDSA'] as const
const spkiPem = (name: (typeof names)[number]): string =>
  pairFor(name).publicKey.export({ format: 'pem', type: 'spki' }) as string
const pkcs8Pem = (name: (typeof names)[number]): string =>
  pairFor(name).privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

describe.each(names)('PEM and DER of a key for %s', (algorithm) => {
  const { publicKey, privateKey, publicJwk, privateJwk } = pairFor(algorithm)

  test('are read and written', async () => {
    const open = await importKey(spkiPem(algorithm), { algorithm, type: 'public' })
    const own = await importKey(pkcs8Pem(algorithm), { algorithm, type: 'private', extractable: true })
    expect(await exportJwk(open)).toEqual({ ...publicJwk, use: 'sig' })
    expect(await exportJwk(own)).toEqual({ ...privateJwk, use: 'sig' })
    expect(await exportPem(open)).toBe(spkiPem(algorithm))
    expect(await exportPem(own)).toBe(pkcs8Pem(algorithm))
    expect(await exportPem(own.publicKey)).toBe(spkiPem(algorithm))
  })

  test('as bytes are DER, never PEM', async () => {
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }))
    expect(await importKey(spki, { algorithm })).toMatchObject({ type: 'public', algorithm })
    expect(await importKey(pkcs8, { algorithm })).toMatchObject({ type: 'private', algorithm })
    const pemBytes = new TextEncoder().encode(spkiPem(algorithm))
    expect(await outcomeLater(() => importKey(pemBytes, { algorithm }))).toBe('key_invalid')
  })
})

test('EC and Ed25519 keys name their algorithm by their curve; RSA keys must be told', async () => {
  expect(await importKey(spkiPem('ES384'))).toMatchObject({ algorithm: 'ES384' })
  expect(await importKey(pkcs8Pem('Ed25519'))).toMatchObject({ algorithm: 'Ed25519' })
  expect(await outcomeLater(() => importKey(spkiPem('RS256')))).toBe('option_invalid')
})

test.each([
  ['ES256', 'ES384'],
  ['ES384', 'ES256'],
  ['ES512', 'ES256'],
  ['RS256', 'ES256'],
  ['ES256', 'RS256'],
  ['ES256', 'Ed25519'],
  ['Ed25519', 'ES256'],
] as const)('a key of %s is refused for %s', async (name, algorithm) => {
  expect(await outcomeLater(() => importKey(spkiPem(name), { algorithm }))).toBe('key_invalid')
  expect(await outcomeLater(() => importKey(pkcs8Pem(name), { algorithm }))).toBe('key_invalid')
})

test.each(names)('the PEM of a %s key is refused for HMAC', async (name) => {
  expect(await outcomeLater(() => importKey(spkiPem(name), { algorithm: 'HS256' }))).toBe('key_invalid')
})

test('reads line ends of Windows and the escaped line feeds of an environment variable', async () => {
  const pem = spkiPem('ES256')
  for (const text of [pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '\\n'), `  ${pem}  `])
    expect(await outcomeLater(() => importKey(text))).toBe('accepted')
})

test.each([
  ['P-224', generateKeyPairSync('ec', { namedCurve: 'secp224r1' })],
  ['DSA', generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })],
  ['RSA restricted to PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
])('refuses keys of %s as unsupported', async (_name, { publicKey, privateKey }) => {
  const spki = publicKey.export({ format: 'pem', type: 'spki' }) as string
  const pkcs8 = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
  expect(await outcomeLater(() => importKey(spki))).toBe('unsupported')
  expect(await outcomeLater(() => importKey(pkcs8))).toBe('unsupported')
})

test('refuses a label that does not fit its content', async () => {
  const asPrivate = spkiPem('ES256').replaceAll('PUBLIC', 'PRIVATE')
  const asPublic = pkcs8Pem('ES256').replaceAll('PRIVATE', 'PUBLIC')
  expect(await outcomeLater(() => importKey(asPrivate))).toBe('key_invalid')
  expect(await outcomeLater(() => importKey(asPublic))).toBe('key_invalid')
})

test('refuses DER that was cut off, changed or lengthened, with one of our codes', async () => {
  const der = new Uint8Array(pairFor('ES256').publicKey.export({ format: 'der', type: 'spki' }))
  for (let length = 0; length < der.length; length += 7)
    expect(await outcomeLater(() => importKey(der.subarray(0, length)))).toBe('key_invalid')
  expect(await outcomeLater(() => importKey(Uint8Array.of(...der, 0)))).toBe('key_invalid')
  for (let at = 0; at < der.length; at += 1) {
    const outcome = await outcomeLater(() =>
      importKey(der.map((byte, index) => (index === at ? byte ^ 4 : byte))),
    )
    expect(['key_invalid', 'unsupported', 'accepted']).toContain(outcome)
  }
})
