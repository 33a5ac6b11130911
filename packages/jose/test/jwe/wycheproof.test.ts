/** Wycheproof: JWE, AES-CBC-HMAC, AES key wrap, X25519 and X448 with JWK keys. */
import { describe, expect, test } from 'vitest'
import { decryptContent, encryptContent } from '../../src/crypto/content-cipher.ts'
import { unwrapKeyBytes, wrapKeyBytes } from '../../src/crypto/aes-kw.ts'
import { agreeSecret } from '../../src/crypto/ecdh.ts'
import type { EncryptionPairMaterial } from '../../src/crypto/encryption-material.ts'
import { contentEncryptionRow } from '../../src/jwa/content-encryption-algorithms.ts'
import { decryptCompact } from '../../src/jwe/index.ts'
import { importEphemeralKey } from '../../src/jwk/encryption-key.ts'
import { encryptionMaterialOf } from '../../src/jwk/encryption-materials.ts'
import { type DecryptionKey, importKey, type Jwk } from '../../src/jwk/index.ts'
import { isJoseError } from '../../src/errors.ts'
import { outcomeLater } from '../outcome.ts'
import { hex, readVectorFile, toHex, withVectors } from './vectors.ts'

type Result = 'valid' | 'invalid' | 'acceptable'
interface File<T, G = object> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[]
}
interface JweTest {
  readonly tcId: number
  readonly comment: string
  readonly jwe?: string
  readonly pt?: string
  readonly result: Result
}

/** Refused whatever the label says: RSA1_5, and its keys with it. */
const isRefused = (jwk: Jwk): boolean => jwk.alg === 'RSA1_5'

withVectors('Wycheproof', () => {
  describe.each(['json_web_encryption_test', 'json_web_crypto_test'])('%s', (name) => {
    const file = readVectorFile<File<JweTest, { comment: string; private: Jwk }>>(`wycheproof/${name}.json`)
    const cases = file.testGroups.flatMap((group) =>
      group.tests.filter(({ jwe }) => jwe !== undefined).map((one) => ({ ...one, key: group.private })),
    )

    test.each(cases)('$tcId $comment: $result', async ({ jwe, pt, result, key }) => {
      const outcome = await outcomeOf(jwe!, key)
      if (result === 'valid' && !isRefused(key)) expect(outcome).toMatch(pt ?? /^[0-9a-f]*$/)
      else expect(outcome).toMatch(/^(malformed|alg_not_allowed|decrypt_failed|unsupported)$/)
    })
  })

  async function outcomeOf(jwe: string, jwk: Jwk): Promise<string> {
    try {
      const key = (await importKey(jwk)) as DecryptionKey
      return toHex((await decryptCompact(jwe, key, { allowZip: true })).plaintext)!
    } catch (error) {
      if (isJoseError(error)) return error.code
      throw error
    }
  }

  interface AeadTest {
    readonly tcId: number
    readonly comment: string
    readonly key: string
    readonly iv: string
    readonly aad: string
    readonly msg: string
    readonly ct: string
    readonly tag: string
    readonly result: Result
  }
  describe.each([
    ['a128cbc_hs256_test', 'A128CBC-HS256'],
    ['a192cbc_hs384_test', 'A192CBC-HS384'],
    ['a256cbc_hs512_test', 'A256CBC-HS512'],
  ])('%s', (name, enc) => {
    const { scheme } = contentEncryptionRow(enc)!
    const cases = readVectorFile<File<AeadTest>>(`wycheproof/${name}.json`).testGroups.flatMap(
      (group) => group.tests,
    )

    test.each(cases)('$tcId $comment: $result', async ({ key, iv, aad, msg, ct, tag, result }) => {
      const input = { key: hex(key), iv: hex(iv), aad: hex(aad) }
      const opened = await decryptContent(scheme, input, { ciphertext: hex(ct), tag: hex(tag) })
      expect(toHex(opened)).toBe(result === 'valid' ? msg : undefined)
      if (result !== 'valid') return
      const sealed = await encryptContent(scheme, input, hex(msg))
      expect([toHex(sealed.ciphertext), toHex(sealed.tag)]).toEqual([ct, tag])
    })
  })

  interface WrapTest {
    readonly tcId: number
    readonly comment: string
    readonly key: string
    readonly msg: string
    readonly ct: string
    readonly result: Result
  }
  describe('aes_wrap_test', () => {
    const cases = readVectorFile<File<WrapTest>>('wycheproof/aes_wrap_test.json').testGroups.flatMap(
      (group) => group.tests,
    )

    test.each(cases)('$tcId $comment: $result', async ({ key, msg, ct, result }) => {
      const opened = toHex(await unwrapKeyBytes(hex(key), hex(ct)))
      // Keys of eight octets are no keys of RFC 3394, and no content key is that short.
      expect(opened).toBe(result === 'valid' ? msg : undefined)
      if (result === 'valid') expect(toHex(await wrapKeyBytes(hex(key), hex(msg)))).toBe(ct)
    })
  })

  interface XdhTest {
    readonly tcId: number
    readonly comment: string
    readonly public: Jwk
    readonly private: Jwk
    readonly shared: string
    readonly result: Result
  }
  describe.each([
    ['x25519_jwk_test', 'X25519'],
    ['x448_jwk_test', 'X448'],
  ] as const)('%s', (name, curve) => {
    const cases = readVectorFile<File<XdhTest>>(`wycheproof/${name}.json`).testGroups.flatMap(
      (group) => group.tests,
    )

    test.each(cases)('$tcId $comment: $result', async (one) => {
      const shared = await sharedSecret(one)
      // What may be refused may also be accepted, but only with the right secret, and never with one of zeros.
      const isZero = /^(00)+$/.test(one.shared)
      const allowed: (string | undefined)[] = one.result === 'valid' ? [one.shared] : [undefined]
      if (one.result === 'acceptable' && !isZero) allowed.push(one.shared)
      expect(allowed).toContain(shared)
    })

    async function sharedSecret(one: XdhTest): Promise<string | undefined> {
      const ours = await importKey({ ...one.private }, { algorithm: 'ECDH-ES', type: 'private' })
      const { key } = encryptionMaterialOf(ours) as EncryptionPairMaterial
      const theirs = await importEphemeralKey(one.public, curve)
      return theirs === undefined ? undefined : toHex(await agreeSecret(curve, key, theirs))
    }

    test('no public key of low order can be imported (RFC 7748 §6)', async () => {
      const low = cases.filter(({ shared, public: { crv } }) => /^(00)+$/.test(shared) && crv === curve)
      expect(low.length).toBeGreaterThan(3)
      for (const { public: jwk } of low) {
        expect(await outcomeLater(() => importKey(jwk, { algorithm: 'ECDH-ES' }))).toBe('key_invalid')
      }
    })
  })
})
