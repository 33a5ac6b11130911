/** The keys of a test issuer, and those of whoever attacks it. */
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import type { SignatureAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, requireRow } from '../jwa/signature-algorithms.ts'
import { exportJwk } from '../jwk/export.ts'
import { generateKey } from '../jwk/generate.ts'
import type { Jwk } from '../jwk/jwk.ts'
import type { SigningKey } from '../jwk/key.ts'
import { makePrivateKey } from '../jwk/material.ts'
import { makeSecret } from '../jwk/secret.ts'
import { thumbprint } from '../jwk/thumbprint.ts'
import { ed25519Keys, p256Keys, rsaKeys } from './fixed-keys.ts'

/** A key with all that a forger could make of it. */
export interface TestKey {
  readonly signingKey: SigningKey
  /** With private members, or the secret. */
  readonly privateJwk: Jwk
  /** What is published; undefined for a shared secret. */
  readonly publicJwk: Jwk | undefined
}

/** Which of the fixed keys is the attacker's. */
export const attackerIndex = 2

/** The key of a number: a fixed one where there is one, the same in every run; else a new one. */
export async function makeTestKey(algorithm: SignatureAlgorithm, index: number): Promise<TestKey> {
  if (isHmacAlgorithm(algorithm)) {
    const text = secretText(index)
    const jwk = { kty: 'oct', k: encodeBase64url(encodeAscii(text)) }
    const options = { allowWeakKey: false, kid: thumbprint(jwk) }
    return { signingKey: makeSecret(algorithm, text, options), privateJwk: jwk, publicJwk: undefined }
  }
  const jwk = fixedKeys(requireRow(algorithm))?.[index] ?? (await newJwk(algorithm))
  return keyFrom(jwk, requireRow(algorithm, jwk.crv))
}

/** The same key material for one algorithm. */
export async function keyFrom(jwk: Jwk, row: SignatureRow): Promise<TestKey> {
  const named = { ...jwk, alg: row.algorithm }
  const signingKey = await makePrivateKey({ ...named, kid: thumbprint(named) }, row, true)
  return { signingKey, privateJwk: named, publicJwk: await exportJwk(signingKey.publicKey) }
}

/** The secret of a number, long enough for every algorithm. */
export function secretText(index: number): string {
  return `secret number ${index} of a test issuer, published with the package and worth nothing`
}

function fixedKeys({ kty, crv }: SignatureRow): readonly Jwk[] | undefined {
  if (kty === 'RSA') return rsaKeys
  if (crv === 'P-256') return p256Keys
  return crv === 'Ed25519' ? ed25519Keys : undefined
}

async function newJwk(algorithm: Exclude<SignatureAlgorithm, `HS${string}`>): Promise<Jwk> {
  const {
    alg: _alg,
    use: _use,
    kid: _kid,
    ...members
  } = await exportJwk(await generateKey(algorithm, { extractable: true }))
  return members
}
