/**
 * DEFLATE undone (RFC 1951), within a bound and without mercy. The runtimes' own streams are not used: they disagree on
 * what may follow the end, on what is cut off, and on how much they make before anybody can look (Deno 2.9 fails good
 * input). It reads bit by bit, which is enough for the few kilobytes of a token.
 */
import { JoseError } from '../errors.ts'

interface Reader {
  readonly bytes: Uint8Array
  /** The next bit. Beyond the end all bits are zero. */
  bit: number
}

interface Output {
  bytes: Uint8Array
  length: number
  readonly maximumBytes: number
}

/** A Huffman code (§3.2.2): how many symbols have each length, and the symbols by length. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

const longestCode = 15

/**
 * The octets of a compressed form; undefined when it is broken, cut off, or followed by anything.
 *
 * @throws {JoseError} `too_large` as soon as more than `maximumBytes` would come out
 */
export function inflate(bytes: Uint8Array, maximumBytes: number): Uint8Array | undefined {
  const reader: Reader = { bytes, bit: 0 }
  const output: Output = { bytes: new Uint8Array(0), length: 0, maximumBytes }
  for (let isLast = false; !isLast;) {
    isLast = readBits(reader, 1) === 1
    if (!inflateBlock(readBits(reader, 2), reader, output) || isPastEnd(reader)) return undefined
  }
  return Math.ceil(reader.bit / 8) === bytes.length ? output.bytes.slice(0, output.length) : undefined
}

function isPastEnd({ bit, bytes }: Reader): boolean {
  return bit > bytes.length * 8
}

/** §3.1.1: the first bit is the lowest of the number, except in Huffman codes. */
function readBits(reader: Reader, count: number): number {
  let value = 0
  for (let index = 0; index < count; index += 1) value |= readBit(reader) << index
  return value
}

function readBit(reader: Reader): number {
  const byte = reader.bytes[reader.bit >> 3] ?? 0
  const bit = (byte >> (reader.bit & 7)) & 1
  reader.bit += 1
  return bit
}

/** Whether the block was whole. */
function inflateBlock(type: number, reader: Reader, output: Output): boolean {
  if (type === 0) return copyStored(reader, output)
  if (type === 1) return inflateSymbols(fixedCodes(), reader, output)
  const codes = type === 2 ? readCodes(reader) : undefined
  return codes !== undefined && inflateSymbols(codes, reader, output)
}

/** §3.2.4: from the next whole octet, its length, the complement of that, and the octets. */
function copyStored(reader: Reader, output: Output): boolean {
  reader.bit = Math.ceil(reader.bit / 8) * 8
  const length = readBits(reader, 16)
  if ((length ^ 0xffff) !== readBits(reader, 16)) return false
  const start = reader.bit / 8
  if (start + length > reader.bytes.length) return false
  const at = grow(output, length)
  output.bytes.set(reader.bytes.subarray(start, start + length), at)
  reader.bit += length * 8
  return true
}

/** Makes room for octets, and gives where they start. @throws {JoseError} `too_large` */
function grow(output: Output, count: number): number {
  const { length, maximumBytes } = output
  if (length + count > maximumBytes) {
    throw new JoseError(
      'too_large',
      `plaintext: expected at most ${maximumBytes} octets once decompressed, got more`,
    )
  }
  if (length + count > output.bytes.length) {
    const larger = new Uint8Array(Math.min(maximumBytes, (length + count) * 2))
    larger.set(output.bytes)
    output.bytes = larger
  }
  output.length += count
  return length
}

/** §3.2.5: a number of a length symbol (257 and up) from its base and the bits that follow. */
function readLength(symbol: number, reader: Reader): number {
  const index = symbol - 257
  if (index < 8) return 3 + index
  if (index === 28) return 258
  const extraBits = (index >> 2) - 1
  return 3 + ((4 + (index & 3)) << extraBits) + readBits(reader, extraBits)
}

/** The same for a distance symbol. */
function readDistance(symbol: number, reader: Reader): number {
  if (symbol < 4) return 1 + symbol
  const extraBits = (symbol >> 1) - 1
  return 1 + ((2 + (symbol & 1)) << extraBits) + readBits(reader, extraBits)
}

interface BlockCodes {
  readonly literals: Code
  readonly distances: Code
}

/** §3.2.3: literals and copies until the end-of-block symbol. False for a symbol or a distance that does not exist. */
function inflateSymbols(codes: BlockCodes, reader: Reader, output: Output): boolean {
  while (!isPastEnd(reader)) {
    const symbol = readSymbol(codes.literals, reader)
    if (symbol === 256) return true
    if (symbol < 256) {
      if (symbol < 0) return false
      const at = grow(output, 1)
      output.bytes[at] = symbol
    } else if (!copyEarlier(symbol, codes.distances, reader, output)) return false
  }
  return false
}

