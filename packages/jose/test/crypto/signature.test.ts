import { createSign, verify as nodeVerify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signBytes, verifyBytes } from '../../src/crypto/signature.ts'
import type { KeyMaterial } from '../../src/crypto/material.ts'
import { importKey } from '../../src/jwk/import.ts'
import { materialOf, type PrivateKey } from '../../src/jwk/key.ts'
import { secret } from '../../src/jwk/secret.ts'
import { asymmetricAlgorithms, pairFor, sharedBytes, signatureOf } from '../forge.ts'

const data = new TextEncoder().encode('header.payload')

async function materials(algorithm: (typeof asymmetricAlgorithms)[number]): Promise<{
  own: KeyMaterial
  open: KeyMaterial
}> {
  const key = (await importKey(pairFor(algorithm).privateJwk)) as PrivateKey
  return { own: materialOf(key)!, open: materialOf(key.publicKey)! }
}

describe.each(asymmetricAlgorithms)('%s', (algorithm) => {
  test('signs what it verifies, and verifies what node:crypto signed', async () => {
    const { own, open } = await materials(algorithm)
    const signature = await signBytes(own, data)
    expect(await verifyBytes(open, data, signature)).toBe(true)
    const foreign = signatureOf(algorithm, pairFor(algorithm).privateKey, 'header.payload')
    expect(await verifyBytes(open, data, foreign)).toBe(true)
  })

  test('answers false, and throws nothing, to signatures of every other length', async () => {
    const { own, open } = await materials(algorithm)
    const good = await signBytes(own, data)
    for (const length of [0, 1, 8, 63, 64, 65, 70, 72, 96, 132, 255, 256, 257, 600]) {
      if (length === good.length) continue
      const other = new Uint8Array(length)
      other.set(good.subarray(0, length))
      expect(await verifyBytes(open, data, other)).toBe(false)
      const padded = new Uint8Array(length)
      padded.set(good.subarray(0, length), Math.max(0, length - good.length))
      expect(await verifyBytes(open, data, padded)).toBe(false)
    }
  })

  test('answers false to other data, all zeros, all ones and each flipped octet', async () => {
    const { own, open } = await materials(algorithm)
    const good = await signBytes(own, data)
    expect(await verifyBytes(open, new TextEncoder().encode('header.payloae'), good)).toBe(false)
    expect(await verifyBytes(open, data, new Uint8Array(good.length))).toBe(false)
    expect(await verifyBytes(open, data, new Uint8Array(good.length).fill(255))).toBe(false)
    for (let at = 0; at < good.length; at += 5) {
      expect(
        await verifyBytes(
          open,
          data,
          good.map((byte, index) => (index === at ? byte ^ 1 : byte)),
        ),
      ).toBe(false)
    }
  })
})

describe('ECDSA', () => {
  test.each(['ES256', 'ES384', 'ES512'] as const)('%s refuses a DER signature', async (algorithm) => {
    const { open } = await materials(algorithm)
    const signer = createSign(`sha${algorithm.slice(2)}`).update(data)
    const der = signer.sign(pairFor(algorithm).privateKey)
    expect(await verifyBytes(open, data, der)).toBe(false)
  })

  test.each([
    ['ES256', 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'],
    [
      'ES384',
      'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ],
    [
      'ES512',
      '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ],
  ] as const)(
    '%s refuses r and s of 0, 1, n - 1, n and n + 1 in every pair (T14, CVE-2022-21449)',
    async (algorithm, order) => {
      const { open } = await materials(algorithm)
      const n = BigInt(`0x${order}`)
      const size = order.length / 2
      const part = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')
      const values = [0n, 1n, n - 1n, n, n + 1n]
      for (const r of values) {
        for (const s of values) {
          const signature = Uint8Array.from(Buffer.concat([part(r), part(s)]))
          expect(await verifyBytes(open, data, signature)).toBe(false)
        }
      }
    },
  )
})

describe('RSA', () => {
  test('PSS takes no other salt length than that of the hash (RFC 7518 §3.5)', async () => {
    const { open } = await materials('PS256')
    const { constants, sign } = await import('node:crypto')
    for (const saltLength of [0, 20, 31, 33, 48]) {
      const signature = sign('sha256', data, {
        key: pairFor('PS256').privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength,
      })
      expect(await verifyBytes(open, data, signature)).toBe(false)
    }
  })

  test('takes no PKCS #1 v1.5 signature for PSS, none for another hash, and the reverse', async () => {
    const names = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const
    for (const signer of names) {
      const signature = signatureOf(signer, pairFor(signer).privateKey, 'header.payload')
      const taken: string[] = []
      for (const name of names) {
        const { open } = await materials(name)
        if (await verifyBytes(open, data, signature)) taken.push(name)
      }
      expect(taken).toEqual([signer])
    }
  })
})

test('HMAC answers false to a shortened, lengthened, empty or changed MAC', async () => {
  const material = materialOf(secret('HS256', sharedBytes))!
  const good = await signBytes(material, data)
  expect(await verifyBytes(material, data, good)).toBe(true)
  for (const bad of [good.subarray(0, 16), good.subarray(0, 31), new Uint8Array(), Uint8Array.of(...good, 0)])
    expect(await verifyBytes(material, data, bad)).toBe(false)
  for (let at = 0; at < 32; at += 1)
    expect(
      await verifyBytes(
        material,
        data,
        good.map((byte, index) => (index === at ? byte ^ 128 : byte)),
      ),
    ).toBe(false)
})

test('signatures made here are good for node:crypto', async () => {
  const { own } = await materials('ES256')
  const signature = await signBytes(own, data)
  const key = { key: pairFor('ES256').publicKey, dsaEncoding: 'ieee-p1363' as const }
  expect(nodeVerify('sha256', data, key, signature)).toBe(true)
})
