// @ts-check
/** Points of Ed25519's curve with BigInt (RFC 8032 §5.1), to make keys and signatures that no library makes. */

export const prime = 2n ** 255n - 19n
export const order = 2n ** 252n + 27742317777372353535851937790883648493n

/** A point as X/Z and Y/Z: one inverse at the end is enough. @typedef {{ x: bigint, y: bigint, z: bigint }} Point */

/** @param {bigint} value */
const modulo = (value) => ((value % prime) + prime) % prime

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n
  for (
    let [rest, square] = [exponent, modulo(base)];
    rest > 0n;
    rest >>= 1n, square = modulo(square * square)
  )
    if (rest & 1n) result = modulo(result * square)
  return result
}

/** @param {bigint} value */
const inverse = (value) => power(value, prime - 2n)

const d = modulo(-121665n * inverse(121666n))

/** @type {Point} */
export const neutral = { x: 0n, y: 1n, z: 1n }

/** @type {Point} */
export const base = {
  x: 15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  y: 46316835694926478169428394003475163141307993866256225615783033603165251855960n,
  z: 1n,
}

/** The sum of the affine law, with its denominators gathered in Z. @param {Point} a @param {Point} b @returns {Point} */
export function add(a, b) {
  const [xx, yy, zz] = [modulo(a.x * b.x), modulo(a.y * b.y), modulo(a.z * b.z)]
  const both = modulo(d * xx * yy)
  const [less, more] = [zz * zz - both, zz * zz + both]
  return {
    x: modulo(modulo(a.x * b.y + a.y * b.x) * modulo(zz * less)),
    y: modulo(modulo(yy + xx) * modulo(zz * more)),
    z: modulo(less * more),
  }
}

/** @param {bigint} times @param {Point} point */
export function multiply(times, point) {
  let sum = neutral
  for (let [rest, double] = [times, point]; rest > 0n; rest >>= 1n, double = add(double, double))
    if (rest & 1n) sum = add(sum, double)
  return sum
}

/** The octets of a number, the lowest first. @param {bigint} value */
export const toOctets = (value) =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse()

/** @param {Uint8Array} octets */
export const fromOctets = (octets) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`)

/** @param {Point} point */
export function encode({ x, y, z }) {
  const divisor = inverse(z)
  return toOctets(modulo(y * divisor) | ((modulo(x * divisor) & 1n) << 255n))
}

/** One of the points of order eight; multiples of it are all points whose order is a power of two. @type {Point} */
export const torsion = {
  x: 14399317868200118260347934320527232580618823971194345261214217575416788799818n,
  y: 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  z: 1n,
}
