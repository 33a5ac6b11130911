/**
 * Payloads that are like one that was seen before, the model: the same octets but for what stands in texts and in whole
 * numbers that are members of the topmost object. The tokens of one issuer mostly are, and the host then has nothing to
 * parse. The model is JSON without escapes and its names are unique (the host saw to it), and nothing that is taken for the
 * changed part of a text or of a number could end it or spoil it. So what is like it is JSON too, with the same names, and
 * everything that is in doubt (an escape, an octet beyond ASCII, a number of another form) is not like it.
 */
import { CHANGES, DATA, MODEL_SLOTS, MODEL_TEXT, NUMBERS } from './memory'

/** It is not like the model, or there is none. */
const UNLIKE: i32 = -1
/** In place of the end of a text: a number that is in the place of its start, or one for which that has no room. */
const SMALL_NUMBER: i32 = -1
const NUMBER: i32 = -2

/** Holds the first octets of DATA against a model. How many values differ; which, and where they are, goes to CHANGES. */
export function changes(model: usize, length: i32): i32 {
  const end = DATA + length
  v128.store(end, i32x4.splat(0))
  const text = model + MODEL_TEXT
  let slot = model + MODEL_SLOTS
  const count = load<i32>(model, 4)
  let at: usize = DATA
  let from = text
  let changed = 0
  for (let index = 0; index < count; index += 1) {
    const start = text + load<i32>(slot)
    if (!isSame(from, at, start - from)) return UNLIKE
    at += start - from
    from = text + load<i32>(slot, 4)
    const isText = load<i32>(slot, 8)
    const size = isText ? textLength(at) : numberLength(at)
    if (size < 0) return UNLIKE
    if (<usize>size != from - start || !isSame(start, at, size)) {
      const place = CHANGES + (changed << 4)
      store<i32>(place, index)
      store<i32>(place, <i32>(at - DATA), 4)
      store<i32>(place, <i32>(at - DATA) + size, 8)
      if (!isText) storeNumber(changed, numberAt(at, size))
      changed += 1
    }
    at += size
    slot += 16
  }
  const rest = text + load<i32>(model) - from
  return count && at + rest == end && isSame(from, at, rest) ? changed : UNLIKE
}

/** Sixteen octets at a time; what lies behind them is looked at and not counted. */
@inline
function isSame(from: usize, to: usize, length: usize): bool {
  let rest = <i32>length
  for (; rest > 16; rest -= 16) {
    if (differences(from, to)) return false
    from += 16
    to += 16
  }
  return (differences(from, to) & ((1 << rest) - 1)) == 0
}

@inline
function differences(from: usize, to: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(from), v128.load(to)))
}

/** Octets before the quote that ends a text; -1 for a text with an escape, a control character, or octets beyond ASCII. */
@inline
function textLength(start: usize): i32 {
  let at = start
  let stops = stopsOfText(at)
  while (!stops) stops = stopsOfText((at += 16))
  const stop = at + ctz(stops)
  return load<u8>(stop) == 0x22 ? <i32>(stop - start) : -1
}

@inline
function stopsOfText(at: usize): i32 {
  const octets = v128.load(at)
  // As numbers with a sign, those from 0x80 are negative.
  const foreign = v128.or(i8x16.lt_s(octets, i8x16.splat(0x20)), i8x16.eq(octets, i8x16.splat(0x5c)))
  return i8x16.bitmask(v128.or(foreign, i8x16.eq(octets, i8x16.splat(0x22))))
}

/** Digits of a positive whole number that a double holds exactly: fifteen at most, and no zero in front. */
@inline
function numberLength(start: usize): i32 {
  const values = i8x16.sub(v128.load(start), i8x16.splat(0x30))
  const length = ctz(i8x16.bitmask(i8x16.gt_u(values, i8x16.splat(9))))
  return length > 0 && length < 16 && load<u8>(start) != 0x30 ? length : -1
}

function numberAt(start: usize, length: i32): i64 {
  let value: i64 = 0
  for (let at = 0; at < length; at += 1) value = value * 10 + (load<u8>(start + at) - 0x30)
  return value
}

function storeNumber(changed: i32, value: i64): void {
  const place = CHANGES + (changed << 4)
  const isSmall = value <= <i64>i32.MAX_VALUE
  store<i32>(place, <i32>value, 4)
  store<i32>(place, isSmall ? SMALL_NUMBER : NUMBER, 8)
  store<f64>(NUMBERS + (changed << 3), <f64>value)
}
