/**
 * HMAC of ASCII text by two one-shot hashes of `node:crypto`, the key blocks prepared once. Measured against
 * `createHmac(…).update(…).digest()`: two to three times faster, because neither a stream object nor a result buffer is
 * made. The buffers hold key blocks in memory, as the secret itself is.
 */
import { createTextBuffer, type TextBuffer, textBufferOver } from '../encoding/ascii.ts'
import { createViews } from '../encoding/buffer-views.ts'
import { blockBytes, digestBytes } from './hash-lengths.ts'
import { digest } from './hmac.ts'
import { nodeCrypto, nodeHashNames } from './node-crypto.ts'
import type { HashName } from './scheme.ts'

/** The MACs of one key. */
export interface TextMac {
  /** The MAC of an ASCII text, as base64url text. */
  sign(text: string): string
  /**
   * Whether a compact token ends in the MAC of what stands before its last dot. Compared as text, in time that depends on
   * lengths alone: what equals the one canonical spelling is canonical. False for a token beyond ASCII.
   *
   * @param signedLength - characters before the last dot
   */
  verify(token: string, signedLength: number): boolean
}

interface Scratch {
  /** The inner key block, then the text. */
  readonly inner: Uint8Array
  readonly text: TextBuffer
  /** The outer key block, then the inner digest. */
  readonly outer: TextBuffer
  /** The first octets of `inner`. */
  readonly view: ReturnType<typeof createViews>
  /** Whose key blocks stand in the buffers. */
  owner: KeyBlocks | undefined
}

interface KeyBlocks {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

/** Longer texts go the ordinary way. */
const longestText = 16_384

const scratches = new Map<HashName, Scratch>()

/** Prepares a key; undefined where the runtime has no one-shot hash. */
export function prepareTextMac(hash: HashName, key: Uint8Array): TextMac | undefined {
  const oneShot = nodeCrypto?.hash
  if (oneShot === undefined) return undefined
  const name = nodeHashNames[hash]
  const block = blockBytes[hash]
  const blocks = keyBlocks(hash, key)
  const scratch = scratchFor(hash)
  const { inner, outer, text: buffer } = scratch
  /** The MAC of the first characters of the text that stands in `inner`. */
  const macOf = (length: number): string => {
    if (scratch.owner !== blocks) {
      inner.set(blocks.inner)
      outer.bytes.set(blocks.outer)
      scratch.owner = blocks
    }
    outer.writeLatin1(oneShot(name, scratch.view(block + length), 'latin1'), block)
    return oneShot(name, outer.bytes, 'base64url')
  }
  return {
    sign: (text) => {
      buffer.writeAscii(text, 0)
      return macOf(text.length)
    },
    verify: (token, signedLength) =>
      buffer.writeAscii(token, 0) &&
      endsIn(buffer.bytes, signedLength + 1, token.length, macOf(signedLength)),
  }
}

function endsIn(bytes: Uint8Array, from: number, to: number, mac: string): boolean {
  if (to - from !== mac.length) return false
  let difference = 0
  for (let index = 0; index < mac.length; index += 1)
    difference |= bytes[from + index]! ^ mac.charCodeAt(index)
  return difference === 0
}

/** Whether a text can be given to a `TextMac`. */
export function fitsTextMac(text: string): boolean {
  return text.length <= longestText
}

/** RFC 2104 §2: the key, hashed when it is longer than a block, under the two pads. */
function keyBlocks(hash: HashName, key: Uint8Array): KeyBlocks {
  const block = new Uint8Array(blockBytes[hash])
  block.set(key.length > block.length ? digest(hash, key) : key)
  return { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) }
}

function scratchFor(hash: HashName): Scratch {
  const known = scratches.get(hash)
  if (known !== undefined) return known
  const block = blockBytes[hash]
  const inner = new Uint8Array(block + longestText)
  const scratch: Scratch = {
    inner,
    text: textBufferOver(inner.subarray(block)),
    outer: createTextBuffer(block + digestBytes[hash]),
    view: createViews(inner),
    owner: undefined,
  }
  scratches.set(hash, scratch)
  return scratch
}
