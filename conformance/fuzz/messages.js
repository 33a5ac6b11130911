// @ts-check
/**
 * Whether an error tells a piece of what it was given. Messages are few, and each is looked at when it is first seen: one
 * that repeats what came is a new one every time.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** How long a piece has to be to count. */
const pieceLength = 8
/** More messages than the library can have: a message grows out of its input. */
const mostMessages = 20_000

/** The texts of the library itself: what stands in its code is no secret of an input. @param {URL} built */
export function vocabularyOf(built) {
  return readdirSync(built, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => readFileSync(new URL(path.replaceAll('\\', '/'), built), 'utf8'))
    .join('\n')
}

/** @param {string} vocabulary */
export function createMessageCheck(vocabulary) {
  /** @type {Set<string>} */
  const seen = new Set()
  return {
    seen,
    /**
     * The piece of the input that an error tells, or undefined.
     *
     * @param {unknown} error
     * @param {() => string} inputText every text inside the input; asked for only when the message is new
     * @returns {string | undefined}
     */
    leakOf(error, inputText) {
      for (const text of textsOf(error)) {
        const shape = text.replaceAll(/\d{1,7}/g, '#')
        if (seen.has(shape)) continue
        if (seen.size >= mostMessages) return 'more messages than there can be'
        seen.add(shape)
        const piece = sharedPiece(text, inputText(), vocabulary)
        if (piece !== undefined) return piece
      }
      return undefined
    },
  }
}

/** The texts of an error and of its causes. @param {unknown} error @returns {string[]} */
function textsOf(error) {
  const texts = []
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    texts.push(at.message)
    const { claim } = /** @type {{ claim?: unknown }} */ (at)
    if (typeof claim === 'string') texts.push(claim)
  }
  return texts
}

/** @param {string} message @param {string} input @param {string} vocabulary */
function sharedPiece(message, input, vocabulary) {
  // A registered name between quotes is the library's word, whatever stands around it.
  const text = message.replaceAll(/"([^"]+)"/g, (quoted, name) =>
    vocabulary.includes(name) ? '"#"' : quoted,
  )
  for (let at = 0; at + pieceLength <= text.length; at += 1) {
    const piece = text.slice(at, at + pieceLength)
    if (input.includes(piece) && !isOurs(piece, vocabulary)) return piece
  }
  return undefined
}

/** Whether every word in a piece is the library's own. @param {string} piece @param {string} vocabulary */
const isOurs = (piece, vocabulary) =>
  piece.split(/[^A-Za-z0-9_+/=-]+/).every((word) => vocabulary.includes(word))

/**
 * Every text inside a value, encoded segments decoded too; names of members are left out.
 *
 * @param {unknown} value
 * @param {readonly string[]} [told] members whose values a message may repeat
 */
export function textsInside(value, told = []) {
  /** @type {string[]} */
  const texts = []
  collect(value, texts, { depth: 0, told })
  return texts.join('\n')
}

/** @param {unknown} value @param {string[]} texts @param {{ depth: number, told: readonly string[] }} place */
function collect(value, texts, { depth, told }) {
  if (depth > 6 || texts.length > 500) return
  if (typeof value === 'string') {
    texts.push(value)
    for (const part of value.split('.', 8))
      if (part.length > 10) texts.push(Buffer.from(part, 'base64url').toString('latin1'))
  } else if (ArrayBuffer.isView(value)) {
    texts.push(Buffer.from(/** @type {any} */ (value)).toString('latin1'))
  } else if (typeof value === 'object' && value !== null) {
    for (const member of membersOf(value, told)) collect(member, texts, { depth: depth + 1, told })
  }
}

/** The values of own members, as far as they can be read. @param {object} value @param {readonly string[]} told @returns {unknown[]} */
function membersOf(value, told) {
  try {
    return Object.entries(Object.getOwnPropertyDescriptors(value))
      .filter(([name]) => !told.includes(name))
      .map(([, descriptor]) => descriptor.value)
  } catch {
    return []
  }
}
