/**
 * Base64url (RFC 4648 §5), sixteen characters at a time, and strict: no padding, no other characters, no length that
 * nothing has, no bits that carry nothing. The way is Wojciech Muła's: the two halves of a character look up what is
 * wrong with it and how far it is from its value.
 */

/** Decodes; the octets written, or -1. Up to fifteen octets behind them are overwritten. */
export function decode(from: usize, length: i32, to: usize): i32 {
  const rest = length & 15
  const end = from + (length - rest)
  let wrong = i32x4.splat(0)
  for (; from < end; from += 16) {
    const characters = v128.load(from)
    wrong = v128.or(wrong, faults(characters))
    v128.store(to, octets(characters))
    to += 12
  }
  if (rest) {
    if ((rest & 3) == 1) return -1
    const characters = fillUp(v128.load(from), rest)
    wrong = v128.or(wrong, faults(characters))
    v128.store(to, octets(characters))
    // What is left of the last character lands in the octet behind the last one.
    if (rest & 3 && load<u8>(to + ((rest * 6) >> 3))) return -1
  }
  return v128.any_true(wrong) ? -1 : (length * 6) >> 3
}

/** The first characters, and behind them the character that stands for zero. */
@inline
function fillUp(characters: v128, count: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  return v128.bitselect(characters, i8x16.splat(0x41), i8x16.lt_u(places, i8x16.splat(<i8>count)))
}

/**
 * Not zero where a character is not of the alphabet. Six kinds of upper halves, a bit each: 1 for 2x (- alone), 2 for 3x
 * (digits), 4 for 4x and 6x (letters from A), 8 for 5x (letters to Z, _), 16 for 7x (letters to z), 32 for all others.
 * For every lower half stand the kinds in which it is no character.
 */
@inline
function faults(characters: v128): v128 {
  const kinds = i8x16(32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32)
  const foreign = i8x16(37, 33, 33, 33, 33, 33, 33, 33, 33, 33, 35, 59, 59, 58, 59, 51)
  return v128.and(
    i8x16.swizzle(kinds, upperHalves(characters)),
    i8x16.swizzle(foreign, v128.and(characters, i8x16.splat(15))),
  )
}

/** Processors shift words, not octets. */
@inline
function upperHalves(characters: v128): v128 {
  return v128.and(i16x8.shr_u(characters, 4), i8x16.splat(15))
}

/** The twelve octets of sixteen characters, at the front. */
@inline
function octets(characters: v128): v128 {
  const distances = i8x16(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0)
  const underscore = v128.and(i8x16.eq(characters, i8x16.splat(0x5f)), i8x16.splat(33))
  const distance = i8x16.add(i8x16.swizzle(distances, upperHalves(characters)), underscore)
  // a b c d, six bits each, to ab cd, twelve bits each, to abcd.
  const six = i8x16.add(characters, distance)
  const twelve = v128.or(v128.and(i16x8.shl(six, 6), i16x8.splat(0x0fc0)), i16x8.shr_u(six, 8))
  const whole = v128.or(v128.and(i32x4.shl(twelve, 12), i32x4.splat(0x00fff000)), i32x4.shr_u(twelve, 16))
  return v128.shuffle<u8>(whole, whole, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3)
}

/** Encodes; where the text ends. Up to sixteen octets behind it are overwritten, and two behind the data. */
export function encode(from: usize, length: i32, to: usize): usize {
  const end = to + (length * 8 + 5) / 6
  const stop = from + length
  // Bits that carry nothing are zero.
  store<u16>(stop, 0)
  for (; from < stop; from += 12) {
    v128.store(to, characters(v128.load(from)))
    to += 16
  }
  return end
}

/** The sixteen characters of the first twelve octets. */
@inline
function characters(octets: v128): v128 {
  const whole = v128.shuffle<u8>(octets, octets, 2, 1, 0, 2, 5, 4, 3, 5, 8, 7, 6, 8, 11, 10, 9, 11)
  const six = v128.or(
    v128.or(
      v128.and(i32x4.shr_u(whole, 18), i32x4.splat(0x3f)),
      v128.and(i32x4.shr_u(whole, 4), i32x4.splat(0x3f00)),
    ),
    v128.or(
      v128.and(i32x4.shl(whole, 10), i32x4.splat(0x3f0000)),
      v128.and(i32x4.shl(whole, 24), i32x4.splat(0x3f000000)),
    ),
  )
  // From 0 to 25 letters from A, to 51 from a, to 61 digits, then - and _.
  let text = i8x16.add(six, i8x16.splat(65))
  text = i8x16.add(text, v128.and(i8x16.gt_u(six, i8x16.splat(25)), i8x16.splat(6)))
  text = i8x16.sub(text, v128.and(i8x16.gt_u(six, i8x16.splat(51)), i8x16.splat(75)))
  text = i8x16.sub(text, v128.and(i8x16.gt_u(six, i8x16.splat(61)), i8x16.splat(13)))
  return i8x16.add(text, v128.and(i8x16.eq(six, i8x16.splat(63)), i8x16.splat(49)))
}
