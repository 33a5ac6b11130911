/** Numbers modulo the order of P-256's group (SP 800-186 §3.2.1.3), by Montgomery's products, on limbs (limbs.ts). */
import { add, isLess, LIMB_BITS, LIMB_MASK, NUMBER, setSmall, settle, subtract } from './limbs'
import { ANOTHER_CONSTANT, ORDER, WIDE } from './memory'

/** a · b / 2²⁶¹, from 0 to n − 1, settled; for numbers whose product is less than 2²⁶¹ · n in size. */
export function multiplyScalars(out: usize, a: usize, b: usize): void {
  for (let index: usize = 0; index < 18; index += 1) store<i64>(WIDE + (index << 3), 0)
  for (let row: usize = 0; row < NUMBER; row += 4) addRow(WIDE + (row << 1), <i64>load<i32>(a + row), b)
  const factor = negatedInverse(load<i32>(ORDER))
  for (let row: usize = 0; row < NUMBER; row += 4) {
    const column = WIDE + (row << 1)
    const times = <i64>((<i32>load<i64>(column) * factor) & <i32>LIMB_MASK)
    addRow(column, times, ORDER)
    store<i64>(column, load<i64>(column, 8) + (load<i64>(column) >> LIMB_BITS), 8)
  }
  let carry: i64 = 0
  for (let index: usize = 0; index < 8; index += 1) {
    carry += load<i64>(WIDE + ((index + 9) << 3))
    store<i32>(out + (index << 2), <i32>(carry & LIMB_MASK))
    carry >>= LIMB_BITS
  }
  store<i32>(out, <i32>(load<i64>(WIDE, 17 << 3) + carry), 32)
  if (load<i32>(out, 32) < 0) {
    add(out, out, ORDER)
    settle(out)
  } else if (!isLess(out, ORDER)) {
    subtract(out, out, ORDER)
    settle(out)
  }
}

/** A number as Montgomery's products want one of theirs: times 2²⁶¹. ANOTHER_CONSTANT is 2⁵²² modulo n. */
export function enterScalars(out: usize, number: usize): void {
  multiplyScalars(out, number, ANOTHER_CONSTANT)
}

function addRow(columns: usize, factor: i64, number: usize): void {
  for (let at: usize = 0; at < NUMBER; at += 4) {
    const column = columns + (at << 1)
    store<i64>(column, load<i64>(column) + factor * <i64>load<i32>(number + at))
  }
}

/** −1/n modulo 2²⁹, by Newton's iteration. */
function negatedInverse(limb: i32): i32 {
  let inverse = limb
  for (let round = 0; round < 4; round += 1) inverse *= 2 - limb * inverse
  return -inverse
}
