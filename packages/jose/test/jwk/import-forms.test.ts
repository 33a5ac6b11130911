/** Every form of a key gives the key that Node reads from its plainest one: in PEM and in DER, with and without `node:crypto`. */
import { beforeAll, describe, expect, test } from 'vitest'
import { supports } from '../../src/jwa/supports.ts'
import type * as JwkRoom from '../../src/jwk/index.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { loadPortable } from '../portable.ts'
import { derOf, type Kind, kinds, passphrase, privateJwkOf, publicJwkOf, readPem } from './openssl-files.ts'

type Form = readonly [file: string, kind: Kind, half: 'private' | 'public']

const edwards = ['ed25519', 'ed448', 'x25519', 'x448'] as const
const elliptic = ['prime256v1', 'secp384r1', 'secp521r1', 'secp256k1'] as const

const forms: readonly Form[] = [
  ...kinds.flatMap(([kind]): Form[] => [
    [`${kind}.pkcs8`, kind, 'private'],
    [`${kind}.spki`, kind, 'public'],
  ]),
  ['rsa.pkcs1', 'rsa', 'private'],
  ['rsa.pkcs1-public', 'rsa', 'public'],
  ...['SHA1', 'SHA256', 'SHA384', 'SHA512', 'aes128', 'aes192'].map((name): Form => [
    `rsa.pbes2-${name}`,
    'rsa',
    'private',
  ]),
  ['rsa.certificate', 'rsa', 'public'],
  ['rsa.certificate-v1', 'rsa', 'public'],
  ['prime256v1.certificate', 'prime256v1', 'public'],
  ['ed25519.certificate', 'ed25519', 'public'],
  ...[...elliptic, ...edwards].map((kind): Form => [`${kind}.encrypted`, kind, 'private']),
  ...elliptic.flatMap((kind): Form[] => [
    [`${kind}.sec1`, kind, 'private'],
    [`${kind}.sec1-private-only`, kind, 'private'],
    [`${kind}.sec1-compressed`, kind, 'private'],
    [`${kind}.pkcs8-private-only`, kind, 'private'],
    [`${kind}.pkcs8-compressed`, kind, 'private'],
    [`${kind}.spki-compressed`, kind, 'public'],
  ]),
]

const algorithmOf = (kind: Kind) => kinds.find(([name]) => name === kind)![1]
const expected = (kind: Kind, half: 'private' | 'public'): Jwk =>
  half === 'private' ? privateJwkOf(kind) : publicJwkOf(kind)

async function read(room: typeof JwkRoom, source: string | Uint8Array, kind: Kind): Promise<Jwk> {
  const algorithm = algorithmOf(kind)
  const key = await room.importKey(source, { algorithm, extractable: true, passphrase })
  const { alg, use, ...jwk } = await room.exportJwk(key)
  expect(alg).toBe(algorithm)
  expect(use).toBe(algorithm === 'ECDH-ES' ? 'enc' : 'sig')
  return jwk
}

describe.each(['as the runtime is', 'with WebCrypto alone'] as const)('%s', (runtime) => {
  const isPortable = runtime === 'with WebCrypto alone'
  // WebCrypto has no secp256k1 anywhere.
  const readable = forms.filter(([, kind]) => !isPortable || kind !== 'secp256k1')
  let room: typeof JwkRoom

  beforeAll(async () => {
    const load = () => import('../../src/jwk/index.ts')
    room = isPortable ? await loadPortable(load) : await load()
  })

  test.each(readable)('%s is read', async (file, kind, half) => {
    const pem = readPem(file)
    expect(await read(room, pem, kind)).toEqual(expected(kind, half))
    expect(await read(room, derOf(pem), kind)).toEqual(expected(kind, half))
  })

  test.each(elliptic.filter((kind) => !isPortable || kind !== 'secp256k1'))(
    '%s: the EC PARAMETERS that openssl writes in front are read with the key',
    async (kind) => {
      expect(await read(room, readPem(`${kind}.parameters-sec1`), kind)).toEqual(expected(kind, 'private'))
    },
  )

  test.each(['prime256v1', 'secp384r1', 'secp521r1', 'rsa'] as const)(
    '%s keys may be for encryption as well',
    async (kind) => {
      const algorithm = kind === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW'
      const pem = readPem(kind === 'rsa' ? 'rsa.pkcs1' : `${kind}.sec1-private-only`)
      const key = await room.importKey(pem, { algorithm, extractable: true })
      expect(await room.exportJwk(key)).toEqual({ ...expected(kind, 'private'), alg: algorithm, use: 'enc' })
    },
  )

  test.each(kinds.filter(([kind]) => !isPortable || kind !== 'secp256k1'))(
    '%s: a key is written as openssl writes it',
    async (kind, algorithm) => {
      const key = await room.importKey(readPem(`${kind}.pkcs8`), { algorithm, extractable: true })
      expect(await room.exportPem(key)).toBe(readPem(`${kind}.pkcs8`))
      const publicKey = await room.importKey(readPem(`${kind}.spki`), { algorithm })
      expect(await room.exportPem(publicKey)).toBe(readPem(`${kind}.spki`))
      const openKey = key as JwkRoom.PrivateKey
      expect(await room.exportPem(openKey.publicKey)).toBe(readPem(`${kind}.spki`))
    },
  )

  test('a key of secp256k1 is unsupported where the runtime lacks the curve, never broken', async () => {
    for (const file of ['spki', 'pkcs8', 'sec1-private-only']) {
      const outcome = await room.importKey(readPem(`secp256k1.${file}`)).then(
        (key) => key.algorithm,
        (error: unknown) => (error as { code: string }).code,
      )
      expect(outcome).toBe(!isPortable && (await supports('ES256K')) ? 'ES256K' : 'unsupported')
    }
  })
})
