/**
 * ASCII text to bytes and back, in buffers that are made once. Where the runtime has Node's Buffer its native copies are
 * used; elsewhere TextEncoder and TextDecoder do the same with the same results.
 */

/** The part of Node's Buffer that is used here. */
type NodeBuffer = Uint8Array & {
  /** Without the argument reading of `write` and `toString`; in every Node, and in its documentation in none. */
  readonly utf8Write?: (text: string, offset: number) => number
  readonly base64urlWrite?: (text: string, offset: number, length: number) => number
  readonly latin1Slice?: (start: number, end: number) => string
  write(text: string, offset: number): number
  toString(encoding: 'base64url', start: number, end: number): string
  write(text: string, offset: number, length: number, encoding: 'latin1' | 'base64url'): number
  toString(encoding: 'latin1', start: number, end: number): string
}

interface Global {
  readonly process?: {
    readonly versions?: { readonly bun?: string; readonly deno?: string }
    readonly getBuiltinModule?: (name: string) => unknown
  }
}

interface BufferModule {
  readonly Buffer: { from(buffer: ArrayBufferLike, offset: number, length: number): NodeBuffer }
}

const nodeBuffer = (
  (globalThis as Global).process?.getBuiltinModule?.('node:buffer') as BufferModule | undefined
)?.Buffer

/** Whether the runtime has Node's Buffer. */
export const hasNodeBuffer: boolean = nodeBuffer !== undefined

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A buffer to write text to and read it from. */
export interface TextBuffer {
  readonly bytes: Uint8Array
  /** Writes text; false when it does not fit or holds a character beyond ASCII, which takes more octets than one. */
  writeAscii(text: string, at: number): boolean
  /** Writes a text of characters below 256, an octet each. */
  writeLatin1(text: string, at: number): void
  /** Writes text as UTF-8 from the start; the octets written. It must fit. */
  writeUtf8(text: string): number
  /** The base64url text of the first octets, where the runtime makes it; undefined elsewhere. */
  readBase64url(length: number): string | undefined
  /**
   * Decodes a text of ASCII with the runtime's own decoder of base64url, which forgives a lot, and sees to it that it had
   * nothing to forgive: the octets written, -1 for text that is not canonical, undefined where there is no such decoder.
   */
  decodeBase64url(text: string): number | undefined
  /** The text of the first octets, all of them ASCII. */
  readAscii(length: number): string
}

/** Makes a buffer. */
export function createTextBuffer(size: number): TextBuffer {
  return textBufferOver(new Uint8Array(size))
}

/** A buffer over octets that are there already. */
export function textBufferOver(bytes: Uint8Array): TextBuffer {
  return nodeBuffer === undefined
    ? portableTextBuffer(bytes)
    : nodeTextBuffer(nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
}

const hasShortcuts = nodeBuffer !== undefined && shortcutsWork(nodeBuffer.from(new ArrayBuffer(2), 0, 2))

/** workerd has them too, and its `utf8Write` counts wrong behind an offset. */
function shortcutsWork(bytes: NodeBuffer): boolean {
  try {
    return bytes.utf8Write!('a', 1) === 1 && bytes.latin1Slice!(1, 2) === 'a'
  } catch {
    return false
  }
}

/**
 * Whether the decoder is that of Node.js itself, whose octets tell what it skipped. Others' may be as good, and are made to
 * encode again what they decoded.
 */
const hasStrictLength = hasShortcuts && isNodeItself()

function isNodeItself(): boolean {
  const { bun, deno } = (globalThis as Global).process?.versions ?? {}
  const { base64urlWrite } = nodeBuffer!.from(new ArrayBuffer(0), 0, 0)
  return bun === undefined && deno === undefined && typeof base64urlWrite === 'function'
}

/**
 * Whether a text of ASCII that was decoded to so many octets is canonical: Node skips what is of no alphabet, and comes to
 * fewer octets then; it takes the characters of the other alphabet, and bits that carry nothing (RFC 4648 §3.5).
 */
function isDecodedWhole(text: string, octets: number): boolean {
  const rest = text.length & 3
  return (
    octets === (text.length * 6) >> 3 &&
    !text.includes('+') &&
    !text.includes('/') &&
    (rest === 0 || (rest > 1 && lastCharacters[rest - 2]!.includes(text.at(-1)!)))
  )
}

/** Those whose last four bits are zero, and those whose last two are. */
const lastCharacters = ['AQgw', 'AEIMQUYcgkosw048']

function nodeTextBuffer(bytes: NodeBuffer): TextBuffer {
  return {
    bytes,
    // UTF-8 and not latin1, which would fold U+0141 into "A" and let two tokens be one. `write` takes 30 ns more.
    writeAscii: (text, at) => {
      if (at !== 0) return bytes.write(text, at) === text.length
      const { read, written } = encoder.encodeInto(text, bytes)
      return read === text.length && written === text.length
    },
    writeLatin1: (text, at) => void bytes.write(text, at, text.length, 'latin1'),
    writeUtf8: hasShortcuts ? (text) => bytes.utf8Write!(text, 0) : (text) => bytes.write(text, 0),
    readBase64url: (length) => bytes.toString('base64url', 0, length),
    decodeBase64url: hasStrictLength
      ? (text) => {
          const length = bytes.base64urlWrite!(text, 0, bytes.length)
          return isDecodedWhole(text, length) ? length : -1
        }
      : (text) => {
          const length = bytes.write(text, 0, text.length, 'base64url')
          return bytes.toString('base64url', 0, length) === text ? length : -1
        },
    readAscii: hasShortcuts
      ? (length) => bytes.latin1Slice!(0, length)
      : (length) => bytes.toString('latin1', 0, length),
  }
}

/** The same without Node; exported so that it can be held against the other. */
export function portableTextBuffer(bytes: Uint8Array): TextBuffer {
  return {
    bytes,
    writeAscii: (text, at) => {
      const { read, written } = encoder.encodeInto(text, at === 0 ? bytes : bytes.subarray(at))
      return read === text.length && written === text.length
    },
    writeLatin1: (text, at) => {
      for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index)
    },
    writeUtf8: (text) => encoder.encodeInto(text, bytes).written,
    readBase64url: () => undefined,
    decodeBase64url: () => undefined,
    readAscii: (length) => decoder.decode(bytes.subarray(0, length)),
  }
}
