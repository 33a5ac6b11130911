/**
 * Verifies ECDSA signatures on P-256 (FIPS 186-5 §6.4.2). The host has hashed, and sees to the key. Nothing here is secret: times
 * may tell anything.
 */
import { multiply } from './field-p256'
import { invert } from './inverse'
import { add, copy, isLess, isZero, NUMBER, readOctets, settle, subtract, writeOctets } from './limbs'
import { BATCH, CONSTANT, HASH, KEY, ORDER, POINT, PRIME, SCALAR, SCALARS, SCRATCH, SIGNATURE, WIDE } from './memory'
import {
  addAffine, addProduct, clear, doubleAffine, ENTRY, isPoint, isZeroModulo, leaveField, setOne, X, ZZ, ZZZ,
} from './p256-points'
import { enterScalars, multiplyScalars } from './scalar-p256'
import { ENTRIES, windowOf } from './windows'

export { invert } from './inverse'
export { multiply, square } from './field-p256'

/** What `verify` cannot tell: a sum of points of the same x came up. The host asks somebody else. */
const UNKNOWN: i32 = -1

const PART: usize = SCRATCH + NUMBER * 7
const INVERTED: usize = SCRATCH + NUMBER * 8
const OWN_R: usize = SCRATCH + NUMBER * 9
const OWN_S: usize = SCRATCH + NUMBER * 10
const OWN_HASH: usize = SCRATCH + NUMBER * 11
const SAVED: usize = NUMBER * 5

/** Makes one window of the table of a slot: the first of the point in KEY, the others of what the one before ends in. */
export function makeWindow(slot: i32, window: i32): void {
  const first = windowOf(slot, window, ENTRY)
  if (window == 0) {
    readOctets(first, KEY)
    readOctets(first + NUMBER, KEY + 32)
    multiply(first, first, CONSTANT)
    multiply(first + NUMBER, first + NUMBER, CONSTANT)
  } else {
    const last = first - ENTRY
    doubleAffine(last, last + NUMBER)
    invertField(INVERTED, ZZZ)
    divide(first, POINT)
  }
  collect(first)
  finish(first)
}

/** The multiples of the first entry, to BATCH: X, Y, ZZ, ZZZ of each, and the product of all ZZZ up to it. */
function collect(first: usize): void {
  setOne(PART)
  for (let index = 1; index < ENTRIES; index += 1) {
    if (index == 1) doubleAffine(first, first + NUMBER)
    else addAffine(first, first + NUMBER)
    const saved = BATCH + <usize>index * SAVED
    memory.copy(saved, POINT, NUMBER * 4)
    multiply(PART, PART, ZZZ)
    copy(saved + NUMBER * 4, PART)
  }
}

/** Their entries: one inverse, of the product of all ZZZ, gives that of each (Montgomery's trick). */
function finish(first: usize): void {
  invertField(OWN_S, PART)
  for (let index = ENTRIES - 1; index > 0; index -= 1) {
    const saved = BATCH + <usize>index * SAVED
    if (index == 1) copy(INVERTED, OWN_S)
    else multiply(INVERTED, OWN_S, saved - SAVED + NUMBER * 4)
    multiply(OWN_S, OWN_S, saved + NUMBER * 3)
    divide(first + <usize>index * ENTRY, saved)
  }
}

/** The entry of a point in four numbers, of whose ZZZ the inverse is in INVERTED: that of ZZ is (ZZ / ZZZ)². */
function divide(entry: usize, point: usize): void {
  multiply(PART, point + NUMBER * 2, INVERTED)
  multiply(PART, PART, PART)
  multiply(entry, point, PART)
  multiply(entry + NUMBER, point + NUMBER, INVERTED)
}

/** The inverse of a number of the field, which leaves the form of the field for it. */
function invertField(out: usize, number: usize): void {
  leaveField(out, number)
  invert(out, out, PRIME)
  multiply(out, out, CONSTANT)
}

/**
 * Whether SIGNATURE, r and s with the highest octet first, is good under the key of a slot; HASH is SHA-256 of the message.
 *
 * @returns 1 or 0, or UNKNOWN
 */
export function verify(slot: i32): i32 {
  readBigEndian(OWN_R, SIGNATURE)
  readBigEndian(OWN_S, SIGNATURE + 32)
  readBigEndian(OWN_HASH, HASH)
  if (!isScalar(OWN_R) || !isScalar(OWN_S)) return 0
  invert(INVERTED, OWN_S, ORDER)
  enterScalars(INVERTED, INVERTED)
  multiplyScalars(OWN_HASH, OWN_HASH, INVERTED)
  multiplyScalars(OWN_S, OWN_R, INVERTED)
  writeOctets(SCALARS, OWN_HASH)
  writeOctets(SCALARS + SCALAR, OWN_S)
  clear()
  addProduct(0, SCALARS)
  addProduct(slot, SCALARS + SCALAR)
  if (!isPoint()) return UNKNOWN
  return <i32>(isX(OWN_R) || isXAboveOrder(OWN_R))
}

/** Whether it is from 1 to n − 1. */
function isScalar(number: usize): bool {
  return isLess(number, ORDER) && !isZero(number)
}

/** Whether r + n, where it is below p, is the x of POINT: x modulo n is r then too. */
function isXAboveOrder(r: usize): bool {
  add(r, r, ORDER)
  settle(r)
  return isLess(r, PRIME) && isX(r)
}

/** Whether a number below p is the x of POINT: X is that many times ZZ. */
function isX(number: usize): bool {
  multiply(PART, number, CONSTANT)
  multiply(PART, PART, ZZ)
  subtract(PART, PART, X)
  return isZeroModulo(PART)
}

/** 32 octets, the highest first, to limbs. */
function readBigEndian(out: usize, octets: usize): void {
  for (let at: usize = 0; at < 32; at += 8) store<u64>(WIDE + at, bswap<u64>(load<u64>(octets + 24 - at)))
  readOctets(out, WIDE)
}
