/**
 * Numbers of 256 bits as nine limbs of 29, each in 32 bits of memory. Limbs have signs and may be a little larger than 29 bits,
 * so that sums and differences need no carrying: what `storeLimbs` leaves is at most 2²⁸ + 2¹⁶ in size, and a product takes two
 * numbers whose limbs are at most 2²⁹·⁸⁵ in size each (their columns, nine products, must stay below 2⁶³).
 */

export const LIMB_BITS: i64 = 29
export const LIMB_MASK: i64 = (1 << 29) - 1
const HALF: i64 = 1 << 28

/** Octets of a number. */
export const NUMBER: usize = 36

/**
 * Carries from limb to limb and stores them. Two chains, from 0 to 4 and from 4 to 8, go side by side.
 *
 * @param fold what a one behind the last limb counts at the first; 0 where the last limb has nothing to carry
 */
@inline
export function storeLimbs(
  out: usize, fold: i64,
  r0: i64, r1: i64, r2: i64, r3: i64, r4: i64, r5: i64, r6: i64, r7: i64, r8: i64,
): void {
  let low = (r0 + HALF) >> LIMB_BITS
  let high = (r4 + HALF) >> LIMB_BITS
  let s0 = r0 - (low << LIMB_BITS)
  let s4 = r4 - (high << LIMB_BITS)
  let s1 = r1 + low
  let s5 = r5 + high
  low = (s1 + HALF) >> LIMB_BITS
  high = (s5 + HALF) >> LIMB_BITS
  s1 -= low << LIMB_BITS
  s5 -= high << LIMB_BITS
  let s2 = r2 + low
  let s6 = r6 + high
  low = (s2 + HALF) >> LIMB_BITS
  high = (s6 + HALF) >> LIMB_BITS
  s2 -= low << LIMB_BITS
  s6 -= high << LIMB_BITS
  let s3 = r3 + low
  let s7 = r7 + high
  low = (s3 + HALF) >> LIMB_BITS
  high = (s7 + HALF) >> LIMB_BITS
  s3 -= low << LIMB_BITS
  s7 -= high << LIMB_BITS
  s4 += low
  let s8 = r8 + high
  low = (s4 + HALF) >> LIMB_BITS
  s4 -= low << LIMB_BITS
  s5 += low
  if (fold != 0) {
    high = (s8 + HALF) >> LIMB_BITS
    s8 -= high << LIMB_BITS
    s0 += fold * high
    low = (s0 + HALF) >> LIMB_BITS
    s0 -= low << LIMB_BITS
    s1 += low
  }
  store<i32>(out, <i32>s0)
  store<i32>(out, <i32>s1, 4)
  store<i32>(out, <i32>s2, 8)
  store<i32>(out, <i32>s3, 12)
  store<i32>(out, <i32>s4, 16)
  store<i32>(out, <i32>s5, 20)
  store<i32>(out, <i32>s6, 24)
  store<i32>(out, <i32>s7, 28)
  store<i32>(out, <i32>s8, 32)
}

/** a + b, limb by limb. */
@inline
export function add(out: usize, a: usize, b: usize): void {
  store<i32>(out, load<i32>(a) + load<i32>(b))
  store<i32>(out, load<i32>(a, 4) + load<i32>(b, 4), 4)
  store<i32>(out, load<i32>(a, 8) + load<i32>(b, 8), 8)
  store<i32>(out, load<i32>(a, 12) + load<i32>(b, 12), 12)
  store<i32>(out, load<i32>(a, 16) + load<i32>(b, 16), 16)
  store<i32>(out, load<i32>(a, 20) + load<i32>(b, 20), 20)
  store<i32>(out, load<i32>(a, 24) + load<i32>(b, 24), 24)
  store<i32>(out, load<i32>(a, 28) + load<i32>(b, 28), 28)
  store<i32>(out, load<i32>(a, 32) + load<i32>(b, 32), 32)
}

/** a − b, limb by limb. */
@inline
export function subtract(out: usize, a: usize, b: usize): void {
  store<i32>(out, load<i32>(a) - load<i32>(b))
  store<i32>(out, load<i32>(a, 4) - load<i32>(b, 4), 4)
  store<i32>(out, load<i32>(a, 8) - load<i32>(b, 8), 8)
  store<i32>(out, load<i32>(a, 12) - load<i32>(b, 12), 12)
  store<i32>(out, load<i32>(a, 16) - load<i32>(b, 16), 16)
  store<i32>(out, load<i32>(a, 20) - load<i32>(b, 20), 20)
  store<i32>(out, load<i32>(a, 24) - load<i32>(b, 24), 24)
  store<i32>(out, load<i32>(a, 28) - load<i32>(b, 28), 28)
  store<i32>(out, load<i32>(a, 32) - load<i32>(b, 32), 32)
}

