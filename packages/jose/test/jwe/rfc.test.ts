/** The examples of RFC 7516, RFC 7517 appendix C, RFC 7518 appendices B and C, RFC 8037 appendices A.6 and A.7. */
import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decryptContent, encryptContent } from '../../src/crypto/content-cipher.ts'
import { deriveConcatKey } from '../../src/crypto/concat-kdf.ts'
import { agreementParameters, agreeSecret, importAgreementKey } from '../../src/crypto/ecdh.ts'
import { contentEncryptionRow } from '../../src/jwa/content-encryption-algorithms.ts'
import {
  decryptCompact,
  decryptFlattened,
  decryptGeneral,
  type FlattenedJwe,
  type GeneralJwe,
} from '../../src/jwe/index.ts'
import { supports } from '../../src/jwa/supports.ts'
import { encryptionSecret, importKey, type Jwk } from '../../src/jwk/index.ts'
import { outcomeLater } from '../outcome.ts'
import { present } from './keys.ts'
import { hex, readVectorFile, toHex, utf8, withVectors } from './vectors.ts'

const hasX448 = await supports('ECDH-ES', { curve: 'X448' })

interface Example {
  readonly name: string
  readonly section: string
  readonly kind: string
  readonly input: Record<string, unknown> & { compact: string; jwe: unknown; password: string }
  readonly key: unknown
  readonly expected: Record<string, string>
}

const examples = (rfc: string): Example[] => readVectorFile<Example[]>(`rfc/${rfc}.json`)
const find = (rfc: string, section: string): Example => {
  const example = examples(rfc).find((one) => one.section === section)
  if (example === undefined) throw new Error(`no example ${rfc} ${section}`)
  return example
}

