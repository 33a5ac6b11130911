/** Numbers modulo the order of Ed25519's group, L = 2²⁵² + c (RFC 8032 §5.1), in limbs of 28 bits: nine of them are 252. */
import { WIDE } from './memory'

const LIMB_BITS: i64 = 28
const LIMB_MASK: i64 = (1 << 28) - 1

/** The limbs of c, which has five. */
function tail(index: i32): i64 {
  if (index == 0) return 0xcf5d3ed
  if (index == 1) return 0x12631a5
  if (index == 2) return 0x79cd658
  if (index == 3) return 0xf9dea2f
  return index == 4 ? 0x14de : 0
}

@inline
function limb(index: i32): usize {
  return WIDE + <usize>(index << 3)
}

/** Whether 32 octets, the lowest first, are a number below L. */
export function isBelowOrder(octets: usize): bool {
  read(octets, 10)
  store<i64>(limb(9), load<i64>(limb(9)) & 0xf)
  return isBelow()
}

/** 64 octets modulo L, as 32 octets; the lowest first. */
export function reduceWide(out: usize, octets: usize): void {
  read(octets, 19)
  store<i64>(limb(18), load<i64>(limb(18)) & 0xff)
  fold(18, 14)
  carry(13)
  fold(13, 9)
  carry(9)
  fold(9, 9)
  carry(9)
  // Now between −L and 2L.
  if (load<i64>(limb(9)) < 0) addOrder(1)
  else if (!isBelow()) addOrder(-1)
  write(out)
}

function read(octets: usize, limbs: i32): void {
  for (let index = 0; index < limbs; index += 1) {
    const bit = index * 28
    store<i64>(limb(index), (load<u32>(octets + (bit >> 3)) >> (bit & 7)) & LIMB_MASK)
  }
}

/** 2²⁵² is −c: takes limbs from behind the ninth away, and c times them from those nine places lower. */
function fold(from: i32, to: i32): void {
  for (let index = from; index >= to; index -= 1) {
    const factor = load<i64>(limb(index))
    store<i64>(limb(index), 0)
    for (let part = 0; part < 5; part += 1) {
      const at = limb(index - 9 + part)
      store<i64>(at, load<i64>(at) - tail(part) * factor)
    }
  }
}

/** Carries from the first limb to this one, which keeps the sign. */
function carry(last: i32): void {
  let held: i64 = 0
  for (let index = 0; index < last; index += 1) {
    held += load<i64>(limb(index))
    store<i64>(limb(index), held & LIMB_MASK)
    held >>= LIMB_BITS
  }
  store<i64>(limb(last), load<i64>(limb(last)) + held)
}

/** Whether the number in ten limbs is below L. */
function isBelow(): bool {
  for (let index = 9; index >= 0; index -= 1) {
    const own = load<i64>(limb(index))
    const other = index == 9 ? 1 : tail(index)
    if (own != other) return own < other
  }
  return false
}

function addOrder(times: i64): void {
  for (let index = 0; index < 5; index += 1) {
    store<i64>(limb(index), load<i64>(limb(index)) + times * tail(index))
  }
  store<i64>(limb(9), load<i64>(limb(9)) + times)
  carry(9)
}

/** Two limbs are seven octets. */
function write(out: usize): void {
  for (let pair: usize = 0; pair < 5; pair += 1) {
    const at = WIDE + (pair << 4)
    store<u64>(out + pair * 7, load<u64>(at) | (load<u64>(at, 8) << LIMB_BITS))
  }
}
