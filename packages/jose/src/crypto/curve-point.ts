/**
 * Whether a point lies on its curve (NIST SP 800-56A §5.6.2.3.4). Runtimes check it too, not all at the same moment; a
 * point off the curve lets whoever sends it learn the private key piece by piece (CVE-2016-9121, CVE-2017-16007). The
 * cofactor of these curves is 1, so that on the curve is enough, and the point at infinity has no coordinates to send.
 */
import { decodeHex, toBigInt } from '../encoding/bytes.ts'
import type { CurveName } from './scheme.ts'

interface Curve {
  /** The prime of the field. */
  readonly p: bigint
  /** a and b of y² = x³ + ax + b. */
  readonly a: bigint
  readonly b: bigint
}

/** SP 800-186 §3.2.1; SEC 2 §2.4.1. */
const curves: Readonly<Record<CurveName, Curve>> = {
  'P-256': {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    p: 2n ** 521n - 1n,
    a: -3n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
  secp256k1: { p: 2n ** 256n - 2n ** 32n - 977n, a: 0n, b: 7n },
}

/** The order of each group: a private key is a number from 1 to one below it (FIPS 186-5 §6.2.1). */
const orders: Readonly<Record<CurveName, bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
}

/** The order of a curve's group. */
export function orderOf(name: CurveName): bigint {
  return orders[name]
}

/** The prime of a curve's field. */
export function primeOfField(name: CurveName): bigint {
  return curves[name].p
}

/** Whether a private key, or a half of an ECDSA signature, is in its range: runtimes take a second number for one key. */
export function isScalar(name: CurveName, scalar: Uint8Array): boolean {
  const number = toBigInt(scalar)
  return number > 0n && number < orders[name]
}

/** y² for an x: x³ + ax + b. */
function squareOfY({ p, a, b }: Curve, x: bigint): bigint {
  return ((((x * x + a) * x + b) % p) + p) % p
}

/** Whether these affine coordinates, big-endian, are a point of the curve. They are public: the time may tell. */
export function isOnCurve(name: CurveName, x: Uint8Array, y: Uint8Array): boolean {
  const curve = curves[name]
  const [bigX, bigY] = [toBigInt(x), toBigInt(y)]
  return bigX < curve.p && bigY < curve.p && (bigY * bigY) % curve.p === squareOfY(curve, bigX)
}

/**
 * The y of a compressed point (SEC 1 §2.3.4), as long as x; undefined when no point has this x. All four primes leave 3
 * when divided by 4, so that a root is a power.
 */
export function decompressPoint(name: CurveName, x: Uint8Array, isOdd: boolean): Uint8Array | undefined {
  const curve = curves[name]
  const { p } = curve
  const [bigX, square] = [toBigInt(x), squareOfY(curve, toBigInt(x))]
  const root = power(square, (p + 1n) / 4n, p)
  if (bigX >= p || (root * root) % p !== square) return undefined
  const y = (root % 2n === 1n) === isOdd ? root : p - root
  return decodeHex(y.toString(16).padStart(x.length * 2, '0'))
}

/** A power modulo a number; the time tells the exponent. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}
