/**
 * The field of P-256 (SP 800-186 §3.2.1.3): numbers modulo p = 2²⁵⁶ − 2²²⁴ + 2¹⁹² + 2⁹⁶ − 1, as sums of limbs (limbs.ts), in
 * the form of Montgomery: a number x is held as x · 2²⁶¹, and every product is divided by 2²⁶¹.
 */
import { LIMB_BITS, LIMB_MASK, storeLimbs } from './limbs'

/** a · b, to `out`, which may be one of them. */
export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = <i64>load<i32>(a)
  const a1 = <i64>load<i32>(a, 4)
  const a2 = <i64>load<i32>(a, 8)
  const a3 = <i64>load<i32>(a, 12)
  const a4 = <i64>load<i32>(a, 16)
  const a5 = <i64>load<i32>(a, 20)
  const a6 = <i64>load<i32>(a, 24)
  const a7 = <i64>load<i32>(a, 28)
  const a8 = <i64>load<i32>(a, 32)
  const b0 = <i64>load<i32>(b)
  const b1 = <i64>load<i32>(b, 4)
  const b2 = <i64>load<i32>(b, 8)
  const b3 = <i64>load<i32>(b, 12)
  const b4 = <i64>load<i32>(b, 16)
  const b5 = <i64>load<i32>(b, 20)
  const b6 = <i64>load<i32>(b, 24)
  const b7 = <i64>load<i32>(b, 28)
  const b8 = <i64>load<i32>(b, 32)
  const c0 = a0 * b0
  const c1 = a0 * b1 + a1 * b0
  const c2 = a0 * b2 + a1 * b1 + a2 * b0
  const c3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0
  const c4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0
  const c5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0
  const c6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0
  const c7 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0
  const c8 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0
  const c9 = a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const c10 = a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const c11 = a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const c12 = a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const c13 = a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const c14 = a6 * b8 + a7 * b7 + a8 * b6
  const c15 = a7 * b8 + a8 * b7
  const c16 = a8 * b8
  reduce(out, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)
}

/** a², to `out`, which may be a. */
export function square(out: usize, a: usize): void {
  const a0 = <i64>load<i32>(a)
  const a1 = <i64>load<i32>(a, 4)
  const a2 = <i64>load<i32>(a, 8)
  const a3 = <i64>load<i32>(a, 12)
  const a4 = <i64>load<i32>(a, 16)
  const a5 = <i64>load<i32>(a, 20)
  const a6 = <i64>load<i32>(a, 24)
  const a7 = <i64>load<i32>(a, 28)
  const a8 = <i64>load<i32>(a, 32)
  const d0 = a0 << 1
  const d1 = a1 << 1
  const d2 = a2 << 1
  const d3 = a3 << 1
  const d4 = a4 << 1
  const d5 = a5 << 1
  const d6 = a6 << 1
  const d7 = a7 << 1
  const c0 = a0 * a0
  const c1 = d0 * a1
  const c2 = d0 * a2 + a1 * a1
  const c3 = d0 * a3 + d1 * a2
  const c4 = d0 * a4 + d1 * a3 + a2 * a2
  const c5 = d0 * a5 + d1 * a4 + d2 * a3
  const c6 = d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3
  const c7 = d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4
  const c8 = d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4
  const c9 = d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5
  const c10 = d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5
  const c11 = d3 * a8 + d4 * a7 + d5 * a6
  const c12 = d4 * a8 + d5 * a7 + a6 * a6
  const c13 = d5 * a8 + d6 * a7
  const c14 = d6 * a8 + a7 * a7
  const c15 = d7 * a8
  const c16 = a8 * a8
  reduce(out, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)
}

/**
 * Divides seventeen columns by 2²⁶¹ (Montgomery 1985). p ends in 96 bits of one, so that what makes a limb divisible is the
 * limb itself, and p is five powers of two: shifts take the place of products.
 */
@inline
function reduce(
  out: usize,
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64,
  c6: i64, c7: i64, c8: i64, c9: i64, c10: i64, c11: i64,
  c12: i64, c13: i64, c14: i64, c15: i64, c16: i64,
): void {
  const t0 = c0
  const m0 = t0 & LIMB_MASK
  const t1 = c1 + (t0 >> LIMB_BITS)
  const m1 = t1 & LIMB_MASK
  const t2 = c2 + (t1 >> LIMB_BITS)
  const m2 = t2 & LIMB_MASK
  const t3 = c3 + (m0 << 9) + (t2 >> LIMB_BITS)
  const m3 = t3 & LIMB_MASK
  const t4 = c4 + (m1 << 9) + (t3 >> LIMB_BITS)
  const m4 = t4 & LIMB_MASK
  const t5 = c5 + (m2 << 9) + (t4 >> LIMB_BITS)
  const m5 = t5 & LIMB_MASK
  const t6 = c6 + (m0 << 18) + (m3 << 9) + (t5 >> LIMB_BITS)
  const m6 = t6 & LIMB_MASK
  const t7 = c7 - (m0 << 21) + (m1 << 18) + (m4 << 9) + (t6 >> LIMB_BITS)
  const m7 = t7 & LIMB_MASK
  const t8 = c8 + (m0 << 24) - (m1 << 21) + (m2 << 18) + (m5 << 9) + (t7 >> LIMB_BITS)
  const m8 = t8 & LIMB_MASK
  const t9 = c9 + (m1 << 24) - (m2 << 21) + (m3 << 18) + (m6 << 9) + (t8 >> LIMB_BITS)
  const t10 = c10 + (m2 << 24) - (m3 << 21) + (m4 << 18) + (m7 << 9)
  const t11 = c11 + (m3 << 24) - (m4 << 21) + (m5 << 18) + (m8 << 9)
  const t12 = c12 + (m4 << 24) - (m5 << 21) + (m6 << 18)
  const t13 = c13 + (m5 << 24) - (m6 << 21) + (m7 << 18)
  const t14 = c14 + (m6 << 24) - (m7 << 21) + (m8 << 18)
  const t15 = c15 + (m7 << 24) - (m8 << 21)
  const t16 = c16 + (m8 << 24)
  storeLimbs(out, 0, t9, t10, t11, t12, t13, t14, t15, t16, 0)
}
