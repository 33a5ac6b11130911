/**
 * A look at JSON text in DATA, sixteen octets at a time: how many members its objects must have, so that the host can tell
 * whether its parser dropped one whose name came twice. Nothing is judged here.
 */
import { DATA } from './memory'

/** No object or array stands inside another. */
export const FLAT: i32 = 1 << 27
/** There are octets beyond ASCII. */
export const BEYOND_ASCII: i32 = 1 << 28
/** There are backslashes, so that quotes were not all told apart and the count means nothing. */
export const ESCAPED: i32 = 1 << 29
/** Where the count stands, of thirteen bits; below it, the length. */
export const COUNT_AT: i32 = 14
const MOST: i32 = 8191

/** Length, count and flags in one number. */
export function survey(length: i32): i32 {
  const end = DATA + length
  const blank = i8x16.splat(0x20)
  v128.store(end, blank)
  let seen = i32x4.splat(0)
  let escapes = i32x4.splat(0)
  let colons = 0
  let opened = 0
  // All bits set while a string goes on.
  let inString = 0
  for (let at: usize = DATA; at < end; at += 16) {
    const text = v128.load(at)
    seen = v128.or(seen, text)
    escapes = v128.or(escapes, i8x16.eq(text, i8x16.splat(0x5c)))
    const strings = spans(i8x16.bitmask(i8x16.eq(text, i8x16.splat(0x22)))) ^ inString
    inString = (strings << 16) >> 31
    const colon = i8x16.bitmask(i8x16.eq(text, i8x16.splat(0x3a)))
    // Opening brackets and braces differ in the bit of the blank alone.
    const open = i8x16.bitmask(i8x16.eq(v128.or(text, blank), i8x16.splat(0x7b)))
    colons += popcnt(colon & ~strings)
    opened += popcnt(open & ~strings)
  }
  let result = length | (min(colons, MOST) << COUNT_AT)
  if (opened == 1) result |= FLAT
  if (i8x16.bitmask(seen)) result |= BEYOND_ASCII
  if (v128.any_true(escapes)) result |= ESCAPED
  return result
}

/** From sixteen bits that stand for quotes, those that stand between an odd and an even one. */
@inline
function spans(quotes: i32): i32 {
  quotes ^= quotes << 1
  quotes ^= quotes << 2
  quotes ^= quotes << 4
  return quotes ^ (quotes << 8)
}
