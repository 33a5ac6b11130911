/** Raw signatures of Wycheproof, which are not tokens: keys come in through importKey, bytes go to the crypto room. */
import { expect, test } from 'vitest'
import { verifyBytes } from '../../src/crypto/signature.ts'
import type { AsymmetricAlgorithm } from '../../src/jwa/algorithm.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { requireMaterial } from '../../src/jwk/key.ts'
import { isJoseError } from '../../src/errors.ts'
import { hasMlDsa } from '../forge.ts'
import { describeVectors, fromHex, type Wycheproof } from '../vectors.ts'

interface Group {
  readonly publicKey: unknown
  readonly publicKeyJwk?: Jwk
  readonly publicKeyDer?: string
  readonly tests: readonly Vector[]
}

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly msg: string
  readonly ctx?: string
  readonly sig: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

const files: readonly (readonly [string, number, AsymmetricAlgorithm])[] = [
  ['ecdsa_secp256r1_sha256_p1363_test', 201, 'ES256'],
  ['ecdsa_secp384r1_sha384_p1363_test', 209, 'ES384'],
  ['ecdsa_secp521r1_sha512_p1363_test', 246, 'ES512'],
  ['ecdsa_secp256k1_sha256_p1363_test', 185, 'ES256K'],
  ['ed25519_test', 118, 'Ed25519'],
  ['ed448_test', 60, 'Ed448'],
  ['mldsa_44_verify_test', 137, 'ML-DSA-44'],
  ['mldsa_65_verify_test', 153, 'ML-DSA-65'],
  ['mldsa_87_verify_test', 171, 'ML-DSA-87'],
]

for (const [name, count, algorithm] of files) {
  const missing = algorithm.startsWith('ML-DSA') && !hasMlDsa
  const reason = missing ? `this runtime has no ${algorithm}` : undefined
  const file = { path: `wycheproof/${name}.json`, count, reason }
  describeVectors<Wycheproof<Group>>(file, ({ testGroups }) => {
    test(`${algorithm}: every vector has the outcome of its label`, async () => {
      const vectors = testGroups.flatMap((group) => group.tests.map((vector) => ({ group, vector })))
      const wrong: string[] = []
      for (const { group, vector } of vectors) {
        // JOSE has no contexts (RFC 9964); a signature made with one is as good as made by somebody else.
        const isGood = vector.result !== 'invalid' && (vector.ctx ?? '') === ''
        if ((await verdict(group, vector, algorithm)) !== isGood)
          wrong.push(`${vector.tcId} ${vector.comment}`)
      }
      expect(wrong).toEqual([])
      expect(vectors).toHaveLength(count)
    })
  })
}

async function verdict(group: Group, vector: Vector, algorithm: AsymmetricAlgorithm): Promise<boolean> {
  try {
    const key = await importKey(keyOf(group, algorithm), { algorithm })
    const material = requireMaterial(key)
    return await verifyBytes(material, fromHex(vector.msg), fromHex(vector.sig))
  } catch (error) {
    if (isJoseError(error)) return false
    throw error
  }
}

function keyOf(
  { publicKey, publicKeyJwk, publicKeyDer }: Group,
  algorithm: AsymmetricAlgorithm,
): Jwk | Uint8Array {
  if (publicKeyJwk !== undefined) return publicKeyJwk
  if (publicKeyDer !== undefined) return fromHex(publicKeyDer)
  return { kty: 'AKP', alg: algorithm, pub: Buffer.from(fromHex(String(publicKey))).toString('base64url') }
}
