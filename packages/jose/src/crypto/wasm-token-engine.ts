/** The token engine in WebAssembly, made from tools/wasm by `npm run build:wasm`. Loaded by `token-engine.ts` alone. */
import { textBufferOver } from '../encoding/ascii.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { longestText, type KeyContext, type TokenEngine } from './engine.ts'
import { createPayloadModel, type PayloadModel } from './payload-model.ts'
import { wasmModule } from './wasm-module.ts'

/** What tools/wasm/assembly/index.ts exports. */
interface Exports {
  readonly memory: WebAssembly.Memory
  prepareKey(): void
  openKnown(length: number): number
  open(length: number, firstDot: number, secondDot: number): number
  octetsOf(from: number, to: number): number
  read(from: number, to: number, isVerified: number): number
  sign(octets: number): number
}

/** Places in its memory, as in tools/wasm/assembly/memory.ts. */
const place = {
  context: 1024,
  key: 1280,
  headerLength: 1984,
  header: 2048,
  text: 4096,
  data: 24_576,
  verified: 46_080,
  unverified: 54_848,
} as const
const contextBytes = 164
/** Where a context says whether it knows the beginning of a text, and since when. */
const hasFirst = 160
const [known, changed] = [1, 2]
const headerBytes = 512
const keyBytes = 64
/** A token of the longest text holds no more octets. */
const longestData = (longestText / 4) * 3

/** The reasons of tools/wasm/assembly/index.ts. */
const badSignature = -1

/** What `survey` of tools/wasm/assembly/json.ts puts into one number, and what stands there of a payload like the model. */
const flag = { flat: 1 << 27, beyondAscii: 1 << 28, escaped: 1 << 29, like: 1 << 30 } as const
const lengthMask = 0x3fff
const membersAt = 14
const membersMask = 0x1fff

/** Compiles the engine. Throws where the runtime cannot or may not. */
export async function createTokenEngine(): Promise<TokenEngine> {
  const bytes = decodeBase64url(wasmModule, 'module')
  const { instance } = await WebAssembly.instantiate(bytes as BufferSource)
  return engineOf(instance.exports as unknown as Exports)
}

function engineOf({ memory, prepareKey, openKnown, open, octetsOf, read, sign }: Exports): TokenEngine {
  const view = (from: number, length: number): Uint8Array => new Uint8Array(memory.buffer, from, length)
  const context = view(place.context, contextBytes)
  const keyBlock = view(place.key, keyBytes)
  // Behind the longest text there is room for the padding of a hash and for the signature.
  const text = textBufferOver(view(place.text, longestText + 256))
  const data = textBufferOver(view(place.data, longestData + 16))
  const header = textBufferOver(view(place.header, headerBytes))
  const headerLength = new Int32Array(memory.buffer, place.headerLength, 1)
  let current: KeyContext | undefined
  let currentHeader = ''

  /** The key that leaves takes what it remembers of its last text along, when that is another than the time before. */
  const leave = (): void => {
    if (context[hasFirst] !== changed) return
    context[hasFirst] = known
    current?.set(context)
  }

  /** Keys take turns. */
  const select = (key: KeyContext): void => {
    if (key === current) return
    leave()
    context.set(key)
    current = key
  }

  const selectHeader = (encoded: string): void => {
    if (encoded === currentHeader) return
    header.writeAscii(`${encoded}.`, 0)
    headerLength[0] = encoded.length + 1
    currentHeader = encoded
  }

  const verified = createPayloadModel(memory.buffer, place.verified)
  const unverified = createPayloadModel(memory.buffer, place.unverified)

  const payloadOf = (facts: number, model: PayloadModel): JsonText | undefined => {
    if (facts < 0) return undefined
    const length = facts & lengthMask
    const members = (facts & flag.escaped) === 0 ? (facts >> membersAt) & membersMask : -1
    const isAscii = (facts & flag.beyondAscii) === 0
    const text = isAscii ? data.readAscii(length) : decodeUtf8(data.bytes.subarray(0, length), 'payload')
    if ((facts & flag.like) !== 0)
      return { text, members, isFlat: false, value: model.read(text, members), learn: undefined }
    const learn =
      isAscii && members >= 0 && model.wants()
        ? (value: JsonObject): void => model.learn(text, value)
        : undefined
    return { text, members, isFlat: (facts & flag.flat) !== 0, value: undefined, learn }
  }

  const texts = createViews(text.bytes)
  const signatures = createViews(data.bytes)

  return {
    prepareKey: (secret) => {
      leave()
      current = undefined
      keyBlock.set(secret)
      prepareKey()
      return context.slice()
    },
    openKnown: (key, encodedHeader, token) => {
      if (!text.writeAscii(token, 0)) return undefined
      select(key)
      selectHeader(encodedHeader)
      const facts = openKnown(token.length)
      return facts === badSignature ? false : payloadOf(facts, verified)
    },
    openToken: (key, token, { firstDot, secondDot }) => {
      if (!text.writeAscii(token, 0)) return undefined
      select(key)
      return payloadOf(open(token.length, firstDot, secondDot), verified)
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
    readUnverified: (encoded) =>
      text.writeAscii(encoded, 0) ? payloadOf(read(0, encoded.length, 0), unverified) : undefined,
    signToken: (key, encodedHeader, payload) => {
      select(key)
      selectHeader(encodedHeader)
      return text.readAscii(sign(data.writeUtf8(payload)))
    },
  }
}

/** Views are kept up to this length: making one costs as much as decoding what is in it. */
const keptViews = 2048

/** Views of the beginning of octets. */
function createViews(octets: Uint8Array): (length: number) => Uint8Array {
  const views: (Uint8Array | undefined)[] = []
  return (length) =>
    length < keptViews ? (views[length] ??= octets.subarray(0, length)) : octets.subarray(0, length)
}
