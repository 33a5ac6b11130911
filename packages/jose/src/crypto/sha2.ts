/**
 * SHA-256, SHA-384 and SHA-512 (FIPS 180-4) in plain TypeScript, so that HMAC is synchronous on every runtime, browsers
 * included. Where `node:crypto` is present that is used instead; the tests hold the two against each other.
 *
 * The constants are computed as the standard defines them: the first bits of the fractional parts of the square roots
 * (initial values) and cube roots (round constants) of the first primes.
 */
import { digestBytes } from './hash-lengths.ts'
import type { HashName } from './scheme.ts'

/** The digest of bytes. */
export function sha2(hash: HashName, data: Uint8Array): Uint8Array {
  return hash === 'SHA-256' ? sha256(data) : sha512(data, digestBytes[hash])
}

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = []
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate)
  }
  return primes
}

/** The integer part of the `degree`-th root, by bisection. */
function integerRoot(value: bigint, degree: bigint): bigint {
  let low = 0n
  let high = 1n << (BigInt(value.toString(2).length) / degree + 1n)
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= value) low = middle
    else high = middle
  }
  return low
}

/** The first 64 bits of the fractional part of the root of a prime. */
function rootFraction(prime: bigint, degree: bigint): bigint {
  return BigInt.asUintN(64, integerRoot(prime << (64n * degree), degree))
}

const high = (word: bigint): number => Number(word >> 32n) | 0
const low = (word: bigint): number => Number(BigInt.asUintN(32, word)) | 0

/** 64-bit words, each as two 32-bit halves. */
interface Words64 {
  readonly high: Int32Array
  readonly low: Int32Array
}

function halves(words: readonly bigint[]): Words64 {
  return { high: Int32Array.from(words, high), low: Int32Array.from(words, low) }
}

interface Constants {
  readonly rounds: Words64
  readonly initial: Words64
}

let known: Constants | undefined

/** Computed for the first digest: some milliseconds that a program with `node:crypto` never needs. */
function constants(): Constants {
  known ??= {
    rounds: halves(firstPrimes(80).map((prime) => rootFraction(prime, 3n))),
    initial: halves(firstPrimes(16).map((prime) => rootFraction(prime, 2n))),
  }
  return known
}

/** The message with its padding (FIPS 180-4 §5.1): a one bit, zeros, and the length in bits. */
function pad(data: Uint8Array, block: number): DataView {
  const lengthField = block / 8
  const padded = new Uint8Array(Math.ceil((data.length + 1 + lengthField) / block) * block)
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n)
  return view
}

function sha256(data: Uint8Array): Uint8Array {
  const view = pad(data, 64)
  const state = constants().initial.high.slice(0, 8)
  const words = new Int32Array(64)
  for (let at = 0; at < view.byteLength; at += 64) compress256(state, words, view, at)
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, index) => digest.setInt32(index * 4, word))
  return new Uint8Array(digest.buffer)
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** FIPS 180-4 §6.2.2: one block. The round constants are the upper halves of those of SHA-512. */
function compress256(state: Int32Array, words: Int32Array, view: DataView, at: number): void {
  const roundHigh = constants().rounds.high
  for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(at + t * 4)
  for (let t = 16; t < 64; t += 1) {
    const w15 = words[t - 15]!
    const w2 = words[t - 2]!
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
    words[t] = (words[t - 16]! + s0 + words[t - 7]! + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let t = 0; t < 64; t += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundHigh[t]! + words[t]!) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let index = 0; index < 8; index += 1) state[index] = state[index]! + next[index]!
}

function sha512(data: Uint8Array, bytes: number): Uint8Array {
  const view = pad(data, 128)
  // SHA-384 starts from the ninth to sixteenth primes (FIPS 180-4 §5.3.4) and gives its first 48 octets.
  const from = bytes === 48 ? 8 : 0
  const { initial } = constants()
  const state = { high: initial.high.slice(from, from + 8), low: initial.low.slice(from, from + 8) }
  const words = { high: new Int32Array(80), low: new Int32Array(80) }
  for (let at = 0; at < view.byteLength; at += 128) compress512(state, words, view, at)
  const digest = new DataView(new ArrayBuffer(64))
  for (let index = 0; index < 8; index += 1) {
    digest.setInt32(index * 8, state.high[index]!)
    digest.setInt32(index * 8 + 4, state.low[index]!)
  }
  return new Uint8Array(digest.buffer, 0, bytes)
}

