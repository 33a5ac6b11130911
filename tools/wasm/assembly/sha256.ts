/** SHA-256 (FIPS 180-4), one block at a time. */
import { SCHEDULE } from './memory'
import { extend, swapWords } from './schedule'

/** FIPS 180-4 §4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS: usize = memory.data<u32>(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
  16,
)

/** FIPS 180-4 §5.3.3: the same of the square roots of the first eight primes. */
export const INITIAL_STATE: usize = memory.data<u32>(
  [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  16,
)

/**
 * FIPS 180-4 §6.2.2: the state behind one block of 64 octets. The schedule is extended between the rounds: its vectors have
 * no need of the variables, so the processor works on both, which takes a fifth less than one after the other.
 */
export function compress(state: usize, block: usize, next: usize): void {
  let a = load<u32>(state)
  let b = load<u32>(state, 4)
  let c = load<u32>(state, 8)
  let d = load<u32>(state, 12)
  let e = load<u32>(state, 16)
  let f = load<u32>(state, 20)
  let g = load<u32>(state, 24)
  let h = load<u32>(state, 28)
  let w0 = swapWords(v128.load(block))
  let w1 = swapWords(v128.load(block, 16))
  let w2 = swapWords(v128.load(block, 32))
  let w3 = swapWords(v128.load(block, 48))
  let t: u32
  // Maj needs a ⊕ b and b ⊕ c, and the second is the first of the round before.
  let ab: u32
  let bc = b ^ c
  v128.store(SCHEDULE, i32x4.add(w0, v128.load(ROUND_CONSTANTS)))
  v128.store(SCHEDULE, i32x4.add(w1, v128.load(ROUND_CONSTANTS, 16)), 16)
  v128.store(SCHEDULE, i32x4.add(w2, v128.load(ROUND_CONSTANTS, 32)), 32)
  v128.store(SCHEDULE, i32x4.add(w3, v128.load(ROUND_CONSTANTS, 48)), 48)
  // The variables take turns instead of moving. What waits for the round before is added last.
  for (let at: usize = 64; at < 256; at += 64) {
    w0 = extend(w0, w1, w2, w3)
    t = h + load<u32>(SCHEDULE) + choose(e, f, g) + mix(e)
    d += t
    ab = a ^ b
    h = t + (spread(a) + (b ^ (ab & bc)))
    bc = ab
    t = g + load<u32>(SCHEDULE, 4) + choose(d, e, f) + mix(d)
    c += t
    ab = h ^ a
    g = t + (spread(h) + (a ^ (ab & bc)))
    bc = ab
    t = f + load<u32>(SCHEDULE, 8) + choose(c, d, e) + mix(c)
    b += t
    ab = g ^ h
    f = t + (spread(g) + (h ^ (ab & bc)))
    bc = ab
    t = e + load<u32>(SCHEDULE, 12) + choose(b, c, d) + mix(b)
    a += t
    ab = f ^ g
    e = t + (spread(f) + (g ^ (ab & bc)))
    bc = ab
    v128.store(SCHEDULE, i32x4.add(w0, v128.load(ROUND_CONSTANTS + at)))
    w1 = extend(w1, w2, w3, w0)
    t = d + load<u32>(SCHEDULE, 16) + choose(a, b, c) + mix(a)
    h += t
    ab = e ^ f
    d = t + (spread(e) + (f ^ (ab & bc)))
    bc = ab
    t = c + load<u32>(SCHEDULE, 20) + choose(h, a, b) + mix(h)
    g += t
    ab = d ^ e
    c = t + (spread(d) + (e ^ (ab & bc)))
    bc = ab
    t = b + load<u32>(SCHEDULE, 24) + choose(g, h, a) + mix(g)
    f += t
    ab = c ^ d
    b = t + (spread(c) + (d ^ (ab & bc)))
    bc = ab
    t = a + load<u32>(SCHEDULE, 28) + choose(f, g, h) + mix(f)
    e += t
    ab = b ^ c
    a = t + (spread(b) + (c ^ (ab & bc)))
    bc = ab
    v128.store(SCHEDULE, i32x4.add(w1, v128.load(ROUND_CONSTANTS + at, 16)), 16)
    w2 = extend(w2, w3, w0, w1)
    t = h + load<u32>(SCHEDULE, 32) + choose(e, f, g) + mix(e)
    d += t
    ab = a ^ b
    h = t + (spread(a) + (b ^ (ab & bc)))
    bc = ab
    t = g + load<u32>(SCHEDULE, 36) + choose(d, e, f) + mix(d)
    c += t
    ab = h ^ a
    g = t + (spread(h) + (a ^ (ab & bc)))
    bc = ab
    t = f + load<u32>(SCHEDULE, 40) + choose(c, d, e) + mix(c)
    b += t
    ab = g ^ h
    f = t + (spread(g) + (h ^ (ab & bc)))
    bc = ab
    t = e + load<u32>(SCHEDULE, 44) + choose(b, c, d) + mix(b)
    a += t
    ab = f ^ g
    e = t + (spread(f) + (g ^ (ab & bc)))
    bc = ab
    v128.store(SCHEDULE, i32x4.add(w2, v128.load(ROUND_CONSTANTS + at, 32)), 32)
    w3 = extend(w3, w0, w1, w2)
    t = d + load<u32>(SCHEDULE, 48) + choose(a, b, c) + mix(a)
    h += t
    ab = e ^ f
    d = t + (spread(e) + (f ^ (ab & bc)))
    bc = ab
    t = c + load<u32>(SCHEDULE, 52) + choose(h, a, b) + mix(h)
    g += t
    ab = d ^ e
    c = t + (spread(d) + (e ^ (ab & bc)))
    bc = ab
    t = b + load<u32>(SCHEDULE, 56) + choose(g, h, a) + mix(g)
    f += t
    ab = c ^ d
    b = t + (spread(c) + (d ^ (ab & bc)))
    bc = ab
    t = a + load<u32>(SCHEDULE, 60) + choose(f, g, h) + mix(f)
    e += t
    ab = b ^ c
    a = t + (spread(b) + (c ^ (ab & bc)))
    bc = ab
    v128.store(SCHEDULE, i32x4.add(w3, v128.load(ROUND_CONSTANTS + at, 48)), 48)
  }
  t = h + load<u32>(SCHEDULE) + choose(e, f, g) + mix(e)
  d += t
  ab = a ^ b
  h = t + (spread(a) + (b ^ (ab & bc)))
  bc = ab
  t = g + load<u32>(SCHEDULE, 4) + choose(d, e, f) + mix(d)
  c += t
  ab = h ^ a
  g = t + (spread(h) + (a ^ (ab & bc)))
  bc = ab
  t = f + load<u32>(SCHEDULE, 8) + choose(c, d, e) + mix(c)
  b += t
  ab = g ^ h
  f = t + (spread(g) + (h ^ (ab & bc)))
  bc = ab
  t = e + load<u32>(SCHEDULE, 12) + choose(b, c, d) + mix(b)
  a += t
  ab = f ^ g
  e = t + (spread(f) + (g ^ (ab & bc)))
  bc = ab
  t = d + load<u32>(SCHEDULE, 16) + choose(a, b, c) + mix(a)
  h += t
  ab = e ^ f
  d = t + (spread(e) + (f ^ (ab & bc)))
  bc = ab
  t = c + load<u32>(SCHEDULE, 20) + choose(h, a, b) + mix(h)
  g += t
  ab = d ^ e
  c = t + (spread(d) + (e ^ (ab & bc)))
  bc = ab
  t = b + load<u32>(SCHEDULE, 24) + choose(g, h, a) + mix(g)
  f += t
  ab = c ^ d
  b = t + (spread(c) + (d ^ (ab & bc)))
  bc = ab
  t = a + load<u32>(SCHEDULE, 28) + choose(f, g, h) + mix(f)
  e += t
  ab = b ^ c
  a = t + (spread(b) + (c ^ (ab & bc)))
  bc = ab
  t = h + load<u32>(SCHEDULE, 32) + choose(e, f, g) + mix(e)
  d += t
  ab = a ^ b
  h = t + (spread(a) + (b ^ (ab & bc)))
  bc = ab
  t = g + load<u32>(SCHEDULE, 36) + choose(d, e, f) + mix(d)
  c += t
  ab = h ^ a
  g = t + (spread(h) + (a ^ (ab & bc)))
  bc = ab
  t = f + load<u32>(SCHEDULE, 40) + choose(c, d, e) + mix(c)
  b += t
  ab = g ^ h
  f = t + (spread(g) + (h ^ (ab & bc)))
  bc = ab
  t = e + load<u32>(SCHEDULE, 44) + choose(b, c, d) + mix(b)
  a += t
  ab = f ^ g
  e = t + (spread(f) + (g ^ (ab & bc)))
  bc = ab
  t = d + load<u32>(SCHEDULE, 48) + choose(a, b, c) + mix(a)
  h += t
  ab = e ^ f
  d = t + (spread(e) + (f ^ (ab & bc)))
  bc = ab
  t = c + load<u32>(SCHEDULE, 52) + choose(h, a, b) + mix(h)
  g += t
  ab = d ^ e
  c = t + (spread(d) + (e ^ (ab & bc)))
  bc = ab
  t = b + load<u32>(SCHEDULE, 56) + choose(g, h, a) + mix(g)
  f += t
  ab = c ^ d
  b = t + (spread(c) + (d ^ (ab & bc)))
  bc = ab
  t = a + load<u32>(SCHEDULE, 60) + choose(f, g, h) + mix(f)
  e += t
  ab = b ^ c
  a = t + (spread(b) + (c ^ (ab & bc)))
  bc = ab
  store<u32>(next, load<u32>(state) + a)
  store<u32>(next, load<u32>(state, 4) + b, 4)
  store<u32>(next, load<u32>(state, 8) + c, 8)
  store<u32>(next, load<u32>(state, 12) + d, 12)
  store<u32>(next, load<u32>(state, 16) + e, 16)
  store<u32>(next, load<u32>(state, 20) + f, 20)
  store<u32>(next, load<u32>(state, 24) + g, 24)
  store<u32>(next, load<u32>(state, 28) + h, 28)
}

/** Ch. */
@inline
function choose(e: u32, f: u32, g: u32): u32 {
  return g ^ (e & (f ^ g))
}

/** Σ1. */
@inline
function mix(e: u32): u32 {
  return rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
}

/** Σ0. */
@inline
function spread(a: u32): u32 {
  return rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)
}
