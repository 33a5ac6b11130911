/**
 * Verifies signatures of Ed25519 (RFC 8032 §5.1.7), as OpenSSL does: S below L, and [S]B − [k]A written as R is, octet by
 * octet, without the cofactor. The host has hashed, and sees to the key. Nothing here is secret: times may tell anything.
 */
import { addEntry, addProduct, clear, ENTRY, invertField, makeEntry, openEntry, reduce, X, Y, Z } from './edwards'
import { multiply } from './field-25519'
import { copy, NUMBER, readOctets, setSmall, writeOctets } from './limbs'
import { BATCH, HASH, KEY, POINT, SCALARS, SCRATCH, SIGNATURE } from './memory'
import { isBelowOrder, reduceWide } from './scalar-25519'
import { ENTRIES, windowOf } from './windows'

export { invert } from './inverse'
export { multiply, square } from './field-25519'

const INVERTED: usize = SCRATCH + NUMBER * 8
const PART: usize = SCRATCH + NUMBER * 9
const OWN_X: usize = SCRATCH + NUMBER * 10
const OWN_Y: usize = SCRATCH + NUMBER * 11
const SAVED: usize = NUMBER * 4

/** Makes one window of the table of a slot: the first of the point in KEY, the others of what the one before ends in. */
export function makeWindow(slot: i32, window: i32): void {
  const first = windowOf(slot, window, ENTRY)
  if (window == 0) {
    readOctets(OWN_X, KEY)
    readOctets(OWN_Y, KEY + 32)
    // To limbs of the size that products have: sums of these are multiplied.
    setSmall(PART, 1)
    multiply(OWN_X, OWN_X, PART)
    multiply(OWN_Y, OWN_Y, PART)
  } else {
    const last = first - ENTRY
    openEntry(last)
    addEntry(last, false)
    invertField(INVERTED, Z)
    multiply(OWN_X, X, INVERTED)
    multiply(OWN_Y, Y, INVERTED)
  }
  makeEntry(first, OWN_X, OWN_Y)
  collect(first)
  finish(first)
}

/** The multiples of the first entry, to BATCH: X, Y, Z of each, and the product of all Z up to it. */
function collect(first: usize): void {
  openEntry(first)
  setSmall(PART, 1)
  for (let index = 1; index < ENTRIES; index += 1) {
    addEntry(first, false)
    const saved = BATCH + <usize>index * SAVED
    memory.copy(saved, POINT, NUMBER * 3)
    multiply(PART, PART, Z)
    copy(saved + NUMBER * 3, PART)
  }
}

/** Their entries: one inverse, of the product of all Z, gives that of each (Montgomery's trick). */
function finish(first: usize): void {
  invertField(INVERTED, PART)
  for (let index = ENTRIES - 1; index > 0; index -= 1) {
    const saved = BATCH + <usize>index * SAVED
    if (index == 1) copy(PART, INVERTED)
    else multiply(PART, INVERTED, saved - SAVED + NUMBER * 3)
    multiply(INVERTED, INVERTED, saved + NUMBER * 2)
    multiply(OWN_X, saved, PART)
    multiply(OWN_Y, saved + NUMBER, PART)
    makeEntry(first + <usize>index * ENTRY, OWN_X, OWN_Y)
  }
}

/**
 * Whether SIGNATURE is good under the key of a slot, whose table is that of −A; HASH is SHA-512 of R, A and the message.
 *
 * @returns 1 or 0
 */
export function verify(slot: i32): i32 {
  if (!isBelowOrder(SIGNATURE + 32)) return 0
  reduceWide(SCALARS, HASH)
  clear()
  addProduct(0, SIGNATURE + 32)
  addProduct(slot, SCALARS)
  return <i32>isWrittenAs(SIGNATURE)
}

/** Whether POINT is written as these 32 octets: y, with the lowest bit of x on top. */
function isWrittenAs(octets: usize): bool {
  invertField(INVERTED, Z)
  multiply(OWN_X, X, INVERTED)
  multiply(OWN_Y, Y, INVERTED)
  reduce(OWN_X)
  reduce(OWN_Y)
  writeOctets(SCALARS, OWN_Y)
  store<u8>(SCALARS, load<u8>(SCALARS, 31) | (load<u8>(OWN_X) << 7), 31)
  let difference: u64 = 0
  for (let at: usize = 0; at < 32; at += 8) difference |= load<u64>(SCALARS + at) ^ load<u64>(octets + at)
  return difference == 0
}
