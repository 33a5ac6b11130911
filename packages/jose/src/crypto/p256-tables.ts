/** ECDSA on P-256 with SHA-256 by WebAssembly (tools/wasm/curves/p256.ts). Loaded by `signature-tables.ts` alone. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { toBigInt } from '../encoding/bytes.ts'
import { openCurve } from './curve-instance.ts'
import { orderOf, primeOfField } from './curve-point.ts'
import { createTabledKey, createTables, type CurveVerifier } from './curve-tables.ts'
import { p256Module } from './p256-module.ts'

/** The base point (SP 800-186 §3.2.1.3). */
const basePoint = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
}

/** The square of what the module's products divide by. */
const square = 2n ** 522n

const numberOf = (member: string | undefined): bigint => toBigInt(decodeBase64url(member!, 'coordinate'))

/** @throws where no code may be compiled */
export async function openP256(): Promise<CurveVerifier> {
  const [p, n] = [primeOfField('P-256'), orderOf('P-256')]
  const instance = await openCurve(p256Module, [p, n, square % p, square % n])
  const { exports, signature, writeHash } = instance
  const tables = createTables(instance, basePoint)
  return {
    instance,
    prepare: ({ x, y }) => {
      const key = createTabledKey({ x: numberOf(x), y: numberOf(y) })
      return (data, given, isAtOnce) => {
        const slot = tables.slotOf(key, isAtOnce)
        if (slot === undefined) return undefined
        signature.set(given)
        writeHash('sha256', data)
        const verdict = exports.verify(slot)
        return verdict < 0 ? undefined : verdict === 1
      }
    },
  }
}
