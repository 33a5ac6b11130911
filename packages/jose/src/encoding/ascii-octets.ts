/** The octets of ASCII text, in one buffer that is used again and again. */
import { createTextBuffer, type TextBuffer } from './ascii.ts'

/** Longer texts have buffers of their own. */
const longestText = 16_384
/** Views are kept for texts up to this length: making one costs as much as all else here. */
const keptViews = 2048

let buffer: TextBuffer | undefined
const views: (Uint8Array | undefined)[] = []

/** The octets of the beginning of a text, until the next call; undefined for a text that is long or beyond ASCII. */
export function asciiOctets(text: string, length: number): Uint8Array | undefined {
  if (text.length > longestText) return undefined
  buffer ??= createTextBuffer(longestText)
  if (!buffer.writeAscii(text, 0)) return undefined
  if (length >= keptViews) return buffer.bytes.subarray(0, length)
  return (views[length] ??= buffer.bytes.subarray(0, length))
}
