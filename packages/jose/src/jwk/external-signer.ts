/** Keys that sign somewhere else: in a key management service, a hardware module, another process. */
import { type Awaitable, chain, settle } from '../crypto/awaitable.ts'
import { isScalar } from '../crypto/curve-point.ts'
import type { PrivateMaterial, PublicMaterial } from '../crypto/material.ts'
import type { AsymmetricScheme } from '../crypto/scheme.ts'
import { verifyBytes } from '../crypto/signature.ts'
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { AsymmetricAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { readSignature } from './asn1/ecdsa-signature.ts'
import { bindKey, materialOf, type PrivateKey, type PublicKey } from './key.ts'

export interface ExternalSignerOptions<A extends AsymmetricAlgorithm = AsymmetricAlgorithm> {
  readonly algorithm: A
  /** Key ID, for the header of tokens. Default: that of `publicKey`. */
  readonly kid?: string
  /** The other half. With it every signature is verified before it is handed out, and the signer has a `publicKey`. */
  readonly publicKey?: PublicKey<NoInfer<A>>
  /**
   * The signature of octets, or a promise of it. The octets are the message (the signing input of a JWS, RFC 7515 §5.1), not
   * its hash.
   */
  readonly sign: (data: Uint8Array) => Uint8Array | PromiseLike<Uint8Array>
  /** ECDSA: `raw` is r ‖ s (RFC 7518 §3.4), `der` a SEQUENCE of two INTEGERs, as most services answer. Default: `raw`. */
  readonly signatureFormat?: 'raw' | 'der'
}

const where = 'externalSigner'
const optionNames = ['algorithm', 'kid', 'publicKey', 'sign', 'signatureFormat'] as const

/** What the answers of a signer are held against. */
interface Expectation {
  readonly row: SignatureRow
  readonly publicMaterial: PublicMaterial | undefined
  readonly isDer: boolean
}

/**
 * A private key whose signatures a function makes. It cannot be exported.
 *
 * Without `publicKey` its property `publicKey` throws `key_invalid` when it is read. Using it fails with `keys_unavailable`
 * (with `cause`) when the function throws or its promise is rejected, and with `key_invalid` when what it gives is no
 * signature of this algorithm or does not verify. `encode`, which cannot wait, takes signers that answer at once.
 *
 * @throws {JoseError} `option_invalid`; `key_invalid` for a `publicKey` that is none of this library
 */
export function externalSigner<
  A extends AsymmetricAlgorithm,
  const O extends ExternalSignerOptions<A> = ExternalSignerOptions<A>,
>(options: O & ExternalSignerOptions<A> & OnlyOptions<O, ExternalSignerOptions<A>>): PrivateKey<A> {
  const given = readOptions<ExternalSignerOptions<A>>(options, optionNames, where)
  const { publicKey } = given
  const expectation = readExpectation(given)
  const { row, publicMaterial } = expectation
  const kid = readKid(given.kid, publicKey?.kid)
  const material: PrivateMaterial = {
    kind: 'private',
    scheme: row.scheme as AsymmetricScheme,
    key: undefined,
    signatureBytes: publicMaterial?.signatureBytes ?? row.signatureBytes ?? 0,
    jwk: publicMaterial?.jwk ?? Object.freeze({}),
    sign: (data) => signOutside(given.sign, data, expectation),
  }
  const fields = { type: 'private', algorithm: given.algorithm, ...(kid === undefined ? {} : { kid }) }
  const half = publicKey === undefined ? { get: refuseMissingHalf } : { value: publicKey, enumerable: true }
  const key = Object.defineProperty({ ...fields, extractable: false }, 'publicKey', half)
  return bindKey(Object.freeze(key) as unknown as PrivateKey<A>, material)
}

function readExpectation({
  algorithm,
  publicKey,
  sign,
  signatureFormat = 'raw',
}: ExternalSignerOptions): Expectation {
  const publicMaterial = publicKey === undefined ? undefined : readPublicKey(publicKey, algorithm)
  const row = signatureRow(algorithm, publicMaterial?.jwk['crv'])
  if (row === undefined || row.kty === 'oct')
    throw badOption(where, 'algorithm', 'an algorithm of key pairs such as ES256', algorithm)
  if (typeof sign !== 'function') throw badOption(where, 'sign', 'a function', sign)
  const isDer = signatureFormat === 'der'
  if (!isDer && signatureFormat !== 'raw')
    throw badOption(where, 'signatureFormat', 'raw or der', signatureFormat)
  if (isDer && row.kty !== 'EC')
    throw new JoseError('option_invalid', `${where}: signatureFormat der is for ECDSA alone`)
  return { row, publicMaterial, isDer }
}

function readPublicKey(publicKey: PublicKey, algorithm: AsymmetricAlgorithm): PublicMaterial {
  const material = materialOf(publicKey)
  if (material?.kind === 'public' && publicKey.algorithm === algorithm) return material
  const got = material?.kind === 'public' ? `one for ${publicKey.algorithm}` : 'something else'
  throw new JoseError('key_invalid', `${where}: expected a public key for ${algorithm}, got ${got}`)
}

function readKid(kid: unknown, own: string | undefined): string | undefined {
  if (kid === undefined) return own
  if (typeof kid !== 'string') throw badOption(where, 'kid', 'text', kid)
  if (own !== undefined && own !== kid) throw badOption(where, 'kid', "the public key's own", kid)
  return kid
}

function refuseMissingHalf(): never {
  throw new JoseError('key_invalid', `${where}: this signer was made without its public key`)
}

function signOutside(
  sign: ExternalSignerOptions['sign'],
  data: Uint8Array,
  expectation: Expectation,
): Awaitable<Uint8Array> {
  // A copy: what is verified afterwards is what was asked for, whatever the function does with its argument.
  const answer = ask(() => sign(Uint8Array.from(data)))
  return chain(answer, (found) => checkAnswer(found, data, expectation))
}

function ask(action: () => unknown): Awaitable<unknown> {
  const refuse = (cause: unknown): never => {
    throw new JoseError('keys_unavailable', `${where}: the signer failed`, { cause })
  }
  try {
    const answer = settle(action())
    return answer instanceof Promise ? answer.catch(refuse) : answer
  } catch (cause) {
    return refuse(cause)
  }
}

function checkAnswer(
  answer: unknown,
  data: Uint8Array,
  { row, publicMaterial, isDer }: Expectation,
): Awaitable<Uint8Array> {
  const octets = isBytes(answer) ? copyBytes(answer) : undefined
  if (octets === undefined) throw badAnswer('bytes', kindOf(answer))
  const signature = isDer ? readSignature(octets, row.signatureBytes! / 2) : octets
  checkLength(signature.length, publicMaterial?.signatureBytes ?? row.signatureBytes)
  if (row.scheme.kind === 'ecdsa') checkScalars(signature, row.scheme.curve)
  if (publicMaterial === undefined) return signature
  return chain(verifyBytes(publicMaterial, data, signature), (fits) => {
    if (fits) return signature
    throw badAnswer('one that its public key verifies', 'another')
  })
}

/** Without its public key, the length of an RSA signature is that of some modulus between 2048 and 16384 bits. */
function checkLength(length: number, exact: number | undefined): void {
  const fits = exact === undefined ? length >= 256 && length <= 2048 : length === exact
  if (!fits) throw badAnswer(`${exact ?? '256 to 2048'} octets`, `${length}`)
}

/** Zeros and the like are no signature, and some verifiers take them for one (CVE-2022-21449). */
function checkScalars(signature: Uint8Array, curve: Parameters<typeof isScalar>[0]): void {
  const half = signature.length / 2
  const fits = [signature.subarray(0, half), signature.subarray(half)].every((part) => isScalar(curve, part))
  if (!fits) throw badAnswer('r and s from 1 to the order of the curve', 'others')
}

function badAnswer(expected: string, got: string): JoseError {
  return new JoseError('key_invalid', `${where}: signature: expected ${expected}, got ${got}`)
}
