/** What tools/wasm/assembly/likeness.ts does, where there is no WebAssembly: the same memory, the same rules. */
import { type TextBuffer, textBufferOver } from '../encoding/ascii.ts'
import { largeNumber, longestModel, modelPlace, mostSlots, smallNumber } from './payload-model.ts'

/** Holds the first octets of a buffer, which has room for one more, against a model. How many values differ; -1: unlike it. */
export type Likeness = (data: TextBuffer, length: number) => number

const [quote, backslash, zero, nine, firstPrintable, beyondAscii] = [0x22, 0x5c, 0x30, 0x39, 0x20, 0x80]
/** Digits of a number that a double holds exactly. */
const mostDigits = 15
const largestSmall = 2 ** 31 - 1

/** The likeness to the model at a place in memory. */
export function createLikeness(memory: ArrayBuffer, place: number): Likeness {
  const head = new Int32Array(memory, place, 2)
  const slots = new Int32Array(memory, place + modelPlace.slots, 4 * mostSlots)
  const model = textBufferOver(new Uint8Array(memory, place + modelPlace.text, longestModel))
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

  return (data, length) => {
    const { bytes } = data
    // Ends whatever is not ended by then.
    bytes[length] = 0
    let [at, from, changed] = [0, 0, 0]
    for (let index = 0; index < head[1]!; index += 1) {
      const [start, end] = [slots[4 * index]!, slots[4 * index + 1]!]
      const isText = slots[4 * index + 2] === 1
      if (at + start - from > length || !data.holds(at, model, from, start - from)) return -1
      at += start - from
      const stop = isText ? endOfText(bytes, at) : endOfNumber(bytes, at)
      if (stop < 0) return -1
      if (stop - at !== end - start || !data.holds(at, model, start, end - start)) {
        if (isText) record(index, changed, [at, stop])
        else recordNumber(index, changed, numberAt(bytes, at, stop))
        changed += 1
      }
      ;[at, from] = [stop, end]
    }
    const rest = head[0]! - from
    return from > 0 && at + rest === length && data.holds(at, model, from, rest) ? changed : -1
  }
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
