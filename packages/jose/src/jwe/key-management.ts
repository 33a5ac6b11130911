/** The content encryption key and its way to a recipient (RFC 7516 §5.1 steps 2–6, §5.2 steps 6–11). */
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import { unwrapKeyBytes, wrapKeyBytes } from '../crypto/aes-kw.ts'
import type { KeyManagementScheme } from '../crypto/cipher-scheme.ts'
import { deriveConcatKey } from '../crypto/concat-kdf.ts'
import { agreeSecret, generateEphemeralKey } from '../crypto/ecdh.ts'
import type { EncryptionMaterial } from '../crypto/encryption-material.ts'
import { derivePasswordKey } from '../crypto/pbkdf2.ts'
import { decryptOaep, encryptOaep } from '../crypto/rsa-oaep.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { concatBytes } from '../encoding/bytes.ts'
import type { JsonObject } from '../encoding/json.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import type { ContentEncryptionRow, KeyManagementRow } from '../jwa/encryption-algorithm.ts'
import { keyManagementRow } from '../jwa/key-management-algorithms.ts'
import { importEphemeralKey } from '../jwk/encryption-key.ts'
import { encryptionMaterialOf } from '../jwk/encryption-materials.ts'
import type { DecryptionKey, EncryptionKey } from '../jwk/key.ts'
import { managementOf } from './encryption-keys.ts'
import {
  readAgreementParameters,
  readParties,
  readPasswordParameters,
  readWrapParameters,
} from './key-parameters.ts'
import type { ParsedRecipient } from './parsed.ts'

/** A content encryption key on its way out. */
export interface ProvidedKey {
  readonly cek: Uint8Array
  readonly encryptedKey: Uint8Array
  /** The header parameters that the recipient needs to get at it. */
  readonly parameters: JsonObject
}

/** What key management looks at beside the key. */
export interface ProvideContext {
  readonly enc: ContentEncryptionRow
  /** The content key of all recipients; absent where the key management makes it. */
  readonly cek: Uint8Array | undefined
  /** The header so far: `apu` and `apv` are part of an agreement. */
  readonly header: JsonObject
  /** PBES2; the row's own number when undefined. */
  readonly pbes2Iterations: number | undefined
}

const nothing = new Uint8Array()

/** Whether a key management makes the content key itself, so that only one recipient can have it. */
export function isDirect({ scheme }: KeyManagementRow): boolean {
  return scheme.kind === 'direct' || (scheme.kind === 'ecdh' && scheme.keyBytes === undefined)
}

/** The row of a key's `alg`. */
export function managementRowOf(key: EncryptionKey | DecryptionKey): KeyManagementRow {
  return keyManagementRow(managementOf(key.algorithm))!
}

/** The content key for one recipient. @throws {JoseError} `unsupported`, `malformed` for `apu` and `apv` */
export async function provideContentKey(key: EncryptionKey, context: ProvideContext): Promise<ProvidedKey> {
  const row = managementRowOf(key)
  const { scheme } = row
  const { enc } = context
  if (scheme.kind === 'direct') return { cek: secretOf(key), encryptedKey: nothing, parameters: {} }
  if (scheme.kind === 'ecdh') return provideAgreed(key, row, context)
  const cek = context.cek ?? crypto.getRandomValues(new Uint8Array(enc.keyBytes))
  if (scheme.kind === 'rsa-oaep') {
    return { cek, encryptedKey: await encryptOaep(pairOf(key).key, cek), parameters: {} }
  }
  if (scheme.kind === 'aes-kw')
    return { cek, encryptedKey: await wrapKeyBytes(secretOf(key), cek), parameters: {} }
  if (scheme.kind === 'aes-gcm-kw') return wrapWithGcm(secretOf(key), cek)
  const iterations = context.pbes2Iterations ?? row.iterations!
  const saltInput = crypto.getRandomValues(new Uint8Array(16))
  const wrappingKey = await passwordKey(key, row, { saltInput, iterations })
  const parameters = { p2s: encodeBase64url(saltInput), p2c: iterations }
  return { cek, encryptedKey: await wrapKeyBytes(wrappingKey, cek), parameters }
}

async function wrapWithGcm(key: Uint8Array, cek: Uint8Array): Promise<ProvidedKey> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const { ciphertext, tag } = await encryptGcm({ key, iv, aad: nothing }, cek)
  return {
    cek,
    encryptedKey: ciphertext,
    parameters: { iv: encodeBase64url(iv), tag: encodeBase64url(tag) },
  }
}

async function provideAgreed(
  key: EncryptionKey,
  row: KeyManagementRow,
  { enc, header, cek }: ProvideContext,
): Promise<ProvidedKey> {
  const { scheme, key: publicKey } = pairOf(key)
  if (scheme.kind !== 'ecdh') throw new JoseError('key_invalid', 'key: expected one of a key agreement')
  const { privateKey, publicJwk } = await generateEphemeralKey(scheme.curve)
  const secret = await agreeSecret(scheme.curve, privateKey, publicKey)
  // Keys of low order were refused when they were made; nothing is ever encrypted under zeros.
  if (secret === undefined) throw new JoseError('key_invalid', 'key: no secret can be agreed on with it')
  const agreed = agreedKey(secret, row, { enc, header })
  const parameters = { epk: publicJwk }
  if (isDirect(row)) return { cek: agreed, encryptedKey: nothing, parameters }
  const content = cek ?? crypto.getRandomValues(new Uint8Array(enc.keyBytes))
  return { cek: content, encryptedKey: await wrapKeyBytes(agreed, content), parameters }
}