withVectors('RFC examples of JWE', () => {
  test('reads RSA-OAEP with A256GCM (RFC 7516 A.1)', async () => {
    const { input, key, expected } = find('rfc7516', 'A.1')
    const privateKey = await importKey(key as Jwk, { algorithm: 'RSA-OAEP', type: 'private' })
    const { plaintext, header } = await decryptCompact(input.compact, privateKey)
    expect(utf8(plaintext)).toBe(expected['plaintext'])
    expect(header).toEqual(expected['header'])
  })

  test('refuses RSA1_5 with every key that RSA has (RFC 7516 A.2, T52)', async () => {
    const { input, key } = find('rfc7516', 'A.2')
    for (const algorithm of ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'] as const) {
      const privateKey = await importKey(key as Jwk, { algorithm, type: 'private' })
      expect(await outcomeLater(() => decryptCompact(input.compact, privateKey))).toBe('alg_not_allowed')
    }
    const named = importKey({ ...(key as Jwk), alg: 'RSA1_5' })
    await expect(named).rejects.toThrow(/RSA1_5 is never accepted/)
  })

  test('reads A128KW with A128CBC-HS256 (RFC 7516 A.3)', async () => {
    const { input, key, expected } = find('rfc7516', 'A.3')
    const secret = await importKey(key as Jwk, { algorithm: 'A128KW' })
    expect(utf8((await decryptCompact(input.compact, secret)).plaintext)).toBe(expected['plaintext'])
  })

  test('reads the general form past a recipient of RSA1_5 (RFC 7516 A.4)', async () => {
    const { input, key, expected } = find('rfc7516', 'A.4')
    const secret = await importKey(present((key as Record<string, Jwk>)['7']), { algorithm: 'A128KW' })
    const opened = await decryptGeneral(input.jwe as GeneralJwe, secret)
    expect(utf8(opened.plaintext)).toBe(expected['plaintext'])
    expect(opened.protectedHeader).toEqual({ enc: 'A128CBC-HS256' })
    expect(opened.unprotectedHeader).toMatchObject({ alg: 'A128KW', kid: '7' })
    const rsa = await importKey(present((key as Record<string, Jwk>)['2011-04-29']), {
      algorithm: 'RSA-OAEP',
      type: 'private',
    })
    expect(await outcomeLater(() => decryptGeneral(input.jwe as GeneralJwe, rsa))).toBe('key_not_found')
  })

  test('reads the flattened form (RFC 7516 A.5)', async () => {
    const { input, key, expected } = find('rfc7516', 'A.5')
    const secret = await importKey(key as Jwk, { algorithm: 'A128KW' })
    const { plaintext } = await decryptFlattened(input.jwe as FlattenedJwe, secret)
    expect(utf8(plaintext)).toBe(expected['plaintext'])
  })

  const aeads = [...examples('rfc7516'), ...examples('rfc7518')].filter((one) => one.kind === 'aes-cbc-hmac')
  test.each(aeads)('$name: the same octets in both directions', async ({ input, expected }) => {
    const given = input as unknown as Record<'enc' | 'cek' | 'iv' | 'aad' | 'plaintext', string>
    const { scheme } = contentEncryptionRow(given.enc)!
    const cipher = { key: hex(given.cek), iv: hex(given.iv), aad: hex(given.aad) }
    const sealed = await encryptContent(scheme, cipher, hex(given.plaintext))
    expect(toHex(sealed.ciphertext)).toBe(expected['ciphertext'])
    expect(toHex(sealed.tag)).toBe(expected['tag'])
    expect(toHex(await decryptContent(scheme, cipher, sealed))).toBe(given.plaintext)
  })

  test('reads a JWK encrypted under a password (RFC 7517 appendix C)', async () => {
    const { input, expected } = find('rfc7517', 'Appendix C')
    const password = encryptionSecret('PBES2-HS256+A128KW', input.password)
    const options = { keyManagementAlgorithms: ['PBES2-HS256+A128KW'] } as const
    const { plaintext, header } = await decryptCompact(input.compact, password, options)
    expect(JSON.parse(utf8(plaintext))).toEqual(JSON.parse(present(expected['plaintext'])))
    expect(header.cty).toBe('jwk+json')
  })

  const agreements = [
    ['A.6', 'X25519', 16, '302e020100300506032b656e04220420'],
    ['A.7', 'X448', 32, '3046020100300506032b656f043a0438'],
  ] as const
  test.each(agreements.filter(([, curve]) => hasX448 || curve !== 'X448'))(
    'agrees as RFC 8037 %s on %s',
    async (section, curve, keyBytes, pkcs8) => {
      const { input, expected } = find('rfc8037', section)
      const der = Buffer.from(pkcs8 + String(input['ephemeralSecretHex']), 'hex')
      const ephemeral = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
      const parameters = agreementParameters(curve)
      const privateKey = await crypto.subtle.importKey('jwk', ephemeral, parameters, false, ['deriveBits'])
      const publicKey = await importAgreementKey(curve, input['recipient'] as JsonWebKey)
      const z = (await agreeSecret(curve, privateKey, publicKey))!
      expect(toHex(z)).toBe(expected['zHex'])
      const { alg } = input['header'] as { alg: string }
      const context = { algorithm: Buffer.from(alg), partyU: new Uint8Array(), partyV: new Uint8Array() }
      expect(toHex(deriveConcatKey(z, keyBytes, context))).toBe(expected['kekConcatKdfHex'])
    },
  )
})

describe('RFC 7518 appendix C', () => {
  const alice = {
    kty: 'EC',
    crv: 'P-256',
    x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
    d: '0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo',
  }
  const bob = {
    kty: 'EC',
    crv: 'P-256',
    x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
    y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
  }

  test('derives the key of the example', async () => {
    const parameters = agreementParameters('P-256')
    const privateKey = await crypto.subtle.importKey('jwk', alice, parameters, false, ['deriveBits'])
    const z = await agreeSecret('P-256', privateKey, await importAgreementKey('P-256', bob))
    const context = {
      algorithm: Buffer.from('A128GCM'),
      partyU: Buffer.from('Alice'),
      partyV: Buffer.from('Bob'),
    }
    const derived = deriveConcatKey(z!, 16, context)
    expect(Buffer.from(derived).toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg')
  })
})