/** A run of octets that came out before; it may reach into itself. */
function copyEarlier(symbol: number, code: Code, reader: Reader, output: Output): boolean {
  if (symbol > 285) return false
  const length = readLength(symbol, reader)
  const distanceSymbol = readSymbol(code, reader)
  if (distanceSymbol < 0 || distanceSymbol > 29) return false
  const distance = readDistance(distanceSymbol, reader)
  if (distance > output.length) return false
  const at = grow(output, length)
  const { bytes } = output
  for (let to = at; to < at + length; to += 1) bytes[to] = bytes[to - distance]!
  return true
}

/** The next symbol; −1 when its bits are those of none. */
function readSymbol({ counts, symbols }: Code, reader: Reader): number {
  let value = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= longestCode; length += 1) {
    value |= readBit(reader)
    const count = counts[length]!
    if (value - first < count) return symbols[index + value - first]!
    index += count
    first = (first + count) << 1
    value <<= 1
  }
  return -1
}

/** The code of these lengths; undefined when it has more codes than bits, or fewer than it could. */
function makeCode(lengths: Uint8Array, mayBeSingle: boolean): Code | undefined {
  const counts = new Uint16Array(longestCode + 1)
  for (const length of lengths) counts[length]! += 1
  let left = 1
  for (let length = 1; length <= longestCode; length += 1) {
    left = left * 2 - counts[length]!
    if (left < 0) return undefined
  }
  // §3.2.7 lets one distance alone be written in one bit, and none at all. Zlib takes the same of literals.
  if (left > 0 && !(mayBeSingle && counts[0]! + counts[1]! === lengths.length)) return undefined
  return { counts, symbols: sortSymbols(lengths, counts) }
}

function sortSymbols(lengths: Uint8Array, counts: Uint16Array): Uint16Array {
  const offsets = new Uint16Array(longestCode + 2)
  for (let length = 1; length <= longestCode; length += 1)
    offsets[length + 1] = offsets[length]! + counts[length]!
  const symbols = new Uint16Array(lengths.length)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    symbols[offsets[length]!] = symbol
    offsets[length]! += 1
  }
  return symbols
}

/** §3.2.6. */
function fixedCodes(): BlockCodes {
  const lengths = new Uint8Array(288).fill(8)
  lengths.fill(9, 144, 256).fill(7, 256, 280)
  return { literals: makeCode(lengths, false)!, distances: makeCode(new Uint8Array(32).fill(5), false)! }
}

/** In which order the lengths of the code of code lengths come (§3.2.7). */
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** §3.2.7: the codes of a dynamic block. */
function readCodes(reader: Reader): BlockCodes | undefined {
  const literalCount = readBits(reader, 5) + 257
  const distanceCount = readBits(reader, 5) + 1
  const orderCount = readBits(reader, 4) + 4
  if (literalCount > 286 || distanceCount > 30) return undefined
  const own = new Uint8Array(19)
  for (const symbol of orderOfLengths.slice(0, orderCount)) own[symbol] = readBits(reader, 3)
  const code = makeCode(own, false)
  const lengths = code && readCodeLengths(code, literalCount + distanceCount, reader)
  // Without an end-of-block symbol the block could not end.
  if (lengths === undefined || lengths[256] === 0) return undefined
  const literals = makeCode(lengths.subarray(0, literalCount), true)
  const distances = makeCode(lengths.subarray(literalCount), true)
  return literals && distances && { literals, distances }
}

function readCodeLengths(code: Code, count: number, reader: Reader): Uint8Array | undefined {
  const lengths = new Uint8Array(count)
  for (let at = 0; at < count;) {
    const symbol = readSymbol(code, reader)
    if (symbol < 0 || (symbol === 16 && at === 0)) return undefined
    const isRun = symbol >= 16
    const run = isRun ? readRun(symbol, reader) : 1
    if (at + run > count) return undefined
    lengths.fill(isRun ? (symbol === 16 ? lengths[at - 1]! : 0) : symbol, at, at + run)
    at += run
  }
  return lengths
}

/** How often a length is repeated: the last one (16), or zero (17, 18). */
function readRun(symbol: number, reader: Reader): number {
  if (symbol === 16) return 3 + readBits(reader, 2)
  return symbol === 17 ? 3 + readBits(reader, 3) : 11 + readBits(reader, 7)
}
