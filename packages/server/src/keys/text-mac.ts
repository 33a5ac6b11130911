/**
 * HMAC-SHA-256 (RFC 2104) of short texts under one key: two one-shot hashes over blocks of the key that were prepared.
 * `createHmac` makes an object for each text and sets the key up again, which takes nearly twice as long.
 */
import { createHmac, hash } from 'node:crypto'

/** The MAC of a text, as base64url. */
export type TextMac = (text: string) => string

const blockBytes = 64
const digestBytes = 32
/** Longer texts go the ordinary way. */
const longestText = 1024
/** Of one unit of UTF-16 in UTF-8. */
const mostOctets = 3

/** @param key at most a block long: longer ones would have to be hashed first */
export function createTextMac(key: Uint8Array): TextMac {
  if (key.length > blockBytes) throw new RangeError(`expected a key of at most ${blockBytes} octets`)
  const inner = Buffer.alloc(blockBytes + longestText * mostOctets)
  const outer = Buffer.alloc(blockBytes + digestBytes)
  for (let at = 0; at < blockBytes; at += 1) {
    const octet = key[at] ?? 0
    inner[at] = octet ^ 0x36
    outer[at] = octet ^ 0x5c
  }
  return (text) => {
    if (text.length > longestText) return createHmac('sha256', key).update(text).digest('base64url')
    const end = blockBytes + inner.write(text, blockBytes)
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'binary')
    return hash('sha256', outer, 'base64url')
  }
}
