/** The flattened JSON serialization of a JWE (RFC 7516 §7.2.2): one recipient, and headers that need not be protected. */
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { decryptJwe } from './decrypt.ts'
import { type DecryptOptions, readDecryptOptions } from './decrypt-options.ts'
import { encryptToOne, type Plaintext, readPlaintext } from './encrypt.ts'
import {
  type EncryptOptions,
  encryptOptionNames,
  makeEncryptPlan,
  readHeaderOption,
} from './encrypt-options.ts'
import { type DecryptionInput, prepareDecryptionKeys, requireEncryptionKey } from './encryption-keys.ts'
import {
  type DecryptedJson,
  jsonResult,
  readJsonJwe,
  readRecipient,
  readShared,
} from './json-serialization.ts'

/** A JWE for one recipient, in JSON. */
export interface FlattenedJwe {
  readonly protected?: string
  readonly unprotected?: JsonObject
  readonly header?: JsonObject
  readonly encrypted_key?: string
  readonly aad?: string
  readonly iv?: string
  readonly ciphertext: string
  readonly tag?: string
}

export interface EncryptJsonOptions extends EncryptOptions {
  /** Additional authenticated data: octets or text that anybody can read and nobody can change. */
  readonly aad?: Plaintext
  /** Header parameters that anybody can change on the way. */
  readonly unprotectedHeader?: { readonly [parameter: string]: unknown }
}

/** The names of `EncryptJsonOptions`. */
export const encryptJsonOptionNames: readonly (keyof EncryptJsonOptions)[] = [
  ...encryptOptionNames,
  'aad',
  'unprotectedHeader',
]

/**
 * Encrypts to one recipient. `alg`, `enc` and what the key management adds stand in the protected header.
 *
 * @throws {JoseError} as `encryptCompact`
 */
export async function encryptFlattened<const O extends EncryptJsonOptions = EncryptJsonOptions>(
  plaintext: Plaintext,
  key: EncryptionKey,
  options?: O & OnlyOptions<O, EncryptJsonOptions>,
): Promise<FlattenedJwe> {
  const where = 'encryptFlattened'
  const given = readOptions<EncryptJsonOptions>(options ?? {}, encryptJsonOptionNames, where)
  const plan = makeEncryptPlan(given, where)
  const unprotectedHeader = readHeaderOption(given.unprotectedHeader, 'unprotectedHeader', where)
  const aad = given.aad === undefined ? undefined : readPlaintext(given.aad, 'aad', where)
  const content = readPlaintext(plaintext, 'plaintext', where)
  const message = await encryptToOne(content, requireEncryptionKey(key, where), {
    plan,
    where,
    unprotectedHeader,
    aad,
  })
  const { protectedSegment, encryptedKey, iv, ciphertext, tag } = message
  return bounded(plan.maxTokenLength, {
    protected: protectedSegment,
    ...optionalMembers({ unprotectedHeader, encryptedKey, aad }),
    iv: encodeBase64url(iv),
    ciphertext: encodeBase64url(ciphertext),
    tag: encodeBase64url(tag),
  })
}

/**
 * Decrypts a flattened JWE.
 *
 * @param jwe - the object, or its JSON text
 * @throws {JoseError} as `decryptCompact`
 */
export async function decryptFlattened<const O extends DecryptOptions = DecryptOptions>(
  jwe: FlattenedJwe | string,
  key: DecryptionInput,
  options?: O & OnlyOptions<O, DecryptOptions>,
): Promise<DecryptedJson> {
  const where = 'decryptFlattened'
  const plan = readDecryptOptions(options, where)
  const keys = prepareDecryptionKeys(key, plan, where)
  const object = readJsonJwe(jwe, plan)
  if (Object.hasOwn(object, 'recipients'))
    throw new JoseError('malformed', 'JWE: expected the flattened form, got "recipients": use decryptGeneral')
  const shared = readShared(object)
  const recipient = readRecipient(object, shared, plan)
  return jsonResult(await decryptJwe({ ...shared.content, recipients: [recipient] }, keys, plan), shared)
}

/** Members that are absent rather than empty (RFC 7516 §7.2.1). */
export function optionalMembers(members: {
  unprotectedHeader?: JsonObject
  recipientHeader?: JsonObject
  encryptedKey?: Uint8Array
  aad?: Uint8Array | undefined
}): Pick<FlattenedJwe, 'unprotected' | 'header' | 'encrypted_key' | 'aad'> {
  const { unprotectedHeader = {}, recipientHeader = {}, encryptedKey, aad } = members
  return {
    ...(Object.keys(unprotectedHeader).length === 0 ? {} : { unprotected: unprotectedHeader }),
    ...(Object.keys(recipientHeader).length === 0 ? {} : { header: recipientHeader }),
    ...(encryptedKey === undefined || encryptedKey.length === 0
      ? {}
      : { encrypted_key: encodeBase64url(encryptedKey) }),
    ...(aad === undefined || aad.length === 0 ? {} : { aad: encodeBase64url(aad) }),
  }
}

/** A JWE that its readers would take. @throws {JoseError} `too_large` */
export function bounded<T>(maxTokenLength: number, jwe: T): T {
  const { length } = JSON.stringify(jwe)
  if (length <= maxTokenLength) return jwe
  throw new JoseError(
    'too_large',
    `JWE: expected at most ${maxTokenLength} characters, got ${length}: say more in maxTokenLength, here and where it is read`,
  )
}
