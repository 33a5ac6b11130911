/**
 * Points of P-256 (SP 800-186 §3.2.1.3) as X, Y, ZZ, ZZZ with x = X/ZZ, y = Y/ZZZ and ZZ³ = ZZZ² (the "XYZZ" coordinates of the
 * Explicit-Formulas Database; Sutherland's, after Chudnovsky and Chudnovsky, 1986). The sum is right for points of which
 * neither is infinite and that differ in x. For two of the same x, ZZ comes out as zero, and stays zero through all further
 * sums: one look at the end tells whether a result means anything.
 */
import { multiply, square } from './field-p256'
import { add, copy, isEqual, isZero, NUMBER, setSmall, settle, subtract, subtractTwice } from './limbs'
import { CONSTANT, POINT, PRIME, SCRATCH } from './memory'
import { bitsAt, isNegative, negated, WINDOWS, windowOf } from './windows'

export const X: usize = POINT
export const Y: usize = POINT + NUMBER
export const ZZ: usize = POINT + NUMBER * 2
export const ZZZ: usize = POINT + NUMBER * 3

/** An entry of a table: x, y. */
export const ENTRY: usize = NUMBER * 2

const P: usize = SCRATCH
const R: usize = SCRATCH + NUMBER
const PP: usize = SCRATCH + NUMBER * 2
const PPP: usize = SCRATCH + NUMBER * 3
const Q: usize = SCRATCH + NUMBER * 4
const NEGATED: usize = SCRATCH + NUMBER * 5
const SMALL: usize = SCRATCH + NUMBER * 6

/** Whether POINT holds no point yet. */
let isEmpty = true

export function clear(): void {
  isEmpty = true
}

/** Whether POINT is a point: not empty, and the sum of points that differed in x. Changes SCRATCH. */
export function isPoint(): bool {
  return !isEmpty && !isZeroModulo(ZZ)
}

/** Adds scalar times the point of a slot, the scalar as 32 octets. */
export function addProduct(slot: i32, scalar: usize): void {
  let carry = 0
  for (let window = 0; window < WINDOWS; window += 1) {
    let digit = bitsAt(scalar, window) + carry
    const negative = isNegative(digit)
    carry = <i32>negative
    if (negative) digit = negated(digit)
    if (digit == 0) continue
    const entry = windowOf(slot, window, ENTRY) + <usize>(digit - 1) * ENTRY
    if (!negative) addAffine(entry, entry + NUMBER)
    else {
      setSmall(NEGATED, 0)
      subtract(NEGATED, NEGATED, entry + NUMBER)
      addAffine(entry, NEGATED)
    }
  }
}

/** A point by its x and y, to POINT. */
export function openAffine(x: usize, y: usize): void {
  copy(X, x)
  copy(Y, y)
  setOne(ZZ)
  setOne(ZZZ)
  isEmpty = false
}

/** Adds a point by its x and y (madd-2008-s). */
export function addAffine(x: usize, y: usize): void {
  if (isEmpty) return openAffine(x, y)
  multiply(P, x, ZZ)
  multiply(R, y, ZZZ)
  subtract(P, P, X)
  subtract(R, R, Y)
  square(PP, P)
  multiply(PPP, P, PP)
  multiply(Q, X, PP)
  square(X, R)
  subtractTwice(X, X, PPP, Q)
  subtract(Q, Q, X)
  multiply(Q, R, Q)
  multiply(Y, Y, PPP)
  subtract(Y, Q, Y)
  multiply(ZZ, ZZ, PP)
  multiply(ZZZ, ZZZ, PPP)
}

/** Twice a point by its x and y, to POINT (mdbl-2008-s-1, with a = −3). */
export function doubleAffine(x: usize, y: usize): void {
  add(P, y, y)
  square(ZZ, P)
  multiply(ZZZ, P, ZZ)
  multiply(Q, x, ZZ)
  setOne(SMALL)
  subtract(R, x, SMALL)
  add(P, x, SMALL)
  multiply(R, R, P)
  add(P, R, R)
  add(R, R, P)
  square(X, R)
  setSmall(SMALL, 0)
  subtractTwice(X, X, SMALL, Q)
  subtract(Q, Q, X)
  multiply(Q, R, Q)
  multiply(R, ZZZ, y)
  subtract(Y, Q, R)
  isEmpty = false
}

/** One, as the field has it: CONSTANT is its square, 2⁵²² modulo p. */
export function setOne(out: usize): void {
  setSmall(out, 1)
  multiply(out, out, CONSTANT)
}

/** A number, settled and from 0 to p − 1, out of the form of the field. */
export function leaveField(out: usize, number: usize): void {
  setSmall(SMALL, 1)
  multiply(out, number, SMALL)
  settle(out)
  if (isEqual(out, PRIME)) setSmall(out, 0)
}

/** Whether a number is a multiple of p. */
export function isZeroModulo(number: usize): bool {
  leaveField(PP, number)
  return isZero(PP)
}
