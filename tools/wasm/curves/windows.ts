/**
 * Scalars in windows of seven bits. A digit is from −63 to 64, so that a table has 64 multiples of a point for each of 37
 * places: j · 2^(7i) · P. A product with a scalar is then a sum of 37 entries, and no point is ever doubled.
 */
import { TABLES } from './memory'

export const WINDOW_BITS: i32 = 7
/** 259 bits: those of a scalar below 2²⁵⁶, and the carry of its last digit. */
export const WINDOWS: i32 = 37
export const ENTRIES: i32 = 64

const DIGITS: i32 = 1 << WINDOW_BITS

/** The bits of a scalar in a window. */
@inline
export function bitsAt(scalar: usize, window: i32): i32 {
  const bit = window * WINDOW_BITS
  return (load<u16>(scalar + (bit >> 3)) >> (bit & 7)) & (DIGITS - 1)
}

/** Whether a digit is written as the next one less 128. */
@inline
export function isNegative(digit: i32): bool {
  return digit > ENTRIES
}

/** How far a digit that is negative is from the next one. */
@inline
export function negated(digit: i32): i32 {
  return DIGITS - digit
}

/** Where the table of a slot starts; 0 is that of the base point. */
@inline
export function tableOf(slot: i32, entryOctets: usize): usize {
  return TABLES + <usize>slot * <usize>(WINDOWS * ENTRIES) * entryOctets
}

/** Where a window of a table starts. */
@inline
export function windowOf(slot: i32, window: i32, entryOctets: usize): usize {
  return tableOf(slot, entryOctets) + <usize>(window * ENTRIES) * entryOctets
}
