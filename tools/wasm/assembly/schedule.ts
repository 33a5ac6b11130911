/** The message schedule of SHA-256 (FIPS 180-4 §6.2.2), four words at a time. */

/** Big-endian words, from memory or to it. */
@inline
export function swapWords(words: v128): v128 {
  return v128.shuffle<u8>(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
}

/** Four words from the sixteen before them. */
@inline
export function extend(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const sum = i32x4.add(
    i32x4.add(w0, sigma0(v128.shuffle<u32>(w0, w1, 1, 2, 3, 4))),
    v128.shuffle<u32>(w2, w3, 1, 2, 3, 4),
  )
  // σ1 of the last two words belongs to the first two of the four; σ1 of these, when they are there, to the others.
  const zero = i32x4.splat(0)
  const half = i32x4.add(sum, sigma1(v128.shuffle<u32>(w3, zero, 2, 3, 4, 4)))
  return i32x4.add(half, sigma1(v128.shuffle<u32>(half, zero, 4, 4, 0, 1)))
}

@inline
function sigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotateWords(x, 7), rotateWords(x, 18)), i32x4.shr_u(x, 3))
}

@inline
function sigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotateWords(x, 17), rotateWords(x, 19)), i32x4.shr_u(x, 10))
}

@inline
function rotateWords(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by))
}