/** What recovering looks at beside the key. */
export interface RecoverContext {
  readonly enc: ContentEncryptionRow
  readonly maxPbes2Iterations: number
}

/**
 * The content key inside, or undefined for every fault that only the holder of the key can see.
 *
 * @throws {JoseError} `malformed`, `too_large` for what anybody can see; `unsupported`
 */
export async function recoverContentKey(
  { header, encryptedKey }: ParsedRecipient,
  key: DecryptionKey,
  { enc, maxPbes2Iterations }: RecoverContext,
): Promise<Uint8Array | undefined> {
  const row = managementRowOf(key)
  const { scheme } = row
  if (isDirect(row) !== (encryptedKey.length === 0)) {
    const expected = isDirect(row) ? 'none' : 'one'
    throw new JoseError(
      'malformed',
      `encrypted key: expected ${expected} for ${row.algorithm}, got the opposite`,
    )
  }
  if (scheme.kind === 'direct') return secretOf(key)
  if (scheme.kind === 'rsa-oaep') return decryptOaep(pairOf(key).key, encryptedKey)
  if (scheme.kind === 'aes-kw') return unwrapKeyBytes(secretOf(key), encryptedKey)
  if (scheme.kind === 'aes-gcm-kw') {
    const { iv, tag } = readWrapParameters(header)
    return decryptGcm({ key: secretOf(key), iv, aad: nothing }, { ciphertext: encryptedKey, tag })
  }
  if (scheme.kind === 'ecdh') {
    const secret = await agreeWith(header, key)
    if (secret === undefined) return undefined
    const agreed = agreedKey(secret, row, { enc, header })
    return isDirect(row) ? agreed : unwrapKeyBytes(agreed, encryptedKey)
  }
  const wrappingKey = await passwordKey(key, row, readPasswordParameters(header, maxPbes2Iterations))
  return unwrapKeyBytes(wrappingKey, encryptedKey)
}

/** The secret shared with whoever sent the ephemeral key; undefined when that key is not a good one of our curve. */
async function agreeWith(header: JsonObject, key: DecryptionKey): Promise<Uint8Array | undefined> {
  const { epk } = readAgreementParameters(header)
  const { scheme, key: privateKey } = pairOf(key)
  if (scheme.kind !== 'ecdh') return undefined
  const publicKey = await importEphemeralKey(epk, scheme.curve)
  return publicKey === undefined ? undefined : agreeSecret(scheme.curve, privateKey, publicKey)
}

/** RFC 7518 §4.6.2: the key is derived for `enc` when used directly, else for `alg`. */
function agreedKey(
  secret: Uint8Array,
  { algorithm, scheme }: KeyManagementRow,
  { enc, header }: { enc: ContentEncryptionRow; header: JsonObject },
): Uint8Array {
  const { keyBytes } = scheme as Extract<KeyManagementScheme, { kind: 'ecdh' }>
  const purpose = keyBytes === undefined ? enc.algorithm : algorithm
  return deriveConcatKey(secret, keyBytes ?? enc.keyBytes, {
    algorithm: encodeAscii(purpose),
    ...readParties(header),
  })
}

/** RFC 7518 §4.8.1.1: the salt is the name of the algorithm, a zero octet, and the salt input. */
function passwordKey(
  key: EncryptionKey | DecryptionKey,
  { algorithm, scheme }: KeyManagementRow,
  { saltInput, iterations }: { saltInput: Uint8Array; iterations: number },
): Promise<Uint8Array> {
  const { hash, keyBytes } = scheme as Extract<KeyManagementScheme, { kind: 'pbes2' }>
  const salt = concatBytes([encodeAscii(algorithm), new Uint8Array(1), saltInput])
  return derivePasswordKey(secretOf(key), { hash, salt, iterations, keyBytes })
}

function secretOf(key: EncryptionKey | DecryptionKey): Uint8Array {
  return materialOfKind(key, (material) => (material.kind === 'secret' ? material.bytes : undefined))
}

function pairOf(key: EncryptionKey | DecryptionKey): Exclude<EncryptionMaterial, { kind: 'secret' }> {
  return materialOfKind(key, (material) => (material.kind === 'secret' ? undefined : material))
}

function materialOfKind<T>(
  key: EncryptionKey | DecryptionKey,
  pick: (material: EncryptionMaterial) => T | undefined,
): T {
  const material = encryptionMaterialOf(key)
  const picked = material === undefined ? undefined : pick(material)
  if (picked === undefined)
    throw new JoseError('key_invalid', 'key: expected a key for encryption of this library')
  return picked
}
