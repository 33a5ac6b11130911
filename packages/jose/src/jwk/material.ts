/** From a checked JWK to a key: the one way in for every form that keys come in. */
import { importRuntimeKey } from '../crypto/asymmetric-key.ts'
import type { Awaitable } from '../crypto/awaitable.ts'
import type { KeyMaterial, PrivateMaterial, RuntimeKey } from '../crypto/material.ts'
import { lacks } from '../crypto/runtime-name.ts'
import type { AsymmetricScheme } from '../crypto/scheme.ts'
import { prepareSign, signBytes, verifyBytes } from '../crypto/signature.ts'
import { supportsScheme } from '../crypto/support.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { SignatureRow } from '../jwa/algorithm.ts'
import { type CheckedJwk, checkJwk } from './checked-jwk.ts'
import { type Jwk, privateMembers } from './jwk.ts'
import { makeKey, type PrivateKey, type PublicKey, requireMaterial } from './key.ts'
import { checkScalar } from './private-scalar.ts'
import { importPublicKey, kidOf, signatureBytes } from './public-key.ts'

/** The public key of a JWK for one algorithm; private members are ignored. @throws {JoseError} `key_invalid`, `weak_key` */
export function makePublicKey(jwk: Jwk, row: SignatureRow): Awaitable<PublicKey> {
  return explained('public', row, () => importPublicKey(withoutPrivate(jwk), row))
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
  const scheme = row.scheme as AsymmetricScheme
  const key = await explained('private', row, () => importRuntimeKey('private', scheme, checked.members))
  const material = makePrivateMaterial({ checked, row, extractable }, key)
  const publicKey = await makePublicKey(jwk, row)
  await checkPair(material, requireMaterial(publicKey))
  const { algorithm } = publicKey
  return makeKey<PrivateKey>({ type: 'private', algorithm, ...kidOf(jwk), publicKey, extractable }, material)
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

/** A runtime key, or the reason why there is none in words of ours. @throws {JoseError} `key_invalid`, `unsupported` */
function explained<T>(
  kind: 'public' | 'private',
  { algorithm, scheme }: SignatureRow,
  importKey: () => Awaitable<T>,
): Awaitable<T> {
  const refused = (cause: unknown): JoseError =>
    isJoseError(cause)
      ? cause
      : new JoseError(
          'key_invalid',
          `key: the runtime refuses this ${kind} key (a point that is not on its curve, for example)`,
          { cause },
        )
  try {
    const key = importKey()
    return key instanceof Promise
      ? key.catch(async (cause: unknown) => {
          // Runtimes that lack an algorithm say so in different words, and some blame the key.
          throw (await supportsScheme(scheme)) ? refused(cause) : lacks(algorithm, cause)
        })
      : key
  } catch (cause) {
    throw refused(cause)
  }
}

/** A key pair that cannot verify its own signature was put together from two keys (CVE-2026-102275). */
async function checkPair(secretHalf: PrivateMaterial, publicHalf: KeyMaterial): Promise<void> {
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
