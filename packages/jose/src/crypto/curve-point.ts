/**
 * Whether a point lies on its curve (NIST SP 800-56A §5.6.2.3.4). Runtimes check it too, not all at the same moment; a
 * point off the curve lets whoever sends it learn the private key piece by piece (CVE-2016-9121, CVE-2017-16007). The
 * cofactor of these curves is 1, so that on the curve is enough, and the point at infinity has no coordinates to send.
 */
import type { NistCurve } from './cipher-scheme.ts'

interface Curve {
  /** The prime of the field. */
  readonly p: bigint
  /** b of y² = x³ − 3x + b. */
  readonly b: bigint
}

/** FIPS 186-5 / SP 800-186 §3.2.1. */
const curves: Readonly<Record<NistCurve, Curve>> = {
  'P-256': {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    p: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
}

/** Whether these affine coordinates, big-endian, are a point of the curve. They are public: the time may tell. */
export function isOnCurve(name: NistCurve, x: Uint8Array, y: Uint8Array): boolean {
  const { p, b } = curves[name]
  const [bigX, bigY] = [toBigInt(x), toBigInt(y)]
  return bigX < p && bigY < p && (bigY * bigY - (bigX * bigX - 3n) * bigX - b) % p === 0n
}

function toBigInt(bytes: Uint8Array): bigint {
  let text = '0x0'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return BigInt(text)
}
