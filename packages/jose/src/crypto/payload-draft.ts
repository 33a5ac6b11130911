/**
 * The JSON text of claims that are signed one after the other, in a buffer that is used again. Those of one issuer have the
 * same names in the same order, and most values too: only what differs is written, where it stands. Whatever is in doubt (a
 * text that needs an escape, another list, a value of another kind) is written anew as a whole by `JSON.stringify`. Nothing
 * in here runs code of the caller: claims come as plain copies.
 */
import type { TextBuffer } from '../encoding/ascii.ts'
import type { JsonObject } from '../encoding/json.ts'
import { patience } from './payload-model.ts'

/** A buffer with the JSON text of the last claims. */
export interface PayloadDraft {
  /** Writes the JSON text of claims: the octets of it, -1 for a text that may not fit. */
  write(claims: JsonObject): number
}

/** Where the value of a claim stands: of a text, what is between the quotes. */
interface Slot {
  readonly name: string
  value: unknown
  start: number
  end: number
}

/** A draft in a buffer. */
export function createPayloadDraft(buffer: TextBuffer): PayloadDraft {
  const { bytes } = buffer
  const capacity = bytes.length
  let slots: Slot[] = []
  let length = 0
  let waits = 0
  let allowance: number = patience.least
  let wasOfUse = false

  /** Makes or takes away room at the end of a value. */
  const shift = (index: number, by: number): void => {
    const slot = slots[index]!
    bytes.copyWithin(slot.end + by, slot.end, length)
    slot.end += by
    length += by
    for (let later = index + 1; later < slots.length; later += 1) {
      slots[later]!.start += by
      slots[later]!.end += by
    }
  }

  /** Writes another value over the last one; false, with the draft spoiled, where that is not so simple. */
  const replace = (index: number, value: unknown): boolean => {
    const slot = slots[index]!
    if (typeof value !== typeof slot.value) return false
    const isWhole = Number.isSafeInteger(value)
    if (typeof value !== 'string' && !isWhole) return false
    const text = isWhole ? String(value) : (value as string)
    const by = text.length - (slot.end - slot.start)
    if (length + by > capacity) return false
    if (by !== 0) shift(index, by)
    slot.value = value
    return writePlain(bytes, slot.start, text)
  }

  const replaceAll = (claims: JsonObject): boolean => {
    let index = 0
    for (const name in claims) {
      const slot = slots[index]
      if (slot === undefined || slot.name !== name) return false
      const value = claims[name]
      const isSame = value === slot.value || isSameList(value, slot.value)
      if (!isSame && !replace(index, value)) return false
      index += 1
    }
    return index === slots.length && index > 0
  }

  const writeAll = (claims: JsonObject): number => {
    const text = JSON.stringify(claims)
    slots = []
    if (text.length > capacity) return -1
    length = buffer.writeUtf8(text)
    // Three octets for each character at most: what is cut off is none of ASCII.
    if (text.length * 3 > capacity && length !== text.length) return -1
    waits -= 1
    if (waits >= 0 || length !== text.length) return length
    allowance = wasOfUse ? patience.least : Math.min(2 * allowance, patience.most)
    waits = allowance
    wasOfUse = false
    slots = findSlots(claims, text)
    return length
  }

  return {
    write: (claims) => {
      if (slots.length === 0 || hasInheritedNames() || !replaceAll(claims)) return writeAll(claims)
      wasOfUse = true
      return length
    },
  }
}

/** Whether somebody polluted Object.prototype: a loop over the names of claims would take its names for theirs. */
function hasInheritedNames(): boolean {
  for (const _name in nothing) return true
  return false
}

const nothing: JsonObject = {}

const [quote, backslash, firstPrintable, lastPrintable] = [0x22, 0x5c, 0x20, 0x7e]

/** Writes a text that stands in JSON as it is; false for any other. */
function writePlain(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < firstPrintable || code > lastPrintable || code === quote || code === backslash) return false
    bytes[at + index] = code
  }
  return true
}

/** Whether two lists hold the same texts, numbers and words; other lists and objects in them are never the same. */
function isSameList(value: unknown, known: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(known) || value.length !== known.length) return false
  for (let index = 0; index < known.length; index += 1) if (value[index] !== known[index]) return false
  return true
}

/** Where the values of claims stand in their text; nothing where that is not what their parts make. */
function findSlots(claims: JsonObject, text: string): Slot[] {
  const parts: string[] = []
  const slots: Slot[] = []
  let at = 1
  for (const [name, value] of Object.entries(claims)) {
    const before = `${JSON.stringify(name)}:`
    const part = `${before}${JSON.stringify(value)}`
    const edge = typeof value === 'string' ? 1 : 0
    // A list is copied: who has the claims could change it later.
    const known: unknown = Array.isArray(value) ? [...(value as unknown[])] : value
    slots.push({ name, value: known, start: at + before.length + edge, end: at + part.length - edge })
    parts.push(part)
    at += part.length + 1
  }
  return `{${parts.join(',')}}` === text ? slots : []
}
