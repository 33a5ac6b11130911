/** What tools/wasm/assembly/likeness.ts does, where there is no WebAssembly: the same memory, the same rules. */
import type { TextBuffer } from '../encoding/ascii.ts'
import { largeNumber, longestModel, modelPlace, mostSlots, smallNumber } from './payload-model.ts'

/** Holds the first octets of a buffer against a model. How many values differ; -1: unlike it. */
export type Likeness = (length: number) => number

const [quote, backslash, zero, nine, firstPrintable, beyondAscii] = [0x22, 0x5c, 0x30, 0x39, 0x20, 0x80]
/** Digits of a number that a double holds exactly. */
const mostDigits = 15
const largestSmall = 2 ** 31 - 1

/** The likeness of what stands in a buffer, which has room for one octet more, to the model at a place in memory. */
export function createLikeness({ bytes }: TextBuffer, memory: ArrayBuffer, place: number): Likeness {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const head = new Int32Array(memory, place, 2)
  const slots = new Int32Array(memory, place + modelPlace.slots, 4 * mostSlots)
  const modelBytes = new Uint8Array(memory, place + modelPlace.text, longestModel)
  const changes = new Int32Array(memory, modelPlace.changes, 4 * mostSlots)
  const numbers = new Float64Array(memory, modelPlace.numbers, mostSlots)

  const record = (index: number, changed: number, value: readonly [start: number, end: number]): void => {
    changes[4 * changed] = index
    changes[4 * changed + 1] = value[0]
    changes[4 * changed + 2] = value[1]
  }

  const recordNumber = (index: number, changed: number, value: number): void => {
    numbers[changed] = value
    if (value <= largestSmall) record(index, changed, [value, smallNumber])
    else record(index, changed, [0, largeNumber])
  }

  const modelWords = new DataView(memory, place + modelPlace.text, longestModel)

  /** Records that a slot has another value, which starts at a place. Where that ends; -1 for one that makes it unlike. */
  const recordSlot = (at: number, { index, changed }: SlotChange): number => {
    const isText = slots[4 * index + 2] === 1
    const stop = isText ? endOfText(bytes, at) : endOfNumber(bytes, at)
    if (stop >= 0 && isText) record(index, changed, [at, stop])
    else if (stop >= 0) recordNumber(index, changed, numberAt(bytes, at, stop))
    return stop
  }

  return (length) => {
    // Ends whatever is not ended by then.
    bytes[length] = 0
    const [modelLength, count] = [head[0]!, head[1]!]
    let [at, from, index, changed] = [0, 0, 0, 0]
    while (count > 0) {
      const most = Math.min(length - at, modelLength - from)
      let run = 0
      while (run + 4 <= most && words.getInt32(at + run) === modelWords.getInt32(from + run)) run += 4
      while (run < most && bytes[at + run] === modelBytes[from + run]) run += 1
      const stop = from + run
      if (stop === modelLength) return at + run === length ? changed : -1
      // What ends values is part of the run, so these have the model's.
      while (index < count && slots[4 * index + 1]! < stop) index += 1
      if (index === count || slots[4 * index]! > stop) return -1
      at = recordSlot(at + slots[4 * index]! - from, { index, changed })
      if (at < 0) return -1
      from = slots[4 * index + 1]!
      index += 1
      changed += 1
    }
    return -1
  }
}

interface SlotChange {
  readonly index: number
  readonly changed: number
}

/** Where the quote is that ends a text; -1 for a text with an escape, a control character, or octets beyond ASCII. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at += 1) {
    const octet = bytes[at]!
    if (octet === quote) return at
    if (octet < firstPrintable || octet >= beyondAscii || octet === backslash) return -1
  }
}

/** Where a positive whole number ends that has no zero in front; -1 for any other. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at]! >= zero && bytes[at]! <= nine) at += 1
  return at > start && at - start <= mostDigits && bytes[start] !== zero ? at : -1
}

function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at += 1) value = value * 10 + bytes[at]! - zero
  return value
}
