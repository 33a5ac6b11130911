/** Signatures of Ed25519 by WebAssembly (tools/wasm/curves/ed25519.ts). Loaded by `signature-tables.ts` alone. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { createViews } from '../encoding/buffer-views.ts'
import { type AffinePoint, openCurve } from './curve-instance.ts'
import { power } from './curve-point.ts'
import { createTabledKey, createTables, type CurveVerifier } from './curve-tables.ts'
import { ed25519Module } from './ed25519-module.ts'
import { primeOf, smallOrderYs, yOf } from './edwards.ts'
import { longestText } from './engine.ts'

const p = primeOf('Ed25519')

/** The constant of the curve, −121665/121666, and a square root of −1 (RFC 8032 §5.1). */
const d = modulo(-121665n * power(121666n, p - 2n, p))
const rootOfMinusOne = power(2n, (p - 1n) / 4n, p)

/** The base point: y is 4/5, and x is even (RFC 8032 §5.1). */
const baseY = modulo(4n * power(5n, p - 2n, p))

function modulo(number: bigint): bigint {
  return ((number % p) + p) % p
}

/** The x of a point, by its y and the lowest bit of x (RFC 8032 §5.1.3); undefined when no point has this y. */
export function edwardsX(y: bigint, isOdd: boolean): bigint | undefined {
  const [u, v] = [modulo(y * y - 1n), modulo(d * y * y + 1n)]
  const root = modulo(u * v ** 3n * power(modulo(u * v ** 7n), (p - 5n) / 8n, p))
  const square = modulo(v * root * root)
  if (square !== u && square !== modulo(-u)) return undefined
  const x = square === u ? root : modulo(root * rootOfMinusOne)
  return (x & 1n) === (isOdd ? 1n : 0n) ? x : modulo(-x)
}

/** −A, whose multiples are added where those of A would be taken away. */
function negatedPoint(encoded: Uint8Array): AffinePoint | undefined {
  const y = yOf(encoded)
  const x = edwardsX(y, encoded[31]! >= 0x80)
  return x === undefined ? undefined : { x: modulo(-x), y }
}

/** What the R of any point of small order begins with: of all others one in fifty does. */
const firstOctets: ReadonlySet<number> = new Set(smallOrderYs.map((y) => Number(y & 0xffn)))

/** Runtimes are not of one mind about an R of small order: Node refuses it from version 24 on. */
function isSmallR(signature: Uint8Array): boolean {
  return firstOctets.has(signature[0]!) && smallOrderYs.includes(yOf(signature.subarray(0, 32)))
}

/** R and A, which are hashed before the message (RFC 8032 §5.1.7). */
const prefix = 64

/** @throws where no code may be compiled */
export async function openEd25519(): Promise<CurveVerifier> {
  const instance = await openCurve(ed25519Module, [p, 0n, modulo(2n * d)])
  const { exports, signature, writeHash } = instance
  const tables = createTables(instance, { x: edwardsX(baseY, false)!, y: baseY })
  const hashed = new Uint8Array(prefix + longestText)
  const views = createViews(hashed)
  return {
    instance,
    prepare: ({ x }) => {
      const encoded = decodeBase64url(x!, 'x')
      const point = negatedPoint(encoded)
      // The runtime takes a key that no point has, and judges one of small order as it likes.
      if (point === undefined || smallOrderYs.includes(modulo(point.y))) return () => undefined
      const key = createTabledKey(point)
      return (data, given, isAtOnce) => {
        const slot = data.length > longestText ? undefined : tables.slotOf(key, isAtOnce)
        if (slot === undefined) return undefined
        signature.set(given)
        hashed.set(given)
        hashed.set(encoded, prefix / 2)
        hashed.set(data, prefix)
        writeHash('sha512', views(prefix + data.length))
        const isGood = exports.verify(slot) === 1
        return isGood && isSmallR(given) ? undefined : isGood
      }
    },
  }
}
