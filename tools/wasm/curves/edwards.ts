/**
 * Points of Ed25519's curve, −x² + y² = 1 + d x² y² (RFC 8032 §5.1), in extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z,
 * T = XY/Z. The sum (Hisil, Wong, Carter, Dawson: "Twisted Edwards Curves Revisited", 2008, §3.1) is right for any two
 * points, equal ones and the neutral one included.
 */
import { multiply } from './field-25519'
import { invert } from './inverse'
import { add, isLess, NUMBER, setSmall, settle, subtract } from './limbs'
import { CONSTANT, POINT, PRIME, SCRATCH } from './memory'
import { bitsAt, isNegative, negated, WINDOWS, windowOf } from './windows'

export const X: usize = POINT
export const Y: usize = POINT + NUMBER
export const Z: usize = POINT + NUMBER * 2
export const T: usize = POINT + NUMBER * 3

/** An entry of a table, of a point with Z = 1: y + x, y − x, 2dxy. */
export const ENTRY: usize = NUMBER * 3
const SUM: usize = 0
const DIFFERENCE: usize = NUMBER
const PRODUCT: usize = NUMBER * 2

const A: usize = SCRATCH
const B: usize = SCRATCH + NUMBER
const C: usize = SCRATCH + NUMBER * 2
const D: usize = SCRATCH + NUMBER * 3
const E: usize = SCRATCH + NUMBER * 4
const F: usize = SCRATCH + NUMBER * 5
const G: usize = SCRATCH + NUMBER * 6
const H: usize = SCRATCH + NUMBER * 7

/** The neutral point. */
export function clear(): void {
  setSmall(X, 0)
  setSmall(Y, 1)
  setSmall(Z, 1)
  setSmall(T, 0)
}

/** Adds scalar times the point of a slot, the scalar as 32 octets below 2²⁵⁶. */
export function addProduct(slot: i32, scalar: usize): void {
  let carry = 0
  for (let window = 0; window < WINDOWS; window += 1) {
    let digit = bitsAt(scalar, window) + carry
    const negative = isNegative(digit)
    carry = <i32>negative
    if (negative) digit = negated(digit)
    if (digit != 0) addEntry(windowOf(slot, window, ENTRY) + <usize>(digit - 1) * ENTRY, negative)
  }
}

/** Adds a point of a table, or takes it away: −(x, y) is (−x, y), which swaps sum and difference and turns the product. */
export function addEntry(entry: usize, negative: bool): void {
  subtract(A, Y, X)
  add(B, Y, X)
  multiply(A, A, entry + (negative ? SUM : DIFFERENCE))
  multiply(B, B, entry + (negative ? DIFFERENCE : SUM))
  multiply(C, T, entry + PRODUCT)
  add(D, Z, Z)
  subtract(E, B, A)
  if (negative) {
    add(F, D, C)
    subtract(G, D, C)
  } else {
    subtract(F, D, C)
    add(G, D, C)
  }
  add(H, B, A)
  multiply(X, E, F)
  multiply(Y, G, H)
  multiply(T, E, H)
  multiply(Z, F, G)
}

/** The point of an entry, to POINT, all times four: differences and sums of an entry are twice x and y. */
export function openEntry(entry: usize): void {
  subtract(E, entry + SUM, entry + DIFFERENCE)
  add(F, entry + SUM, entry + DIFFERENCE)
  // Back to limbs of the usual size.
  setSmall(G, 1)
  multiply(E, E, G)
  multiply(F, F, G)
  multiply(T, E, F)
  add(X, E, E)
  add(Y, F, F)
  setSmall(Z, 4)
}

/** The entry of a point, by its x and y. */
export function makeEntry(entry: usize, x: usize, y: usize): void {
  add(entry + SUM, y, x)
  subtract(entry + DIFFERENCE, y, x)
  multiply(A, x, y)
  multiply(entry + PRODUCT, A, CONSTANT)
}

/** A number as the one from 0 to p − 1, settled. */
export function reduce(number: usize): void {
  foldTop(number)
  foldTop(number)
  if (isLess(number, PRIME)) return
  subtract(number, number, PRIME)
  settle(number)
}

/** What stands above 2²⁵⁵ counts nineteen times at the lowest place; below zero comes to below 2²⁵⁵ at the second time. */
function foldTop(number: usize): void {
  settle(number)
  const top = load<i32>(number, 32)
  store<i32>(number, top & 0x7fffff, 32)
  store<i32>(number, load<i32>(number) + 19 * (top >> 23))
  settle(number)
}

/** The inverse of a number that `reduce` may change. */
export function invertField(out: usize, number: usize): void {
  reduce(number)
  invert(out, number, PRIME)
  // Up to thirteen times the prime; a product makes it small again.
  setSmall(H, 1)
  multiply(out, out, H)
}
