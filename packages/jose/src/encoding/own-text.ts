/** Texts that keep nothing but themselves. */
import { createTextBuffer, type TextBuffer } from './ascii.ts'

let buffer: TextBuffer | undefined
let size = 1024

/**
 * A copy of an ASCII text: a token is often a part of a larger text, of all header fields for example, which would be kept
 * along with it, and a header a part of its token.
 */
export function ownText(text: string): string {
  if (buffer === undefined || text.length > size) {
    size = Math.max(size, text.length)
    buffer = createTextBuffer(size)
  }
  buffer.writeAscii(text, 0)
  return buffer.readAscii(text.length)
}
