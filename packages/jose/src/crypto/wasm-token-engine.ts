/** The token engine in WebAssembly, made from tools/wasm by `npm run build:wasm`. Loaded by `token-engine.ts` alone. */
import { textBufferOver } from '../encoding/ascii.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { createViews } from '../encoding/buffer-views.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { isTooLong, longestPayload, longestText, macCharacters, type TokenEngine } from './engine.ts'
import { nodeCrypto } from './node-crypto.ts'
import { createPayloadDraft } from './payload-draft.ts'
import { createPayloadModel, modelPlace, type PayloadModel } from './payload-model.ts'
import { wasmModule } from './wasm-module.ts'

/** A secret, prepared. */
interface KeyContext {
  /** The key under the inner pad (RFC 2104 §2). */
  readonly inner: Uint8Array
  /** What lies in the memory of the engine while it is this key's turn: hashed key blocks, and what is known of a text. */
  readonly state: Uint8Array
}

/** What tools/wasm/assembly/index.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory
  prepareKey(): void
  isKnown(length: number): number
  openKnown(length: number, isHashed: number): number
  open(length: number, firstDot: number, secondDot: number, isHashed: number): number
  octetsOf(from: number, to: number): number
  read(from: number, to: number, isVerified: number): number
  layOut(octets: number): number
  sign(length: number, isHashed: number): number
  append(length: number, from: number, octets: number): number
}

/** Places in its memory, as in tools/wasm/assembly/memory.ts. */
const place = {
  context: 1024,
  key: 1280,
  outerBlock: 1792,
  headerLength: 1984,
  header: 2048,
  innerBlock: 4032,
  text: 4096,
  data: 24_576,
  draft: 73_728,
} as const
const contextBytes = 164
/** Where a context says whether it knows the beginning of a text, and since when. */
const hasFirst = 160
const [known, changed] = [1, 2]
const headerBytes = 512
const blockBytes = 64
/** Characters of the longest signature, that of ML-DSA-87, with the dot in front of it. */
const longestSignature = 6171
/**
 * Characters of a token up to which its own SHA-256 takes less than a call of `node:crypto`, whose OpenSSL hashes a block in
 * a quarter of the time where the processor helps.
 */
const hashesUpTo = 320

/** The reasons of tools/wasm/assembly/index.ts. */
const badSignature = -1

/** What `survey` of tools/wasm/assembly/json.ts puts into one number, and what stands there of a payload like the model. */
const flag = { flat: 1 << 27, beyondAscii: 1 << 28, escaped: 1 << 29, like: 1 << 30 } as const
const lengthMask = 0x3fff
const membersAt = 14
const membersMask = 0x1fff

/** Compiles the engine. Throws where the runtime cannot or may not. */
export async function createTokenEngine(): Promise<TokenEngine<KeyContext>> {
  const bytes = decodeBase64url(wasmModule, 'module')
  const { instance } = await WebAssembly.instantiate(bytes as BufferSource)
  return engineOf(instance.exports as unknown as Exports)
}

