/** Keys for encryption, from checked members: the one way in for every form that they come in. */
import type { AgreementCurve, AsymmetricKeyScheme } from '../crypto/cipher-scheme.ts'
import { isOnCurve } from '../crypto/curve-point.ts'
import { agreeSecret, generateEphemeralKey, importAgreementKey } from '../crypto/ecdh.ts'
import { type EncryptionPairMaterial, importEncryptionJwkKey } from '../crypto/encryption-material.ts'
import { decryptOaep, encryptOaep } from '../crypto/rsa-oaep.ts'
import type { WebKey } from '../crypto/runtime-types.ts'
import { equalBytes } from '../encoding/bytes.ts'
import type { JsonObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { PublicKeyManagementAlgorithm, SecretEncryptionAlgorithm } from '../jwa/encryption-algorithm.ts'
import type { EncryptionKeyRow } from '../jwa/encryption-rows.ts'
import { bindEncryptionMaterial } from './encryption-materials.ts'
import { type CheckedJwk, checkJwk } from './checked-jwk.ts'
import { type Jwk, member, privateMembers } from './jwk.ts'
import type { PrivateKey, PublicKey, SecretKey } from './key.ts'
import { checkScalar } from './private-scalar.ts'

export type EncryptionPublicKey = PublicKey<PublicKeyManagementAlgorithm>
export type EncryptionPrivateKey = PrivateKey<PublicKeyManagementAlgorithm>
export type EncryptionSecret = SecretKey<SecretEncryptionAlgorithm>

/** The secret key object for octets that passed their checks. */
export function bindEncryptionSecret(
  row: EncryptionKeyRow,
  bytes: Uint8Array,
  kid: string | undefined,
): EncryptionSecret {
  const fields = { type: 'secret', algorithm: row.algorithm, ...kidMember(kid) }
  const key = Object.freeze(fields) as EncryptionSecret
  bindEncryptionMaterial(key, { kind: 'secret', bytes })
  return key
}

/**
 * The public key of a JWK for one algorithm; private members are ignored.
 *
 * @throws {JoseError} `key_invalid`, also for a point off its curve or of low order; `weak_key`, `unsupported`
 */
export async function makeEncryptionPublicKey(jwk: Jwk, row: EncryptionKeyRow): Promise<EncryptionPublicKey> {
  return bindPublicKey(await publicMaterial(jwk, row), row, jwk.kid)
}

/**
 * The private key of a JWK for one algorithm, with its public key.
 *
 * @throws {JoseError} as `makeEncryptionPublicKey`; `key_invalid` also when private and public members belong to
 *   different keys
 */
export async function makeEncryptionPrivateKey(
  jwk: Jwk,
  row: EncryptionKeyRow,
  extractable: boolean,
): Promise<EncryptionPrivateKey> {
  const scheme = schemeFor(jwk, row)
  const checked = checkMembers(jwk, row)
  if (checked.kind === 'public')
    throw new JoseError('key_invalid', 'key: expected a private key, got a public one')
  checkScalar(jwk)
  const key = await importChecked(checked, scheme)
  const shown = extractable ? checked.members : withoutPrivate(checked.members)
  const material = { kind: 'private', scheme, key, jwk: Object.freeze(shown) } as const
  const publicHalf = await publicMaterial(jwk, row)
  if (!(await belongTogether(material, publicHalf)))
    throw new JoseError('key_invalid', 'key: its private and public members belong to different keys')
  const publicKey = bindPublicKey(publicHalf, row, jwk.kid)
  const { algorithm } = publicKey
  const fields = { type: 'private', algorithm, ...kidMember(jwk.kid), publicKey, extractable }
  const privateKey = Object.freeze(fields) as EncryptionPrivateKey
  bindEncryptionMaterial(privateKey, material)
  return privateKey
}

function bindPublicKey(
  material: EncryptionPairMaterial,
  row: EncryptionKeyRow,
  kid: string | undefined,
): EncryptionPublicKey {
  const fields = { type: 'public', algorithm: row.algorithm, ...kidMember(kid) }
  const key = Object.freeze(fields) as EncryptionPublicKey
  bindEncryptionMaterial(key, material)
  return key
}

async function publicMaterial(jwk: Jwk, row: EncryptionKeyRow): Promise<EncryptionPairMaterial> {
  const scheme = schemeFor(jwk, row)
  const checked = checkMembers(withoutPrivate(jwk), row)
  if (scheme.kind === 'ecdh') requireOnCurve(jwk, scheme.curve)
  const key = await importChecked(checked, scheme)
  if (scheme.kind === 'ecdh') await refuseLowOrder(scheme.curve, key)
  return { kind: 'public', scheme, key, jwk: Object.freeze(checked.members) }
}

/**
 * RFC 7748 §6, §7: with a point of low order every private key agrees on zeros. The NIST curves have a cofactor of 1, so
 * that a point on them is one of full order, and trying it would cost more than all else (P-521: some milliseconds).
 */
async function refuseLowOrder(curve: AgreementCurve, publicKey: CryptoKey): Promise<void> {
  if (curve !== 'X25519' && curve !== 'X448') return
  const { privateKey } = await generateEphemeralKey(curve)
  if ((await agreeSecret(curve, privateKey, publicKey)) === undefined)
    throw new JoseError(
      'key_invalid',
      `JWK: expected a point of ${curve} with the full order, got one of low order`,
    )
}

function checkMembers(jwk: Jwk, row: EncryptionKeyRow): CheckedJwk {
  const { minimumKey } = row.management
  const kty = jwk.kty as 'RSA' | 'EC' | 'OKP'
  return checkJwk(jwk, {
    algorithm: row.algorithm,
    kty,
    ...(jwk.crv === undefined ? {} : { crv: jwk.crv }),
    ...(minimumKey === undefined ? {} : { minimumKey }),
  })
}

const curveTypes: ReadonlyMap<unknown, { readonly kty: 'EC' | 'OKP'; readonly curve: AgreementCurve }> =
  new Map<string, { readonly kty: 'EC' | 'OKP'; readonly curve: AgreementCurve }>([
    ['P-256', { kty: 'EC', curve: 'P-256' }],
    ['P-384', { kty: 'EC', curve: 'P-384' }],
    ['P-521', { kty: 'EC', curve: 'P-521' }],
    ['X25519', { kty: 'OKP', curve: 'X25519' }],
    ['X448', { kty: 'OKP', curve: 'X448' }],
  ])

function schemeFor(jwk: Jwk, { algorithm, management }: EncryptionKeyRow): AsymmetricKeyScheme {
  const { scheme, kty } = management
  if (!(kty as readonly string[]).includes(jwk.kty)) {
    throw new JoseError(
      'key_invalid',
      `JWK "kty": expected ${kty.join(' or ')} for ${algorithm}, got another key type`,
    )
  }
  if (scheme.kind === 'rsa-oaep') return scheme
  const known = curveTypes.get(jwk.crv)
  if (known?.kty !== jwk.kty) {
    const curves = [...curveTypes.values()].filter((one) => one.kty === jwk.kty).map((one) => one.curve)
    throw new JoseError(
      'key_invalid',
      `JWK "crv": expected ${curves.join(', ')} for ${algorithm}, got another curve`,
    )
  }
  return { kind: 'ecdh', curve: known.curve }
}

async function importChecked(checked: CheckedJwk, scheme: AsymmetricKeyScheme): Promise<CryptoKey> {
  try {
    return await importEncryptionJwkKey(checked.kind, scheme, checked.members)
  } catch (cause) {
    if (cause instanceof JoseError) throw cause
    throw new JoseError('key_invalid', `key: the runtime refuses this ${checked.kind} key`, { cause })
  }
}

/** Tries the pair once: what is encrypted to one half has to come out of the other. */
async function belongTogether(
  privateHalf: EncryptionPairMaterial,
  publicHalf: EncryptionPairMaterial,
): Promise<boolean> {
  const { scheme } = privateHalf
  if (scheme.kind === 'rsa-oaep') {
    const probe = new Uint8Array(16)
    const opened = await decryptOaep(privateHalf.key, await encryptOaep(publicHalf.key, probe))
    return opened !== undefined && equalBytes(opened, probe)
  }
  const { privateKey, publicJwk } = await generateEphemeralKey(scheme.curve)
  const ours = await agreeSecret(scheme.curve, privateKey, publicHalf.key)
  const theirs = await agreeSecret(
    scheme.curve,
    privateHalf.key,
    await importAgreementKey(scheme.curve, publicJwk),
  )
  return ours !== undefined && theirs !== undefined && equalBytes(ours, theirs)
}

function withoutPrivate<T extends object>(members: T): T {
  const names: readonly string[] = privateMembers
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name))) as T
}

