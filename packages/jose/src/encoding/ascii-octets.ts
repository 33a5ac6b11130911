/** The octets of ASCII text, in one buffer that is used again and again. */
import { createTextBuffer, type TextBuffer } from './ascii.ts'
import { createViews } from './buffer-views.ts'

/** Longer texts have buffers of their own. */
const longestText = 16_384

let buffer: TextBuffer | undefined
let view: ReturnType<typeof createViews> | undefined

/** The octets of the beginning of a text, until the next call; undefined for a text that is long or beyond ASCII. */
export function asciiOctets(text: string, length: number): Uint8Array | undefined {
  if (text.length > longestText) return undefined
  buffer ??= createTextBuffer(longestText)
  view ??= createViews(buffer.bytes)
  return buffer.writeAscii(text, 0) ? view(length) : undefined
}
