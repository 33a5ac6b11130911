/**
 * Verification by WebAssembly of this library, with a table of multiples of each key: Ed25519 and P-256 alone, and only for
 * whoever asks for it (`signatures: 'webassembly'`). A table is made little by little once a key was used often. Until it is
 * there, for whatever it cannot tell, and wherever code must not be compiled, the runtime verifies as ever; the verdicts are
 * the same. Keys, signatures and what was signed are public: no secret gets here.
 */
import type { CurveVerifier, VerifyByTable } from './curve-tables.ts'
import type { PublicMaterial, VerifyBytes, VerifyingMaterial } from './material.ts'
import { nodeCrypto } from './node-crypto.ts'

/** Verifications under a key that come before its table: fewer do not pay for it. */
const firstVerifications = 64

type TabledCurve = 'Ed25519' | 'P-256'

const loaders: Readonly<Record<TabledCurve, () => Promise<CurveVerifier>>> = {
  Ed25519: async () => (await import('./ed25519-tables.ts')).openEd25519(),
  'P-256': async () => (await import('./p256-tables.ts')).openP256(),
}

/** The curves that are here, shared by all verifiers: a table follows from a public key, whoever asks. */
const curves = new Map<TabledCurve, CurveVerifier>()
const opening = new Map<TabledCurve, Promise<void>>()
let isAtOnce = false

function open(curve: TabledCurve): Promise<void> {
  const opened =
    opening.get(curve) ??
    loaders[curve]().then(
      (verifier) => void curves.set(curve, verifier),
      // No WebAssembly, or a policy against compiling code.
      () => undefined,
    )
  opening.set(curve, opened)
  return opened
}

/**
 * Starts anew, with the table of every key made whole at its first verification, or little by little as ever; for tests and
 * measurements, which want to know what they look at.
 *
 * @returns whether tables can be had at all
 */
export async function useTablesAtOnce(wanted: boolean): Promise<boolean> {
  isAtOnce = wanted
  curves.clear()
  opening.clear()
  await Promise.all([open('Ed25519'), open('P-256')])
  return curves.size === 2 && nodeCrypto !== undefined
}

const tabled = new WeakMap<PublicMaterial, PublicMaterial>()

/** The same key, verifying by its table once it has one; as it is when it is of another kind. */
export function withTables(material: VerifyingMaterial): VerifyingMaterial {
  if (material.kind !== 'public' || !('node' in material.key)) return material
  const curve = 'curve' in material.scheme ? material.scheme.curve : undefined
  if (curve !== 'Ed25519' && curve !== 'P-256') return material
  const known = tabled.get(material) ?? { ...material, verify: verifyByTable(material, curve) }
  tabled.set(material, known)
  return known
}

function verifyByTable({ jwk, verify }: PublicMaterial, curve: TabledCurve): VerifyBytes {
  let waiting = firstVerifications
  let byTable: VerifyByTable | undefined
  return (data, signature) => {
    if (waiting > 0 && !isAtOnce) {
      waiting -= 1
      if (waiting === 0) void open(curve)
    } else byTable ??= curves.get(curve)?.prepare(jwk)
    return byTable?.(data, signature, isAtOnce) ?? verify(data, signature)
  }
}
