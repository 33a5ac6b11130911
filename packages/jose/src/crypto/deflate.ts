/** DEFLATE (RFC 1951) by the streams of the runtime, within a bound. */
import { concatBytes } from '../encoding/bytes.ts'
import { JoseError } from '../errors.ts'

/**
 * Octets handed to the runtime at once. Some runtimes inflate all that they are handed before anybody can look; DEFLATE
 * makes at most 1032 octets of one, so that half a megabyte is the most that waits unseen.
 */
const sliceBytes = 512

/** The compressed form of octets. @throws {JoseError} `unsupported` */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  if (typeof CompressionStream === 'undefined') throw missing('CompressionStream')
  return (await pump(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY))!
}

/**
 * The octets of a compressed form; undefined when it is broken, cut off, or followed by anything.
 *
 * @throws {JoseError} `too_large` as soon as more than `maximumBytes` have come out, `unsupported`
 */
export async function inflate(bytes: Uint8Array, maximumBytes: number): Promise<Uint8Array | undefined> {
  if (typeof DecompressionStream === 'undefined') throw missing('DecompressionStream')
  const inflated = await tryInflate(bytes, maximumBytes)
  if (inflated === undefined) return undefined
  // Some runtimes forgive octets after the end. Where the last octet can be left out, it was not part of the stream.
  return (await tryInflate(bytes.subarray(0, -1), maximumBytes)) === undefined ? inflated : undefined
}

async function tryInflate(bytes: Uint8Array, maximumBytes: number): Promise<Uint8Array | undefined> {
  const inflated = await pump(bytes, new DecompressionStream('deflate-raw'), maximumBytes)
  if (inflated === null) {
    throw new JoseError(
      'too_large',
      `plaintext: expected at most ${maximumBytes} octets once decompressed, got more`,
    )
  }
  return inflated
}

/** What comes out of a stream; undefined when it breaks, null when more than `maximumBytes` come. */
async function pump(
  bytes: Uint8Array,
  through: CompressionStream | DecompressionStream,
  maximumBytes: number,
): Promise<Uint8Array | undefined | null> {
  const reader = slices(bytes)
    .pipeThrough<Uint8Array>(through as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader()
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concatBytes(parts)
      length += value.length
      if (length > maximumBytes) {
        await reader.cancel().catch(() => undefined)
        return null
      }
      parts.push(value)
    }
  } catch {
    return undefined
  }
}

function slices(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  const source: UnderlyingDefaultSource<Uint8Array> = {
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += sliceBytes)))
      else controller.close()
    },
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}

function missing(name: string): JoseError {
  return new JoseError('unsupported', `this runtime has no ${name}: it cannot compress or decompress`)
}