/** a − b − 2c, carried. */
export function subtractTwice(out: usize, a: usize, b: usize, c: usize): void {
  const r0 = <i64>load<i32>(a) - <i64>load<i32>(b) - (<i64>load<i32>(c) << 1)
  const r1 = <i64>load<i32>(a, 4) - <i64>load<i32>(b, 4) - (<i64>load<i32>(c, 4) << 1)
  const r2 = <i64>load<i32>(a, 8) - <i64>load<i32>(b, 8) - (<i64>load<i32>(c, 8) << 1)
  const r3 = <i64>load<i32>(a, 12) - <i64>load<i32>(b, 12) - (<i64>load<i32>(c, 12) << 1)
  const r4 = <i64>load<i32>(a, 16) - <i64>load<i32>(b, 16) - (<i64>load<i32>(c, 16) << 1)
  const r5 = <i64>load<i32>(a, 20) - <i64>load<i32>(b, 20) - (<i64>load<i32>(c, 20) << 1)
  const r6 = <i64>load<i32>(a, 24) - <i64>load<i32>(b, 24) - (<i64>load<i32>(c, 24) << 1)
  const r7 = <i64>load<i32>(a, 28) - <i64>load<i32>(b, 28) - (<i64>load<i32>(c, 28) << 1)
  const r8 = <i64>load<i32>(a, 32) - <i64>load<i32>(b, 32) - (<i64>load<i32>(c, 32) << 1)
  storeLimbs(out, 0, r0, r1, r2, r3, r4, r5, r6, r7, r8)
}

export function copy(out: usize, a: usize): void {
  for (let at: usize = 0; at < NUMBER; at += 4) store<i32>(out + at, load<i32>(a + at))
}

/** A small number. */
export function setSmall(out: usize, value: i32): void {
  store<i32>(out, value)
  for (let at: usize = 4; at < NUMBER; at += 4) store<i32>(out + at, 0)
}

/** 32 octets, the lowest first, to limbs. */
export function readOctets(out: usize, octets: usize): void {
  for (let index = 0; index < 8; index += 1) {
    const bit = index * 29
    const word = load<u64>(octets + (bit >> 3)) >> (bit & 7)
    store<i32>(out + (index << 2), <i32>(word & LIMB_MASK))
  }
  store<u32>(out, load<u32>(octets, 28) >>> 8, 32)
}

/** Limbs that `settle` left, of a number below 2²⁵⁶, to 32 octets, the lowest first. */
export function writeOctets(octets: usize, number: usize): void {
  let held: u64 = 0
  let bits = 0
  let at = octets
  for (let index = 0; index < 9; index += 1) {
    held |= <u64>load<u32>(number + (index << 2)) << bits
    bits += 29
    for (; bits >= 8 && at < octets + 32; bits -= 8) {
      store<u8>(at, <u8>held)
      held >>= 8
      at += 1
    }
  }
}

/** Carries, so that every limb but the last, which keeps the sign, is from 0 to 2²⁹ − 1. */
export function settle(number: usize): void {
  let carry: i64 = 0
  for (let at: usize = number; at < number + 32; at += 4) {
    carry += load<i32>(at)
    store<i32>(at, <i32>(carry & LIMB_MASK))
    carry >>= LIMB_BITS
  }
  store<i32>(number, <i32>(load<i32>(number, 32) + carry), 32)
}

/** Whether a is less than b, both settled. */
export function isLess(a: usize, b: usize): bool {
  for (let at: usize = 36; at > 0; ) {
    at -= 4
    const left = load<i32>(a + at)
    const right = load<i32>(b + at)
    if (left != right) return left < right
  }
  return false
}

/** Whether a is b, both settled. */
export function isEqual(a: usize, b: usize): bool {
  let difference = 0
  for (let at: usize = 0; at < NUMBER; at += 4) difference |= load<i32>(a + at) ^ load<i32>(b + at)
  return difference == 0
}

/** Whether it is zero, settled. */
export function isZero(number: usize): bool {
  let limbs = 0
  for (let at: usize = 0; at < NUMBER; at += 4) limbs |= load<i32>(number + at)
  return limbs == 0
}