function engineOf(exports: Exports): TokenEngine<KeyContext> {
  const { memory, prepareKey, isKnown, openKnown, open, octetsOf, read, layOut, sign, append } = exports
  const view = (from: number, length: number): Uint8Array => new Uint8Array(memory.buffer, from, length)
  const context = view(place.context, contextBytes)
  const keyBlock = view(place.key, blockBytes)
  // Behind the longest text there is room for the padding of a hash and for the signature.
  const text = textBufferOver(view(place.text, longestText + 256))
  const data = textBufferOver(view(place.data, longestPayload + 16))
  const header = textBufferOver(view(place.header, headerBytes))
  const headerLength = new Int32Array(memory.buffer, place.headerLength, 1)
  let current: KeyContext | undefined
  let currentHeader = ''

  /** The key that leaves takes what it remembers of its last text along, when that is another than the time before. */
  const leave = (): void => {
    if (context[hasFirst] !== changed) return
    context[hasFirst] = known
    current?.state.set(context)
  }

  /** Keys take turns. */
  const select = (key: KeyContext): void => {
    if (key === current) return
    leave()
    context.set(key.state)
    current = key
  }

  const selectHeader = (encoded: string): void => {
    if (encoded === currentHeader) return
    header.writeAscii(`${encoded}.`, 0)
    headerLength[0] = encoded.length + 1
    currentHeader = encoded
  }

  const oneShot = nodeCrypto?.hash
  const innerBlock = view(place.innerBlock, blockBytes)
  const hashed = createViews(view(place.innerBlock, blockBytes + longestText))
  const outerBlock = textBufferOver(view(place.outerBlock, blockBytes))
  let innerOwner: KeyContext | undefined

  /** Does the inner hash of a long text, where `node:crypto` does it in less time. */
  const hashes = (key: KeyContext, length: number, signedLength: number): 0 | 1 => {
    if (length <= hashesUpTo || oneShot === undefined) return 0
    if (innerOwner !== key) innerBlock.set(key.inner)
    innerOwner = key
    outerBlock.writeLatin1(oneShot('sha256', hashed(blockBytes + signedLength), 'latin1'), 0)
    return 1
  }

  const verified = createPayloadModel(memory.buffer, modelPlace.verified)
  const unverified = createPayloadModel(memory.buffer, modelPlace.unverified)

  const payloadOf = (facts: number, model: PayloadModel): JsonText | undefined => {
    if (facts < 0) return undefined
    if ((facts & flag.like) === 0) return otherPayload(facts, model)
    const text = data.readAscii(facts & lengthMask)
    const value = model.read(text, (facts >> membersAt) & membersMask)
    return { text, members: 0, isFlat: false, value, learn: undefined }
  }

  /** A payload that is unlike the model. */
  const otherPayload = (facts: number, model: PayloadModel): JsonText => {
    const length = facts & lengthMask
    const members = (facts & flag.escaped) === 0 ? (facts >> membersAt) & membersMask : -1
    const isAscii = (facts & flag.beyondAscii) === 0
    const text = isAscii ? data.readAscii(length) : decodeUtf8(data.bytes.subarray(0, length), 'payload')
    const learn =
      isAscii && members >= 0 && model.wants()
        ? (value: JsonObject): void => model.learn(text, value)
        : undefined
    return { text, members, isFlat: (facts & flag.flat) !== 0, value: undefined, learn }
  }

  const draft = createPayloadDraft(textBufferOver(view(place.draft, longestPayload)))
  const texts = createViews(text.bytes)
  const signatures = createViews(data.bytes)

  return {
    prepareKey: (secret) => {
      leave()
      current = undefined
      keyBlock.set(secret)
      const inner = keyBlock.map((octet) => octet ^ 0x36)
      prepareKey()
      return { inner, state: context.slice() }
    },
    openKnown: (key, encodedHeader, token) => {
      if (!text.writeAscii(token, 0)) return undefined
      select(key)
      selectHeader(encodedHeader)
      const { length } = token
      const isHashed =
        length > hashesUpTo && isKnown(length) === 1 ? hashes(key, length, length - macCharacters) : 0
      const facts = openKnown(length, isHashed)
      return facts === badSignature ? false : payloadOf(facts, verified)
    },
    openToken: (key, token, { firstDot, secondDot }) => {
      if (!text.writeAscii(token, 0)) return undefined
      select(key)
      const isHashed = hashes(key, token.length, secondDot)
      return payloadOf(open(token.length, firstDot, secondDot, isHashed), verified)
    },
    openSigned: (token, { firstDot, secondDot }, isGood) => {
      if (!text.writeAscii(token, 0)) return undefined
      const octets = octetsOf(secondDot + 1, token.length)
      if (octets < 0) return undefined
      if (!isGood(texts(secondDot), signatures(octets))) return false
      return payloadOf(read(firstDot + 1, secondDot, 1), verified)
    },
    readPayload: (encoded) =>
      text.writeAscii(encoded, 0) ? payloadOf(read(0, encoded.length, 1), verified) : undefined,
    readUnverified: (token, { firstDot, secondDot }) => {
      if (!text.writeAscii(token, 0)) return undefined
      const octets = octetsOf(secondDot + 1, token.length)
      if (octets < 0) return undefined
      const signature = new Uint8Array(octets)
      signature.set(signatures(octets))
      const payload = payloadOf(read(firstDot + 1, secondDot, 0), unverified)
      return payload && { payload, signature }
    },
    signToken: (key, encodedHeader, claims) => {
      const octets = draft.write(claims)
      if (isTooLong(encodedHeader, octets, macCharacters)) return undefined
      select(key)
      selectHeader(encodedHeader)
      const length = layOut(octets)
      return text.readAscii(sign(length, hashes(key, length + macCharacters, length)))
    },
    signWith: (makeSignature, encodedHeader, claims) => {
      const octets = draft.write(claims)
      if (isTooLong(encodedHeader, octets, longestSignature)) return undefined
      selectHeader(encodedHeader)
      const length = layOut(octets)
      const signature = makeSignature(texts(length))
      data.bytes.set(signature)
      return text.readAscii(append(length, place.data, signature.length))
    },
  }
}
