// @ts-check
/** DER (X.690): lengths that lie, tags that are others, elements that repeat, swap, nest or end early. */
import { mutateBytes } from './mutate-text.js'
import { pickWeighted } from './random.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {{ at: number, start: number, end: number }} Element  where its tag is, its content starts, and it ends */

/** The elements of DER, at every depth. @param {Uint8Array} bytes @returns {Element[]} */
export function elementsOf(bytes) {
  /** @type {Element[]} */
  const found = []
  readElements(bytes, { from: 0, to: bytes.length }, found)
  return found
}

/** @param {Uint8Array} bytes @param {{ from: number, to: number }} range @param {Element[]} found */
function readElements(bytes, { from, to }, found) {
  for (let at = from; at + 1 < to;) {
    const tag = bytes[at] ?? 0
    const first = bytes[at + 1] ?? 0
    const count = first < 0x80 ? 0 : first & 0x7f
    let length = count === 0 ? first : 0
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0)
    const start = at + 2 + count
    const end = start + length
    if (count > 3 || end > to) return
    found.push({ at, start, end })
    // Constructed elements, and the keys that travel inside strings.
    if ((tag & 0x20) !== 0 || tag === 0x04) readElements(bytes, { from: start, to: end }, found)
    if (tag === 0x03 && length > 1) readElements(bytes, { from: start + 1, to: end }, found)
    at = end
  }
}

const tags = [0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3, 0x00, 0xff]
const lengths = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xff]

/** @typedef {(random: Random, bytes: Uint8Array, element: Element) => Uint8Array} DerMutation */

/** @type {DerMutation} */
const otherTag = (random, bytes, { at }) => withOctet(bytes, at, random.pick(tags))

/** @type {DerMutation} */
const otherLength = (random, bytes, { at }) => withOctet(bytes, at + 1, random.pick(lengths))

/** @type {DerMutation} */
const emptied = (_random, bytes, { at, end }) => splice(bytes, { from: at, to: end }, [bytes[at] ?? 0, 0])

/** @type {DerMutation} */
const removed = (_random, bytes, { at, end }) => splice(bytes, { from: at, to: end }, [])

/** @type {DerMutation} */
const repeated = (random, bytes, { at, end }) => {
  const part = bytes.subarray(at, end)
  const times = random.oneIn(16) ? 50 : 1
  return splice(bytes, { from: end, to: end }, Array.from({ length: times }, () => [...part]).flat())
}

/** @type {DerMutation} */
const otherContent = (random, bytes, { start, end }) => {
  const changed = bytes.slice()
  for (let at = start; at < end; at += 1) if (random.oneIn(4)) changed[at] = random.below(256)
  return changed
}

/** A length in more octets than it needs, which BER allows and DER does not. @type {DerMutation} */
const longLength = (_random, bytes, { at, start, end }) =>
  start !== at + 2 || end - start > 0x7f
    ? bytes
    : splice(bytes, { from: at + 1, to: at + 2 }, [0x81, end - start])

/** @type {readonly (readonly [number, DerMutation])[]} */
const mutations = [
  [3, otherTag],
  [4, otherLength],
  [2, emptied],
  [2, removed],
  [2, repeated],
  [3, otherContent],
  [1, longLength],
]

/** DER with one to three changes. @param {Random} random @param {Uint8Array} der */
export function mutateDer(random, der) {
  let changed = der
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const elements = elementsOf(changed)
    changed =
      elements.length === 0 || random.oneIn(4)
        ? mutateBytes(random, changed)
        : pickWeighted(random, mutations)(random, changed, random.pick(elements))
  }
  return changed
}

/** @param {Uint8Array} bytes @param {number} at @param {number} octet */
function withOctet(bytes, at, octet) {
  const changed = bytes.slice()
  changed[at] = octet
  return changed
}

/** @param {Uint8Array} bytes @param {{ from: number, to: number }} range @param {readonly number[]} octets */
function splice(bytes, { from, to }, octets) {
  return Uint8Array.from([...bytes.subarray(0, from), ...octets, ...bytes.subarray(to)])
}
