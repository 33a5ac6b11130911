/** From a checked JWK to a key: the one way in for every form that keys come in. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { importRuntimeKey } from '../crypto/asymmetric-key.ts'
import type { PrivateMaterial, PublicMaterial, RuntimeKey } from '../crypto/material.ts'
import { lacks } from '../crypto/runtime-name.ts'
import { isOnCurve } from '../crypto/curve-point.ts'
import { isNode } from '../crypto/node-crypto.ts'
import type { AsymmetricScheme, CurveName } from '../crypto/scheme.ts'
import { supportsScheme } from '../crypto/support.ts'
import { prepareSign, prepareVerify, signBytes, verifyBytes } from '../crypto/signature.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { AsymmetricAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { type CheckedJwk, checkJwk } from './checked-jwk.ts'
import { type Jwk, member, privateMembers } from './jwk.ts'
import { checkScalar } from './private-scalar.ts'
import { makeKey, type PrivateKey, type PublicKey } from './key.ts'

/** The public key of a JWK for one algorithm; private members are ignored. @throws {JoseError} `key_invalid`, `weak_key` */
export function makePublicKey(jwk: Jwk, row: SignatureRow): Awaitable<PublicKey> {
  const checked = checkJwk(withoutPrivate(jwk), row)
  return chain(makePublicMaterial(checked, row), (material) => {
    const fields = { type: 'public' as const, algorithm: row.algorithm as AsymmetricAlgorithm, ...kidOf(jwk) }
    return makeKey<PublicKey>(fields, material)
  })
}

/**
 * The private key of a JWK for one algorithm, with its public key.
 *
 * @throws {JoseError} `key_invalid` also when private and public members belong to different keys
 */
export async function makePrivateKey(jwk: Jwk, row: SignatureRow, extractable: boolean): Promise<PrivateKey> {
  const checked = checkJwk(jwk, row)
  if (checked.kind === 'public')
    throw new JoseError('key_invalid', 'key: expected a private key, got a public one')
  checkScalar(jwk)
  const material = makePrivateMaterial({ checked, row, extractable }, await importChecked(checked, row))
  const publicMaterial = await makePublicMaterial(checkJwk(withoutPrivate(jwk), row), row)
  await checkPair(material, publicMaterial)
  const shared = { algorithm: row.algorithm as AsymmetricAlgorithm, ...kidOf(jwk) }
  const publicKey = makeKey<PublicKey>({ type: 'public', ...shared }, publicMaterial)
  return makeKey<PrivateKey>({ type: 'private', ...shared, publicKey, extractable }, material)
}

function makePublicMaterial(checked: CheckedJwk, row: SignatureRow): Awaitable<PublicMaterial> {
  const scheme = row.scheme as AsymmetricScheme
  return chain(importChecked(checked, row), (key) => ({
    kind: 'public',
    scheme,
    key,
    signatureBytes: signatureBytes(checked, row),
    jwk: Object.freeze(checked.members),
    verify: prepareVerify(scheme, key, checked.members),
  }))
}

function makePrivateMaterial(
  { checked, row, extractable }: { checked: CheckedJwk; row: SignatureRow; extractable: boolean },
  key: RuntimeKey,
): PrivateMaterial {
  const scheme = row.scheme as AsymmetricScheme
  return {
    kind: 'private',
    scheme,
    key,
    signatureBytes: signatureBytes(checked, row),
    jwk: Object.freeze(extractable ? checked.members : withoutPrivate(checked.members)),
    ...prepareSign(scheme, key),
  }
}

function signatureBytes({ modulusBits }: CheckedJwk, row: SignatureRow): number {
  return row.signatureBytes ?? Math.ceil(modulusBits / 8)
}

function importChecked(checked: CheckedJwk, row: SignatureRow): Awaitable<RuntimeKey> {
  const refused = (cause: unknown): JoseError =>
    isJoseError(cause)
      ? cause
      : new JoseError(
          'key_invalid',
          `key: the runtime refuses this ${checked.kind} key (a point that is not on its curve, for example)`,
          { cause },
        )
  try {
    if (row.kty === 'EC' && !isNode) requireOnCurve(checked, row)
    const key = importRuntimeKey(checked.kind, row.scheme as AsymmetricScheme, checked.members)
    return key instanceof Promise
      ? key.catch(async (cause: unknown) => {
          // Runtimes that lack an algorithm say so in different words, and some blame the key.
          throw (await supportsScheme(row.scheme)) ? refused(cause) : lacks(row.algorithm, cause)
        })
      : key
  } catch (cause) {
    throw refused(cause)
  }
}

/** Node.js sees this by itself, and so do most others; WebCrypto of Deno 2.9 does not. */
function requireOnCurve({ members }: CheckedJwk, { crv }: SignatureRow): void {
  const [x, y] = [member(members as unknown as Jwk, 'x'), member(members as unknown as Jwk, 'y')]
  if (!isOnCurve(crv as CurveName, x, y)) throw new RangeError('not on the curve')
}

/** A key pair that cannot verify its own signature was put together from two keys (CVE-2026-102275). */
async function checkPair(secretHalf: PrivateMaterial, publicHalf: PublicMaterial): Promise<void> {
  const probe = new Uint8Array(32)
  let fits = false
  try {
    fits = await verifyBytes(publicHalf, probe, await signBytes(secretHalf, probe))
  } catch {
    // Members that contradict each other can make the runtime's signing fail too.
  }
  if (!fits)
    throw new JoseError('key_invalid', 'key: its private and public members belong to different keys')
}

function withoutPrivate<T extends object>(members: T): T {
  const names: readonly string[] = privateMembers
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name))) as T
}

function kidOf(jwk: Jwk): { kid?: string } {
  return jwk.kid === undefined ? {} : { kid: jwk.kid }
}
