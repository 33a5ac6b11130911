/** The field of Curve25519 (RFC 7748 §4.1): numbers modulo p = 2²⁵⁵ − 19, as sums of limbs (limbs.ts). */
import { LIMB_BITS, LIMB_MASK, storeLimbs } from './limbs'

/** 2²⁶¹, which is what stands behind nine limbs, modulo p: 19 · 2⁶. */
const FOLD: i64 = 19 << 6

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

/** Folds seventeen columns to nine: each high one in two parts, so that none waits for another. */
@inline
function reduce(
  out: usize,
  c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64,
  c6: i64, c7: i64, c8: i64, c9: i64, c10: i64, c11: i64,
  c12: i64, c13: i64, c14: i64, c15: i64, c16: i64,
): void {
  const r0 = c0 + FOLD * (c9 & LIMB_MASK)
  const r1 = c1 + FOLD * ((c10 & LIMB_MASK) + (c9 >> LIMB_BITS))
  const r2 = c2 + FOLD * ((c11 & LIMB_MASK) + (c10 >> LIMB_BITS))
  const r3 = c3 + FOLD * ((c12 & LIMB_MASK) + (c11 >> LIMB_BITS))
  const r4 = c4 + FOLD * ((c13 & LIMB_MASK) + (c12 >> LIMB_BITS))
  const r5 = c5 + FOLD * ((c14 & LIMB_MASK) + (c13 >> LIMB_BITS))
  const r6 = c6 + FOLD * ((c15 & LIMB_MASK) + (c14 >> LIMB_BITS))
  const r7 = c7 + FOLD * ((c16 & LIMB_MASK) + (c15 >> LIMB_BITS))
  const r8 = c8 + FOLD * (c16 >> LIMB_BITS)
  storeLimbs(out, FOLD, r0, r1, r2, r3, r4, r5, r6, r7, r8)
}
