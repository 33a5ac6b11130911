/**
 * Texts of tokens, and what is known of them. Two generations: when the younger one is full it becomes the older, and what
 * was the older is dropped whole, so that forgetting costs nothing and a token that keeps coming is kept.
 */
import { ownText } from '../encoding/own-text.ts'
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
  readonly rest: number
  readonly value: T
}
/** A token counts as one for each of these characters, so that long ones cannot take up many times the memory. */
const charactersOfOne = 1024

/** Makes a memory of a number of tokens. */
export function createTokenMemory<T>(maxTokens: number): TokenMemory<T> {
  const half = Math.floor(maxTokens / 2)
  let young = new Map<number, Entry<T>>()
  let old = new Map<number, Entry<T>>()
  let filled = 0

  const add = (name: number, entry: Entry<T>): void => {
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
      const name = numberAt(token, 1)
      const entry = young.get(name)
      if (entry !== undefined) return isOf(entry, token) ? entry.value : undefined
      const older = old.get(name)
      if (older === undefined || !isOf(older, token)) return undefined
      add(name, older)
      return older.value
    },
    keep: (token, value) => {
      if (token.length > maximumTokenLength) return
      const own = ownText(token)
      add(numberAt(own, 1), { token: own, rest: numberAt(own, 1 + charactersOfNumber), value })
    },
    clear: () => {
      young = new Map()
      old = new Map()
      filled = 0
    },
  }
}

/** Characters of base64url that make such a number. */
const charactersOfNumber = 5
/** More than two characters of base64url are apart. */
const base = 79
const thirtyBits = 0x3fffffff

/**
 * A number of 30 bits from characters at the end of a token, which are of its signature: a text to look it up by would have
 * to be made and hashed.
 */
function numberAt(token: string, fromEnd: number): number {
  let number = 0
  for (let index = 0; index < charactersOfNumber; index += 1)
    number = Math.imul(number, base) + token.charCodeAt(token.length - fromEnd - index)
  return number & thirtyBits
}

/**
 * Whether an entry that was found by one number is of this token. Another number comes first, so that whoever wants to learn
 * from the time of a comparison how far a guess is right has to guess 60 bits before there is one.
 */
function isOf(entry: Entry<unknown>, token: string): boolean {
  return entry.rest === numberAt(token, 1 + charactersOfNumber) && entry.token === token
}
