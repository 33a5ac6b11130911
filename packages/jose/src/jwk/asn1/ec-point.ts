/** Points of elliptic curves as octets (SEC 1 §2.3.3, §2.3.4). */
import { decompressPoint } from '../../crypto/curve-point.ts'
import type { CurveName } from '../../crypto/scheme.ts'
import { encodeBase64url } from '../../encoding/base64url.ts'
import { concatBytes } from '../../encoding/bytes.ts'
import { JoseError } from '../../errors.ts'
import { type Jwk, member } from '../jwk.ts'

/** Octets of a coordinate, and of a private key: both are as long as the prime of the field. */
const sizes: Readonly<Record<CurveName, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 }

/**
 * The coordinates of a point, compressed or not. Whether an uncompressed one is on its curve, the import of the JWK sees.
 *
 * @throws {JoseError} `key_invalid`
 */
export function readPoint(curve: CurveName, octets: Uint8Array): { readonly x: string; readonly y: string } {
  const size = sizes[curve]
  const [form] = octets
  const x = octets.subarray(1, 1 + size)
  const isWhole = form === 4 && octets.length === 1 + 2 * size
  const isCompressed = (form === 2 || form === 3) && octets.length === 1 + size
  const y = isWhole
    ? octets.subarray(1 + size)
    : isCompressed
      ? decompressPoint(curve, x, form === 3)
      : undefined
  if (y === undefined)
    throw new JoseError('key_invalid', `key: expected a point of ${curve}, got other octets`)
  return { x: encodeBase64url(x), y: encodeBase64url(y) }
}

/** The uncompressed octets of the point of a JWK. */
export function writePoint(jwk: Jwk): Uint8Array {
  return concatBytes([Uint8Array.of(4), member(jwk, 'x'), member(jwk, 'y')])
}

/**
 * The JWK member `d` of the octets of a private key. SEC 1 §C.4 fixes their number; writers that shorten or lengthen the
 * number are about (zeros in front), and it is the same number.
 *
 * @throws {JoseError} `key_invalid`
 */
export function readScalar(curve: CurveName, octets: Uint8Array): string {
  const size = sizes[curve]
  const first = octets.findIndex((octet) => octet !== 0)
  const digits = first === -1 ? new Uint8Array(0) : octets.subarray(first)
  if (digits.length > size)
    throw new JoseError('key_invalid', `key: expected a number of ${size} octets, got more`)
  return encodeBase64url(concatBytes([new Uint8Array(size - digits.length), digits]))
}
