/** A module of tools/wasm/curves with a memory of its own. */
import { textBufferOver } from '../encoding/ascii.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { nodeCrypto } from './node-crypto.ts'

/** What the modules of curves export. */
export interface CurveExports {
  readonly memory: WebAssembly.Memory
  /** Makes one window of a slot's table: the first of the point in `key`, the others of the one before. */
  makeWindow(slot: number, window: number): void
  /** Whether the signature is good under the key of a slot: 1, 0, or −1 where it cannot tell. */
  verify(slot: number): number
  /** The arithmetic below, for tests: numbers are nine limbs of 29 bits, somewhere in the memory. */
  multiply(out: number, a: number, b: number): void
  square(out: number, a: number): void
  invert(out: number, number: number, modulus: number): void
}

/** Where it is written to, as in tools/wasm/curves/memory.ts. */
const place = { numbers: 1024, signature: 1536, hash: 1664, key: 1792 } as const

/** Octets from one of the numbers of a curve to the next. */
const numberOctets = 48
const [limbs, limbBits] = [9, 29] as const

export interface CurveInstance {
  readonly exports: CurveExports
  /** The signature that `verify` looks at. */
  readonly signature: Uint8Array
  /** Writes the hash of data to where `verify` looks for it. */
  writeHash(name: 'sha256' | 'sha512', data: Uint8Array): void
  /** Writes the point that the first window of a table is made of. */
  writeKey(point: AffinePoint): void
}

export interface AffinePoint {
  readonly x: bigint
  readonly y: bigint
}

/**
 * Compiles a module.
 *
 * @param numbers - those at the beginning of its memory, in their order there
 * @throws where the runtime cannot or may not compile
 */
export async function openCurve(module: string, numbers: readonly bigint[]): Promise<CurveInstance> {
  const bytes = decodeBase64url(module, 'module') as BufferSource
  const { instance } = await WebAssembly.instantiate(bytes)
  const exports = instance.exports as unknown as CurveExports
  const view = (from: number, length: number): Uint8Array =>
    new Uint8Array(exports.memory.buffer, from, length)
  numbers.forEach((number, index) => writeLimbs(exports.memory, place.numbers + index * numberOctets, number))
  const key = view(place.key, 64)
  return {
    exports,
    signature: view(place.signature, 64),
    writeHash: hashTo(view(place.hash, 64)),
    writeKey: ({ x, y }) => {
      writeOctets(key.subarray(0, 32), x)
      writeOctets(key.subarray(32), y)
    },
  }
}

/** Writes a number as limbs, the lowest first. */
export function writeLimbs(memory: WebAssembly.Memory, at: number, number: bigint): void {
  const view = new Int32Array(memory.buffer, at, limbs)
  for (let index = 0; index < limbs; index += 1)
    view[index] = Number(BigInt.asUintN(limbBits, number >> BigInt(index * limbBits)))
}

/** Writes a number as octets, the lowest first. */
function writeOctets(octets: Uint8Array, number: bigint): void {
  for (let index = 0; index < octets.length; index += 1)
    octets[index] = Number(BigInt.asUintN(8, number >> BigInt(index * 8)))
}

function hashTo(octets: Uint8Array): CurveInstance['writeHash'] {
  const oneShot = nodeCrypto?.hash
  if (oneShot === undefined)
    return (name, data) => octets.set(nodeCrypto!.createHash(name).update(data).digest())
  const text = textBufferOver(octets)
  return (name, data) => text.writeLatin1(oneShot(name, data, 'latin1'), 0)
}
