/**
 * The token engine where code must not be compiled: one-shot hashes of `node:crypto`, base64url of Buffer, and models of
 * payloads as in WebAssembly. Loaded by `token-engine.ts` alone.
 */
import { createTextBuffer } from '../encoding/ascii.ts'
import { asciiOctets } from '../encoding/ascii-octets.ts'
import { base64urlFault, decodeCanonical } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { isTooLong, longestPayload, longestText, macCharacters, type TokenEngine } from './engine.ts'
import { nodeCrypto } from './node-crypto.ts'
import { prepareTextMac, type TextMac } from './node-mac.ts'
import { createPayloadDraft } from './payload-draft.ts'
import { createLikeness } from './payload-likeness.ts'
import { createPayloadModel, modelPlace } from './payload-model.ts'

const dot = 0x2e
/** As in tools/wasm. */
const memoryBytes = 131_072

/** Makes the engine. Throws where the runtime has no one-shot hash or no decoder. */
export function createNodeTokenEngine(): TokenEngine<TextMac> {
  const memory = new ArrayBuffer(memoryBytes)
  const data = createTextBuffer(longestText)
  const payload = createTextBuffer(longestPayload)
  const draft = createPayloadDraft(payload)
  if (nodeCrypto?.hash === undefined || data.decodeBase64url('AA') !== 1)
    throw new Error('no one-shot hash, or no decoder')
  const readVerified = createReader(data, memory, modelPlace.verified)
  const readOther = createReader(data, memory, modelPlace.unverified)
  return {
    prepareKey: (secret) => prepareTextMac('SHA-256', secret)!,
    openKnown: (key, header, token) => {
      const start = header.length + 1
      const secondDot = token.length - macCharacters
      if (secondDot < start || token.charCodeAt(secondDot) !== dot) return undefined
      // Not `startsWith`, which compares by one character at a time where one is a part of a longer text.
      if (token.slice(0, start - 1) !== header || token.charCodeAt(start - 1) !== dot) return undefined
      const payload = token.slice(start, secondDot)
      if (key.verify(token, secondDot)) return readVerified(payload)
      const isRest = isCanonical(payload) && isCanonical(token.slice(secondDot + 1))
      return isRest ? false : undefined
    },
    openToken: (key, token, { firstDot, secondDot }) =>
      key.verify(token, secondDot) ? readVerified(token.slice(firstDot + 1, secondDot)) : undefined,
    openSigned: (token, { firstDot, secondDot }, isGood) => {
      const signature = decodeCanonical(token.slice(secondDot + 1))
      const signed = asciiOctets(token, secondDot)
      if (signature === undefined || signed === undefined) return undefined
      return isGood(signed, signature) && readVerified(token.slice(firstDot + 1, secondDot))
    },
    readPayload: (encoded) => (isAscii(encoded) ? readVerified(encoded) : undefined),
    readUnverified: (token, { firstDot, secondDot }) => {
      const signature = decodeCanonical(token.slice(secondDot + 1))
      if (signature === undefined || !isAscii(token)) return undefined
      const payload = readOther(token.slice(firstDot + 1, secondDot))
      return payload && { payload, signature }
    },
    signToken: (key, header, claims) => {
      const octets = draft.write(claims)
      if (isTooLong(header, octets, macCharacters)) return undefined
      const input = `${header}.${payload.readBase64url(octets)}`
      return `${input}.${key.sign(input)}`
    },
  }
}

const isCanonical = (text: string): boolean => base64urlFault(text, '') === undefined

const isAscii = (text: string): boolean => asciiOctets(text, 0) !== undefined

/** What reads a payload of ASCII, held against a model; undefined when it is not canonical base64url. */
function createReader(
  data: ReturnType<typeof createTextBuffer>,
  memory: ArrayBuffer,
  place: number,
): (encoded: string) => JsonText | undefined {
  const model = createPayloadModel(memory, place)
  const likeness = createLikeness(data, memory, place)

  /** A text that is unlike the model. */
  const other = (octets: number): JsonText => {
    const isShortAscii = octets <= shortPayload && holdsAscii(data.bytes, octets)
    const text = isShortAscii ? data.readAscii(octets) : decodeUtf8(data.bytes.subarray(0, octets), 'payload')
    const unknown = { text, members: -1, isFlat: false, value: undefined, learn: undefined }
    if (!model.wants() || text.length !== octets || text.includes('\\')) return unknown
    return { ...unknown, members: countMembers(text), learn: (value: JsonObject) => model.learn(text, value) }
  }

  return (encoded) => {
    const octets = data.decodeBase64url(encoded)!
    if (octets < 0) return undefined
    const changed = likeness(octets)
    if (changed < 0) return other(octets)
    const text = data.readAscii(octets)
    return { text, members: changed, isFlat: false, value: model.read(text, changed), learn: undefined }
  }
}

/** Octets up to which a look at each is cheaper than a decoder. */
const shortPayload = 512

function holdsAscii(bytes: Uint8Array, length: number): boolean {
  let seen = 0
  for (let index = 0; index < length; index += 1) seen |= bytes[index]!
  return seen < 0x80
}

/** Members of all objects of a JSON text without escapes: colons outside of strings. */
function countMembers(text: string): number {
  const outside = text.split('"').filter((_part, index) => index % 2 === 0)
  return outside.join('').split(':').length - 1
}