function kidMember(kid: string | undefined): { kid?: string } {
  return kid === undefined ? {} : { kid }
}

/**
 * The ephemeral key of a sender, or undefined when it is not a point of this curve: an invalid one would tell the sender
 * our private key, piece by piece (SP 800-56A §5.6.2.3.4, CVE-2016-9121).
 *
 * @throws {JoseError} `unsupported`
 */
export async function importEphemeralKey(
  epk: JsonObject,
  curve: AgreementCurve,
): Promise<WebKey | undefined> {
  const { kty } = curveTypes.get(curve)!
  try {
    const { kind, members } = checkJwk(epk as Jwk, { algorithm: 'ECDH-ES', kty, crv: curve })
    if (kind !== 'public') return undefined
    requireOnCurve(members as unknown as Jwk, curve)
    return await importAgreementKey(curve, members)
  } catch (error) {
    if (error instanceof JoseError && error.code === 'unsupported') throw error
    return undefined
  }
}

function requireOnCurve(jwk: Jwk, curve: AgreementCurve): void {
  if (curve === 'X25519' || curve === 'X448') return
  if (isOnCurve(curve, member(jwk, 'x'), member(jwk, 'y'))) return
  throw new JoseError('key_invalid', `JWK: expected a point of ${curve}, got one that is not on it`)
}
