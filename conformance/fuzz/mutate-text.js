// @ts-check
/** Mutations that know nothing of what a text means. */
import { characters } from './hostile.js'
import { pickWeighted } from './random.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {(random: Random, text: string) => string} Mutation */

/** @type {Mutation} */
const flipBit = (random, text) => {
  const at = random.below(Math.max(text.length, 1))
  const code = text.charCodeAt(at) ^ (1 << random.below(random.oneIn(8) ? 16 : 7))
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
}

/** @type {Mutation} */
const insert = (random, text) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.pick(characters).repeat(1 + random.below(3)) + text.slice(at)
}

/** @type {Mutation} */
const replace = (random, text) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.pick(characters) + text.slice(at + 1)
}

/** @type {Mutation} */
const remove = (random, text) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + text.slice(at + 1 + random.below(random.oneIn(4) ? 64 : 3))
}

/** @type {Mutation} */
const repeat = (random, text) => {
  const at = random.below(text.length + 1)
  const part = text.slice(at, at + 1 + random.below(24))
  return text.slice(0, at) + part.repeat(2 + random.below(random.oneIn(64) ? 400 : 2)) + text.slice(at)
}

/** @type {Mutation} */
const truncate = (random, text) =>
  random.oneIn(2) ? text.slice(0, random.below(text.length + 1)) : text.slice(random.below(text.length + 1))

/** @type {Mutation} */
const swapCase = (random, text) => {
  const at = random.below(text.length + 1)
  const character = text.charAt(at)
  const swapped = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase()
  return text.slice(0, at) + swapped + text.slice(at + 1)
}

/** @type {readonly (readonly [number, Mutation])[]} */
const mutations = [
  [8, flipBit],
  [5, insert],
  [5, replace],
  [4, remove],
  [2, repeat],
  [3, truncate],
  [2, swapCase],
]

/** A text with one to three changes. @param {Random} random @param {string} text */
export function mutateText(random, text) {
  let changed = text
  for (let times = 1 + random.below(3); times > 0; times -= 1)
    changed = pickWeighted(random, mutations)(random, changed)
  return changed
}

/** Octets with one to three changes. @param {Random} random @param {Uint8Array} bytes */
export function mutateBytes(random, bytes) {
  const text = Buffer.from(bytes).toString('latin1')
  return new Uint8Array(Buffer.from(mutateText(random, text), 'latin1'))
}
