/** What the host calls. It has written ASCII text to TEXT, or octets to DATA, and the context of the key to CONTEXT. */
import { decode, encode } from './base64url'
import { authenticate, finish } from './hmac'
import { COUNT_AT, survey } from './json'
import { changes } from './likeness'
import { DATA, DRAFT, HEADER, HEADER_LENGTH, MAC, TEXT, UNVERIFIED, VERIFIED } from './memory'

export { prepareKey } from './hmac'

/** The token does not end in the MAC of what stands before its last dot, in its canonical spelling. */
const BAD_SIGNATURE: i32 = -1
/** The payload is not canonical base64url. */
const BAD_PAYLOAD: i32 = -2
/** It is not a token of the header in HEADER, or its segments are not what they should be: nothing was verified. */
const ANOTHER: i32 = -3

/** The payload is like the model; in place of its members, how many values differ. */
const LIKE: i32 = 1 << 30

/** Characters of a MAC, with the dot in front of it. */
const MAC_CHARACTERS: i32 = 44
const DOT: i32 = 0x2e

/** Whether the compact token in TEXT has the header in HEADER, and behind its last dot as many characters as a MAC. */
export function isKnown(length: i32): bool {
  const start = load<i32>(HEADER_LENGTH)
  const secondDot = length - MAC_CHARACTERS
  return secondDot >= start && startsWithHeader(start) && load<u8>(TEXT + secondDot) == DOT
}

/**
 * Verifies the compact token in TEXT if its header is the one in HEADER. BAD_SIGNATURE is told only of a token in which
 * nothing else is wrong.
 *
 * @param isHashed whether the host has done the inner hash, which is in OUTER_BLOCK then
 * @returns what `look` tells of the payload, or a negative reason
 */
export function openKnown(length: i32, isHashed: bool): i32 {
  if (!isKnown(length)) return ANOTHER
  const start = load<i32>(HEADER_LENGTH)
  const secondDot = length - MAC_CHARACTERS
  if (decode(TEXT + secondDot + 1, MAC_CHARACTERS - 1, DATA) < 0) return ANOTHER
  const low = v128.load(DATA)
  const high = v128.load(DATA, 16)
  const octets = decode(TEXT + start, secondDot - start, DATA)
  if (octets < 0) return ANOTHER
  if (isHashed) finish()
  else authenticate(secondDot)
  return isMac(low, high) ? look(octets, VERIFIED) : BAD_SIGNATURE
}

/** Eight characters at a time, the last eight once more; no header has less. */
function startsWithHeader(length: i32): bool {
  const last = length - 8
  let difference = load<u64>(TEXT + last) ^ load<u64>(HEADER + last)
  for (let at = 0; at < last; at += 8) difference |= load<u64>(TEXT + at) ^ load<u64>(HEADER + at)
  return difference == 0
}

/** All of it is compared, whatever differs. */
@inline
function isMac(low: v128, high: v128): bool {
  return !v128.any_true(v128.or(v128.xor(low, v128.load(MAC)), v128.xor(high, v128.load(MAC, 16))))
}

/**
 * Verifies the compact token in TEXT; its decoded payload goes to DATA.
 *
 * @param isHashed as `openKnown`
 * @returns what `look` tells of the payload, or a negative reason
 */
export function open(length: i32, firstDot: i32, secondDot: i32, isHashed: bool): i32 {
  const size = decode(TEXT + secondDot + 1, length - secondDot - 1, DATA)
  if (size != 32) return BAD_SIGNATURE
  const low = v128.load(DATA)
  const high = v128.load(DATA, 16)
  if (isHashed) finish()
  else authenticate(secondDot)
  return isMac(low, high) ? read(firstDot + 1, secondDot, 1) : BAD_SIGNATURE
}

/** Decodes a part of TEXT to DATA. @returns the octets, or BAD_PAYLOAD */
export function octetsOf(from: i32, to: i32): i32 {
  const octets = decode(TEXT + from, to - from, DATA)
  return octets < 0 ? BAD_PAYLOAD : octets
}

/** Decodes a part of TEXT to DATA, and looks at it. @returns as `open` */
export function read(from: i32, to: i32, isVerified: i32): i32 {
  const octets = octetsOf(from, to)
  return octets < 0 ? octets : look(octets, isVerified ? VERIFIED : UNVERIFIED)
}

/** What differs from the model, or what `survey` tells of a payload that is another. */
function look(length: i32, model: usize): i32 {
  const changed = changes(model, length)
  return changed < 0 ? survey(length) : LIKE | (changed << COUNT_AT) | length
}

/**
 * What is signed of a token, in TEXT: the header in HEADER, and the octets of DRAFT.
 *
 * @returns its length
 */
export function layOut(octets: i32): i32 {
  const start = load<i32>(HEADER_LENGTH)
  for (let at = 0; at < start; at += 16) v128.store(TEXT + at, v128.load(HEADER + at))
  return <i32>(encode(DRAFT, octets, TEXT + start) - TEXT)
}

/**
 * Puts the MAC of what was laid out behind it.
 *
 * @param isHashed as `openKnown`
 * @returns the length of the token
 */
export function sign(length: i32, isHashed: bool): i32 {
  if (isHashed) finish()
  else authenticate(length)
  return append(length, MAC, 32)
}

/** Puts a signature behind what was laid out: so many octets from a place. @returns the length of the token */
export function append(length: i32, from: usize, octets: i32): i32 {
  const end = TEXT + length
  store<u8>(end, DOT)
  return <i32>(encode(from, octets, end + 1) - TEXT)
}
