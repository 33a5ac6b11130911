/** The public half of a private key whose file left it out. */
import { derToJwk } from '../../crypto/asymmetric-key.ts'
import { encryptionDerToJwk } from '../../crypto/encryption-material.ts'
import { probe } from '../../crypto/probe.ts'
import { lacks } from '../../crypto/runtime-name.ts'
import type { AsymmetricScheme } from '../../crypto/scheme.ts'
import { isNode } from '../../crypto/node-crypto.ts'
import { nodeHas } from '../../crypto/node-keys.ts'
import { supportsScheme } from '../../crypto/support.ts'
import { encodeBase64url } from '../../encoding/base64url.ts'
import { equalBytes } from '../../encoding/bytes.ts'
import { isJoseError, JoseError } from '../../errors.ts'
import { rowsForKey, signatureRow } from '../../jwa/signature-algorithms.ts'
import { privateBytes } from '../checked-jwk.ts'
import { type Jwk, member } from '../jwk.ts'
import { checkScalar } from '../private-scalar.ts'
import { expandedMember, writePkcs8 } from './pkcs8.ts'

/**
 * The JWK with its public members. They are the runtime's work: a multiplication of ours would take a time that depends on
 * the private key.
 *
 * @throws {JoseError} `unsupported` where the runtime lacks the curve or the way, `key_invalid` where it refuses the private key
 */
export async function completeJwk(given: Jwk): Promise<Jwk> {
  const { [expandedMember]: expanded, ...jwk } = given
  const whole = await withPublicHalf(jwk)
  if (expanded !== undefined) await checkExpanded(whole, given)
  return whole
}

/**
 * RFC 9881 §8.2: an expanded ML-DSA key beside the seed has to be that of the seed. Node.js expands the seed and
 * compares; elsewhere the part is compared that the public key begins with too (FIPS 204 §7.2: ρ).
 *
 * @throws {JoseError} `key_invalid`
 */
async function checkExpanded(whole: Jwk, given: Jwk): Promise<void> {
  const scheme = signatureRow(whole.alg)!.scheme as AsymmetricScheme
  const [expanded, open] = [member(given, expandedMember), member(whole, 'pub')]
  const begins = equalBytes(expanded.subarray(0, 32), open.subarray(0, 32))
  const isRead =
    !isNode || !nodeHas(scheme) || (await derToJwk(writePkcs8(given), scheme).catch(() => undefined))
  if (begins && isRead) return
  throw new JoseError('key_invalid', 'importKey: the seed and the expanded form belong to different keys')
}

async function withPublicHalf(jwk: Jwk): Promise<Jwk> {
  const isWhole = (jwk.d ?? jwk.priv) === undefined || (jwk.n ?? jwk.x ?? jwk.pub) !== undefined
  if (isWhole) return jwk
  // Node.js 26 blames the next key for a zero.
  checkScalar(jwk)
  try {
    const { x, y, pub } = (await derive(jwk)) as unknown as Jwk
    return {
      ...jwk,
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...(pub === undefined ? {} : { pub }),
    }
  } catch (cause) {
    if (isJoseError(cause)) throw cause
    // Firefox 153 takes a file without the public half for no key at all.
    if (!(await derivesHere(jwk)))
      throw lacks('way from a private key to its public half: openssl pkey writes it into the file', cause)
    throw new JoseError('key_invalid', 'importKey: the runtime refuses this private key', { cause })
  }
}

/** Whether the runtime finds the public half of a good private key of this kind. */
function derivesHere(jwk: Jwk): Promise<boolean> {
  const one = new Uint8Array(privateBytes(jwk))
  one[one.length - 1] = 1
  const good = { ...jwk, [jwk.kty === 'AKP' ? 'priv' : 'd']: encodeBase64url(one) }
  return probe(`public half ${jwk.crv ?? jwk.alg}`, () => derive(good))
}

async function derive(jwk: Jwk): Promise<JsonWebKey> {
  const { kty, crv, alg } = jwk
  if (crv === 'X25519' || crv === 'X448')
    return encryptionDerToJwk(writePkcs8(jwk), { kind: 'ecdh', curve: crv })
  const row = (kty === 'AKP' ? signatureRow(alg) : rowsForKey(kty, crv)[0])!
  if (!(await supportsScheme(row.scheme))) throw lacks(row.algorithm)
  return derToJwk(writePkcs8(jwk), row.scheme as AsymmetricScheme)
}