// Halves of a 64-bit rotation or shift to the right; `by` below 32. A rotation by more swaps the halves first.
const rotateHalf = (first: number, second: number, by: number): number =>
  (first >>> by) | (second << (32 - by))

/** The carry of a sum of low halves: it was kept exact, and this is what lies above 32 bits. */
const carry = (sum: number): number => Math.floor(sum / 0x1_0000_0000)

/** FIPS 180-4 §6.4.2: one block, each 64-bit word as two 32-bit halves. */
function compress512(state: Words64, words: Words64, view: DataView, at: number): void {
  expandSchedule(words, view, at)
  const { high: roundHigh, low: roundLow } = constants().rounds
  const h = Int32Array.from(state.high)
  const l = Int32Array.from(state.low)
  for (let t = 0; t < 80; t += 1) {
    const eh = h[4]!
    const el = l[4]!
    const ah = h[0]!
    const al = l[0]!
    const s1h = rotateHalf(eh, el, 14) ^ rotateHalf(eh, el, 18) ^ rotateHalf(el, eh, 9)
    const s1l = rotateHalf(el, eh, 14) ^ rotateHalf(el, eh, 18) ^ rotateHalf(eh, el, 9)
    const chooseH = (eh & h[5]!) ^ (~eh & h[6]!)
    const chooseL = (el & l[5]!) ^ (~el & l[6]!)
    const t1Low = (l[7]! >>> 0) + (s1l >>> 0) + (chooseL >>> 0) + (roundLow[t]! >>> 0) + (words.low[t]! >>> 0)
    const t1h = (h[7]! + s1h + chooseH + roundHigh[t]! + words.high[t]! + carry(t1Low)) | 0
    const t1l = t1Low | 0
    const s0h = rotateHalf(ah, al, 28) ^ rotateHalf(al, ah, 2) ^ rotateHalf(al, ah, 7)
    const s0l = rotateHalf(al, ah, 28) ^ rotateHalf(ah, al, 2) ^ rotateHalf(ah, al, 7)
    const majorityH = (ah & h[1]!) ^ (ah & h[2]!) ^ (h[1]! & h[2]!)
    const majorityL = (al & l[1]!) ^ (al & l[2]!) ^ (l[1]! & l[2]!)
    const eLow = (l[3]! >>> 0) + (t1l >>> 0)
    const aLow = (t1l >>> 0) + (s0l >>> 0) + (majorityL >>> 0)
    const newE = (h[3]! + t1h + carry(eLow)) | 0
    const newA = (t1h + s0h + majorityH + carry(aLow)) | 0
    h.copyWithin(1, 0, 7)
    l.copyWithin(1, 0, 7)
    h[4] = newE
    l[4] = eLow | 0
    h[0] = newA
    l[0] = aLow | 0
  }
  for (let index = 0; index < 8; index += 1) {
    const sum = (state.low[index]! >>> 0) + (l[index]! >>> 0)
    state.low[index] = sum | 0
    state.high[index] = state.high[index]! + h[index]! + carry(sum)
  }
}

function expandSchedule(words: Words64, view: DataView, at: number): void {
  for (let t = 0; t < 16; t += 1) {
    words.high[t] = view.getInt32(at + t * 8)
    words.low[t] = view.getInt32(at + t * 8 + 4)
  }
  for (let t = 16; t < 80; t += 1) {
    const xh = words.high[t - 15]!
    const xl = words.low[t - 15]!
    const yh = words.high[t - 2]!
    const yl = words.low[t - 2]!
    const s0h = rotateHalf(xh, xl, 1) ^ rotateHalf(xh, xl, 8) ^ (xh >>> 7)
    const s0l = rotateHalf(xl, xh, 1) ^ rotateHalf(xl, xh, 8) ^ rotateHalf(xl, xh, 7)
    const s1h = rotateHalf(yh, yl, 19) ^ rotateHalf(yl, yh, 29) ^ (yh >>> 6)
    const s1l = rotateHalf(yl, yh, 19) ^ rotateHalf(yh, yl, 29) ^ rotateHalf(yl, yh, 6)
    const sum = (words.low[t - 16]! >>> 0) + (s0l >>> 0) + (words.low[t - 7]! >>> 0) + (s1l >>> 0)
    words.low[t] = sum | 0
    words.high[t] = words.high[t - 16]! + s0h + words.high[t - 7]! + s1h + carry(sum)
  }
}
