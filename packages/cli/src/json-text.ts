/** JSON for terminals: what a token holds was written by strangers. */

/**
 * Characters that JSON leaves as they are and a terminal obeys or a reader is deceived by: C1 controls and DEL, marks
 * and overrides of text direction, line and paragraph separators.
 */
const unsafe = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g

/** JSON text, indented unless told otherwise, with every unsafe character as its escape. */
export function toJsonText(value: unknown, indent: number = 2): string {
  return escapeUnsafe(JSON.stringify(value, undefined, indent))
}

/** Text for one line of a terminal: control characters and unsafe characters as escapes. */
export function toPlainText(text: string): string {
  return escapeUnsafe(
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"'),
  )
}

function escapeUnsafe(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
