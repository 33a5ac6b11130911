/** DEFLATE (RFC 1951) by the stream of the runtime. What it makes is undone in `inflate.ts`. */
import { lacks } from './runtime-name.ts'

/** The compressed form of octets. @throws {JoseError} `unsupported` */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  if (typeof CompressionStream === 'undefined') throw lacks('CompressionStream')
  const source = new Blob([bytes as BlobPart]).stream()
  const compressed = source.pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}
