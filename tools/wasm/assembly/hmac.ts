/** HMAC-SHA-256 (RFC 2104) of TEXT under the key of CONTEXT. */
import { AFTER_FIRST, FIRST, HAS_FIRST, INNER, KEY, MAC, OUTER, OUTER_BLOCK, TEXT } from './memory'
import { swapWords } from './schedule'
import { compress, INITIAL_STATE } from './sha256'

/** Makes the context of the key block in KEY, and wipes the block. */
export function prepareKey(): void {
  maskKey(0x36)
  compress(INITIAL_STATE, KEY, INNER)
  maskKey(0x36 ^ 0x5c)
  compress(INITIAL_STATE, KEY, OUTER)
  const zero = i32x4.splat(0)
  for (let at: usize = 0; at < 64; at += 16) v128.store(KEY + at, zero)
  store<u32>(HAS_FIRST, 0)
}

function maskKey(octet: i8): void {
  const mask = i8x16.splat(octet)
  for (let at: usize = 0; at < 64; at += 16) v128.store(KEY + at, v128.xor(v128.load(KEY + at), mask))
}

/** The MAC of the first octets of TEXT, to MAC. What stands behind them is overwritten with padding. */
export function authenticate(length: i32): void {
  const end = padText(length)
  let block: usize = TEXT + 64
  // The first block holds the header and the beginning of the claims: the same for all tokens of one issuer.
  if (length < 64) compress(INNER, TEXT, MAC)
  else {
    if (!isFirstBlock()) hashFirstBlock()
    compress(AFTER_FIRST, block, MAC)
    block += 64
  }
  for (; block < end; block += 64) compress(MAC, block, MAC)
  v128.store(OUTER_BLOCK, swapWords(v128.load(MAC)))
  v128.store(OUTER_BLOCK, swapWords(v128.load(MAC, 16)), 16)
  finish()
}

/** FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits, the key's block included. Where the padding ends. */
function padText(length: i32): usize {
  const end = TEXT + length
  const zero = i32x4.splat(0)
  for (let at: usize = 0; at < 128; at += 16) v128.store(end + at, zero)
  store<u8>(end, 0x80)
  const padded = TEXT + ((<usize>((length + 72) >> 6)) << 6)
  store<u32>(padded - 4, bswap<u32>((length + 64) << 3))
  return padded
}

function isFirstBlock(): bool {
  if (!load<u32>(HAS_FIRST)) return false
  let difference = i32x4.splat(0)
  for (let at: usize = 0; at < 64; at += 16) {
    difference = v128.or(difference, v128.xor(v128.load(TEXT + at), v128.load(FIRST + at)))
  }
  return !v128.any_true(difference)
}

function hashFirstBlock(): void {
  for (let at: usize = 0; at < 64; at += 16) v128.store(FIRST + at, v128.load(TEXT + at))
  compress(INNER, TEXT, AFTER_FIRST)
  store<u32>(HAS_FIRST, 2)
}

/** The outer hash, to MAC: the key's block, which is in OUTER already, and the inner hash, which is in OUTER_BLOCK. */
export function finish(): void {
  const zero = i32x4.splat(0)
  v128.store(OUTER_BLOCK, zero, 32)
  v128.store(OUTER_BLOCK, zero, 48)
  store<u8>(OUTER_BLOCK, 0x80, 32)
  store<u32>(OUTER_BLOCK, bswap<u32>((64 + 32) << 3), 60)
  compress(OUTER, OUTER_BLOCK, MAC)
  v128.store(MAC, swapWords(v128.load(MAC)))
  v128.store(MAC, swapWords(v128.load(MAC, 16)), 16)
}
