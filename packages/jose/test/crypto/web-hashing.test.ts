/** What bundles for browsers hash with: WebCrypto for who waits, our own SHA-2 for who does not. It gives what Node gives. */
import { describe, expect, test } from 'vitest'
import { hashing } from '../../src/crypto/hashing.ts'
import { makeSecretMaterial } from '../../src/crypto/hmac-material.ts'
import { makeSecretMaterial as makePortably } from '../../src/crypto/portable-hmac-material.ts'
import { openTokenText } from '../../src/crypto/signature.ts'
import { awaitedHashing as webHashing } from '../../src/crypto/web-hashing.ts'

const secret = new Uint8Array(64).map((_, index) => index * 7)
const data = new TextEncoder().encode('header.payload')

describe.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('%s', (hash) => {
  const node = makeSecretMaterial(hash, secret)

  test('WebCrypto gives the same digest', async () => {
    expect(await webHashing.digest(hash, data)).toEqual(new Uint8Array(await hashing.digest(hash, data)))
  })

  test('a MAC of Node is good for WebCrypto and for the short way, and no other is', async () => {
    const mac = new Uint8Array(node.sign(data))
    const changed = mac.map((octet, index) => (index === 3 ? octet ^ 1 : octet))
    for (const { verify } of [webHashing.makeMaterial(hash, secret), makePortably(hash, secret)]) {
      expect(await verify(data, mac)).toBe(true)
      for (const other of [changed, mac.subarray(1), Uint8Array.of(...mac, 0), new Uint8Array(0)])
        expect(await verify(data, other)).toBe(false)
      expect(await verify(data.subarray(1), mac)).toBe(false)
    }
  })

  test('the short way signs as Node does, and both open the token', async () => {
    const signed = 'eyJhbGciOiJIUzI1NiJ9.e30'
    const text = makePortably(hash, secret).signText(signed)
    expect(text).toBe(node.signText(signed))
    const dots = { firstDot: 20, secondDot: 24 }
    for (const material of [webHashing.makeMaterial(hash, secret), makePortably(hash, secret)]) {
      expect(await openTokenText(material, `${signed}.${text}`, dots)).toMatchObject({ text: '{}' })
      expect(await openTokenText(material, `${signed}.${text.slice(1)}A`, dots)).toBeUndefined()
    }
  })
})
