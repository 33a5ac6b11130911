/** The arithmetic of the curves in WebAssembly: known answers, and those of BigInt. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CurveInstance } from '../../src/crypto/curve-instance.ts'
import { writeLimbs } from '../../src/crypto/curve-instance.ts'
import { orderOf, primeOfField } from '../../src/crypto/curve-point.ts'
import { edwardsX, openEd25519 } from '../../src/crypto/ed25519-tables.ts'
import { primeOf } from '../../src/crypto/edwards.ts'
import { openP256 } from '../../src/crypto/p256-tables.ts'
import { lacks } from '../../src/crypto/runtime-name.ts'
import { useTablesAtOnce } from '../../src/crypto/signature-tables.ts'

beforeAll(async () => {
  if (!(await useTablesAtOnce(false))) throw lacks('verification in WebAssembly')
})

/** Places that no verification has anything in. */
const [a, b, out] = [3072, 3120, 3168] as const

/** What products of the field of P-256 are divided by. */
const montgomery = 2n ** 261n

const fields = [
  { name: 'Curve25519', open: openEd25519, prime: primeOf('Ed25519'), divisor: 1n },
  { name: 'P-256', open: openP256, prime: primeOfField('P-256'), divisor: montgomery },
] as const

describe.each(fields)('the field of $name', ({ open, prime, divisor }) => {
  let instance: CurveInstance
  beforeAll(async () => ({ instance } = await open()))

  const write = (at: number, value: bigint): void => writeLimbs(instance.exports.memory, at, value)
  const read = (at: number): bigint =>
    new Int32Array(instance.exports.memory.buffer, at, 9).reduceRight(
      (sum, limb) => sum * 2n ** 29n + BigInt(limb),
      0n,
    )
  const modulo = (value: bigint, by: bigint = prime): bigint => ((value % by) + by) % by
  const multiply = (left: bigint, right: bigint): bigint => {
    write(a, left)
    write(b, right)
    instance.exports.multiply(out, a, b)
    return modulo(read(out) * divisor)
  }
  const square = (value: bigint): bigint => {
    write(a, value)
    instance.exports.square(out, a)
    return modulo(read(out) * divisor)
  }
  const invert = (value: bigint, by: bigint): bigint => {
    write(a, value)
    write(b, by)
    instance.exports.invert(out, a, b)
    return modulo(read(out), by)
  }

  test('has the products that everybody knows', () => {
    expect(multiply(prime - 1n, prime - 1n)).toBe(1n)
    expect(square(prime - 1n)).toBe(1n)
    expect(multiply(2n, (prime + 1n) / 2n)).toBe(1n)
    expect(multiply(prime, 5n)).toBe(0n)
    expect(multiply(1n, prime - 1n)).toBe(prime - 1n)
    // Nine limbs, all bits of them.
    const most = 2n ** 261n - 1n
    expect(multiply(most, most)).toBe(modulo(most * most))
    expect(square(most)).toBe(modulo(most * most))
  })

  test('knows 2²⁵⁶ by what is left of it', () => {
    expect(multiply(2n ** 128n, 2n ** 128n)).toBe(
      prime === primeOf('Ed25519') ? 38n : 2n ** 224n - 2n ** 192n - 2n ** 96n + 1n,
    )
  })

  /** Powers of two and their neighbours carry through all limbs, or through none. */
  const edges = Array.from({ length: 256 }, (_, bit) => 1n << BigInt(bit)).flatMap((power) => [
    power - 1n,
    power,
    prime - (power % prime),
  ])

  test('multiplies and squares as BigInt does, at every edge of a limb', () => {
    for (const left of edges) {
      expect(square(left)).toBe(modulo(left * left))
      for (const right of [3n, 2n ** 133n, prime - 2n, 2n ** 256n - 1n])
        expect(multiply(left, right)).toBe(modulo(left * right))
    }
  })

  const number = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })

  test('multiplies and squares as BigInt does', () => {
    fc.assert(
      fc.property(number, number, (left, right) => {
        expect(multiply(left, right)).toBe(modulo(left * right))
        expect(square(left)).toBe(modulo(left * left))
      }),
      { numRuns: 1000 },
    )
  })

  test('inverts modulo the prime and modulo the order of the group; 0 has no inverse', () => {
    for (const by of [prime, orderOf('P-256')]) {
      expect(invert(1n, by)).toBe(1n)
      expect(invert(2n, by)).toBe((by + 1n) / 2n)
      expect(invert(by - 1n, by)).toBe(by - 1n)
      expect(invert(0n, by)).toBe(0n)
      for (const value of edges.filter((edge) => edge > 0n && edge < by))
        expect(modulo(invert(value, by) * value, by)).toBe(1n)
      fc.assert(
        fc.property(fc.bigInt({ min: 1n, max: by - 1n }), (value) => {
          expect(modulo(invert(value, by) * value, by)).toBe(1n)
        }),
        { numRuns: 300 },
      )
    }
  })
})

test('the x of a point of Ed25519 follows from its y (RFC 8032 §5.1.3)', () => {
  const baseX = 15112221349535400772501151409588531511454012693041857206046113283949847762202n
  const baseY = 46316835694926478169428394003475163141307993866256225615783033603165251855960n
  expect(edwardsX(baseY, false)).toBe(baseX)
  expect(edwardsX(baseY, true)).toBe(primeOf('Ed25519') - baseX)
  expect(edwardsX(2n, false)).toBeUndefined()
})
