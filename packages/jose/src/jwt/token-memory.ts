/**
 * Texts of tokens, and what is known of them. Two generations: when the younger one is full it becomes the older, and what
 * was the older is dropped whole, so that forgetting costs nothing and a token that keeps coming is kept.
 */
import { createTextBuffer, type TextBuffer } from '../encoding/ascii.ts'
import { maximumTokenLength } from '../jwa/token-length.ts'

/** Bounded; nobody else's. */
export interface TokenMemory<T> {
  /** What is known of exactly this text. */
  find(token: string): T | undefined
  keep(token: string, value: T): void
  /** Forgets everything. */
  clear(): void
}

interface Entry<T> {
  readonly token: string
  readonly value: T
}

/**
 * Characters at the end of a token, all of them of its signature, by which it is looked up: 68 bits at least. A whole
 * signature takes longer to hash, and V8 would make a view of the whole token of it. Nothing follows from finding one: the
 * whole token is compared.
 */
const nameLength = 12
/** A token counts as one for each of these characters, so that long ones cannot take up many times the memory. */
const charactersOfOne = 1024

/** Makes a memory of a number of tokens. */
export function createTokenMemory<T>(maxTokens: number): TokenMemory<T> {
  const half = Math.floor(maxTokens / 2)
  let young = new Map<string, Entry<T>>()
  let old = new Map<string, Entry<T>>()
  let filled = 0

  const add = (name: string, entry: Entry<T>): void => {
    const weight = Math.min(half, Math.ceil(entry.token.length / charactersOfOne))
    if (filled + weight > half) {
      old = young
      young = new Map()
      filled = 0
    }
    young.set(name, entry)
    filled += weight
  }

  return {
    find: (token) => {
      const name = token.slice(-nameLength)
      const entry = young.get(name)
      if (entry !== undefined) return entry.token === token ? entry.value : undefined
      const older = old.get(name)
      if (older?.token !== token) return undefined
      add(name, older)
      return older.value
    },
    keep: (token, value) => {
      if (token.length > maximumTokenLength) return
      const own = ownText(token)
      add(own.slice(-nameLength), { token: own, value })
    },
    clear: () => {
      young = new Map()
      old = new Map()
      filled = 0
    },
  }
}

let buffer: TextBuffer | undefined

/** A copy: a token is often a part of a larger text, of all header fields for example, which would be kept along with it. */
function ownText(token: string): string {
  buffer ??= createTextBuffer(maximumTokenLength)
  buffer.writeAscii(token, 0)
  return buffer.readAscii(token.length)
}
