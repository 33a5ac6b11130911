/** RFC 7518 §3.5: the salt of a PSS signature is as long as the hash, the mask is MGF1 with the same hash. */
import { constants, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verifyBytes } from '../../src/crypto/signature.ts'
import { importKey } from '../../src/jwk/import.ts'
import { requireMaterial } from '../../src/jwk/key.ts'
import { pairFor } from '../forge.ts'

const data = Buffer.from('header.payload')
const hashes = { PS256: ['sha256', 32], PS384: ['sha384', 48], PS512: ['sha512', 64] } as const

describe.each(Object.entries(hashes))('%s', (algorithm, [hash, saltBytes]) => {
  const { privateKey, publicJwk } = pairFor(algorithm as 'PS256')
  const signed = (salt: number, name: string = hash): Uint8Array =>
    sign(name, data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt })

  test('takes a salt as long as its hash, and no other', async () => {
    const material = requireMaterial(await importKey(publicJwk, { type: 'public' }))
    expect(await verifyBytes(material, data, signed(saltBytes))).toBe(true)
    for (const salt of [0, 1, saltBytes - 1, saltBytes + 1, 20, 100, constants.RSA_PSS_SALTLEN_MAX_SIGN])
      expect(await verifyBytes(material, data, signed(salt))).toBe(false)
  })

  test('takes no other hash, and no PKCS #1 v1.5 padding', async () => {
    const material = requireMaterial(await importKey(publicJwk, { type: 'public' }))
    for (const other of ['sha1', 'sha256', 'sha384', 'sha512'].filter((name) => name !== hash))
      expect(await verifyBytes(material, data, signed(saltBytes, other))).toBe(false)
    expect(await verifyBytes(material, data, sign(hash, data, privateKey))).toBe(false)
  })
})
