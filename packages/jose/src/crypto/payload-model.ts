/**
 * What the token engine knows of a payload that it saw: its text, and where the values of its object stand. A payload that
 * differs from it within these values alone has nothing that must be parsed (tools/wasm/assembly/likeness.ts says why that
 * is safe): the object is copied, and the values that differ are put in.
 */
import { textBufferOver } from '../encoding/ascii.ts'
import type { JsonObject } from '../encoding/json.ts'
import { nodeVersion } from './node-crypto.ts'

/** One model, in the memory of the engine. */
export interface PayloadModel {
  /** The object of a text that is like the model, frozen; so many of its values differ. */
  read(text: string, changed: number): JsonObject
  /** Told of a text that is unlike the model: whether it should become the model, once it is known to be good. */
  wants(): boolean
  /**
   * Makes a text the model.
   *
   * @param text - of ASCII without escapes
   * @param value - what it holds, checked and deeply frozen
   */
  learn(text: string, value: JsonObject): void
}

/** Where a value stands that may differ. */
interface Slot {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly isText: boolean
}

/** Places, as in tools/wasm/assembly/memory.ts; slots and text from where the model is. */
export const modelPlace = {
  verified: 46_080,
  unverified: 58_912,
  slots: 16,
  text: 528,
  changes: 45_056,
  numbers: 45_568,
} as const
export const mostSlots = 32
/** As long as that of any token, so that a longer one does not cost more for each octet. */
export const longestModel = 12_288

/** In place of the end of a text: a number in the place of its start, or one that has no room there. */
export const smallNumber = -1
export const largeNumber = -2

/** How many payloads unlike a model end it, at first, and of models that nothing was like. */
export const patience = { least: 4, most: 1024 } as const

/**
 * A copy to be filled and frozen. Spreading takes half the time of `Object.assign`; but on Node 20 every such copy gets a
 * hidden class of its own when it is frozen, which takes many times as long and all that reads it as well.
 */
const copyOf: (model: JsonObject) => Record<string, unknown> = nodeVersion?.startsWith('20.')
  ? (model) => Object.assign({}, model)
  : (model) => ({ ...model })

/** A model at a place in the memory of the engine. */
export function createPayloadModel(memory: ArrayBuffer, at: number): PayloadModel {
  const head = new Int32Array(memory, at, 2)
  const slots = new Int32Array(memory, at + modelPlace.slots, 4 * mostSlots)
  const buffer = textBufferOver(new Uint8Array(memory, at + modelPlace.text, longestModel))
  const changes = new Int32Array(memory, modelPlace.changes, 4 * mostSlots)
  const numbers = new Float64Array(memory, modelPlace.numbers, mostSlots)
  let model: JsonObject = {}
  let names: readonly string[] = []
  let waits = 0
  let allowance: number = patience.least
  let wasOfUse = false

  return {
    read: (text, changed) => {
      wasOfUse = true
      if (waits < allowance) waits += 1
      const value = copyOf(model)
      for (let index = 0; index < changed; index += 1) {
        const at = 4 * index
        const start = changes[at + 1]!
        const end = changes[at + 2]!
        value[names[changes[at]!]!] =
          end >= 0 ? text.slice(start, end) : end === smallNumber ? start : numbers[index]
      }
      return Object.freeze(value)
    },
    wants: () => {
      waits -= 1
      return waits < 0
    },
    learn: (text, value) => {
      allowance = wasOfUse ? patience.least : Math.min(2 * allowance, patience.most)
      waits = allowance
      wasOfUse = false
      const found = text.length <= longestModel && !hasInheritedName(value) ? findSlots(text) : []
      head[1] = found.length <= mostSlots ? found.length : 0
      if (head[1] === 0) return
      for (const [index, { start, end, isText }] of found.entries())
        slots.set([start, end, isText ? 1 : 0], 4 * index)
      head[0] = text.length
      buffer.writeAscii(text, 0)
      names = found.map(({ name }) => name)
      model = { ...value }
    },
  }
}

/** A copy must not meet a setter, or a member that cannot be set, of a frozen or polluted Object.prototype. */
function hasInheritedName(value: JsonObject): boolean {
  return Object.keys(value).some((name) => name in Object.prototype)
}

/** Texts without escapes, what opens and closes, and the rest: numbers and words. */
const tokens = /"[^"]*"|[[\]{}:,]|[^\s"[\]{}:,]+/g

/** The texts and the whole numbers among the members of the topmost object. */
function findSlots(text: string): Slot[] {
  const slots: Slot[] = []
  let [depth, name, isValue] = [0, '', false]
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const isText = token.startsWith('"')
    if (depth === 1 && isText && !isValue) name = token.slice(1, -1)
    if (depth === 1 && isValue && (isText || /^[1-9][0-9]{0,14}$/.test(token))) {
      const edge = isText ? 1 : 0
      slots.push({ name, start: index + edge, end: index + token.length - edge, isText })
    }
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    isValue = token === ':'
  }
  return slots
}
