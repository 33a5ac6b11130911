/**
 * Inverses by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", 2019), in
 * batches: 29 steps depend on the lowest 29 bits alone, and come to one matrix that is then applied to the whole numbers.
 * What is inverted is public, so that steps may take as long as they like.
 */
import { copy, isZero, LIMB_BITS, LIMB_MASK, NUMBER, setSmall, settle } from './limbs'
import { INVERSE } from './memory'

/** f and g are what the steps work on; modulus and value, at first. d · value ≡ f and e · value ≡ g throughout. */
const F: usize = INVERSE
const G: usize = INVERSE + NUMBER
const D: usize = INVERSE + NUMBER * 2
const E: usize = INVERSE + NUMBER * 3

const STEPS: i32 = 29

/** The matrix of a batch, times 2²⁹: f' = (u f + v g) / 2²⁹, g' = (q f + r g) / 2²⁹. */
let u: i64 = 0
let v: i64 = 0
let q: i64 = 0
let r: i64 = 0

/**
 * The inverse of a number modulo an odd prime, both settled and the number below it; 0 for 0. What comes out is settled, and
 * between −13 and 13 times the modulus.
 */
export function invert(out: usize, number: usize, modulus: usize): void {
  copy(F, modulus)
  copy(G, number)
  setSmall(D, 0)
  setSmall(E, 1)
  const inverse = inverseOfLimb(load<i32>(modulus))
  let delta = 1
  while (!isZero(G)) {
    delta = takeSteps(delta, load<i32>(F), load<i32>(G))
    applyTo(F, G, 0, 0)
    applyTo(D, E, modulus, inverse)
  }
  // f is 1 or −1 by now.
  const sign = load<i32>(F, 32) < 0 ? -1 : 1
  for (let at: usize = 0; at < NUMBER; at += 4) store<i32>(out + at, load<i32>(D + at) * sign)
  settle(out)
}

/** Newton's iteration: each step doubles the bits that are right, from 3 at the start. */
function inverseOfLimb(limb: i32): i32 {
  let inverse = limb
  for (let round = 0; round < 4; round += 1) inverse *= 2 - limb * inverse
  return inverse
}

/** 29 steps on the lowest bits of f and g; several halvings at a time. */
function takeSteps(start: i32, lowF: i32, lowG: i32): i32 {
  let delta = start
  let f = lowF
  let g = lowG
  let u0: i32 = 1, v0: i32 = 0, q0: i32 = 0, r0: i32 = 1
  let left = STEPS
  while (true) {
    const halvings = ctz(g | (1 << left))
    g >>= halvings
    u0 <<= halvings
    v0 <<= halvings
    delta += halvings
    left -= halvings
    if (left == 0) break
    if (delta > 0) {
      delta = -delta
      const oldF = f, oldU = u0, oldV = v0
      f = g
      g = -oldF
      u0 = q0
      q0 = -oldU
      v0 = r0
      r0 = -oldV
    }
    g += f
    q0 += u0
    r0 += v0
  }
  u = u0
  v = v0
  q = q0
  r = r0
  return delta
}

/**
 * (x, y) becomes the matrix times (x, y), divided by 2²⁹: exactly where they are f and g; otherwise modulo the modulus, a
 * multiple of which is added so that nothing is left over.
 */
function applyTo(x: usize, y: usize, modulus: usize, inverse: i32): void {
  const x0 = <i64>load<i32>(x)
  const y0 = <i64>load<i32>(y)
  let carryX = u * x0 + v * y0
  let carryY = q * x0 + r * y0
  let byX: i64 = 0
  let byY: i64 = 0
  if (modulus != 0) {
    byX = multipleFor(carryX, inverse)
    byY = multipleFor(carryY, inverse)
    const lowest = <i64>load<i32>(modulus)
    carryX += byX * lowest
    carryY += byY * lowest
  }
  for (let at: usize = 4; at < NUMBER; at += 4) {
    carryX >>= LIMB_BITS
    carryY >>= LIMB_BITS
    const xi = <i64>load<i32>(x + at)
    const yi = <i64>load<i32>(y + at)
    carryX += u * xi + v * yi
    carryY += q * xi + r * yi
    if (modulus != 0) {
      const limb = <i64>load<i32>(modulus + at)
      carryX += byX * limb
      carryY += byY * limb
    }
    store<i32>(x + at - 4, <i32>(carryX & LIMB_MASK))
    store<i32>(y + at - 4, <i32>(carryY & LIMB_MASK))
  }
  store<i32>(x, <i32>(carryX >> LIMB_BITS), 32)
  store<i32>(y, <i32>(carryY >> LIMB_BITS), 32)
}

/** How often the modulus is added, from −2²⁸ to 2²⁸, so that the lowest 29 bits are zero. */
@inline
function multipleFor(lowest: i64, inverse: i32): i64 {
  return <i64>((-(<i32>lowest) * inverse) << 3 >> 3)
}
