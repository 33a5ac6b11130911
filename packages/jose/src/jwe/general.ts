/** The general JSON serialization of a JWE (RFC 7516 §7.2.1): one content, one or several recipients. */
import { encodeBase64url } from '../encoding/base64url.ts'
import { type JsonObject, isObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { contentEncryptionRow, defaultContentEncryption } from '../jwa/content-encryption-algorithms.ts'
import type { ContentEncryptionRow } from '../jwa/encryption-algorithm.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { decryptJwe } from './decrypt.ts'
import { type DecryptOptions, readDecryptOptions } from './decrypt-options.ts'
import {
  checkHeader,
  encodeHeader,
  keyHeader,
  type Plaintext,
  readPlaintext,
  sealContent,
  zipHeader,
} from './encrypt.ts'
import { contentRowFor, type EncryptPlan, makeEncryptPlan, readHeaderOption } from './encrypt-options.ts'
import { type DecryptionInput, prepareDecryptionKeys, requireEncryptionKey } from './encryption-keys.ts'
import {
  bounded,
  type EncryptJsonOptions,
  encryptJsonOptionNames,
  type FlattenedJwe,
  optionalMembers,
} from './flattened.ts'
import {
  type DecryptedJson,
  jsonResult,
  readJsonJwe,
  readRecipient,
  readShared,
} from './json-serialization.ts'
import { isDirect, managementRowOf, provideContentKey } from './key-management.ts'
import { authenticatedData } from './parsed.ts'

/** A JWE for any number of recipients, in JSON. */
export interface GeneralJwe extends Omit<FlattenedJwe, 'header' | 'encrypted_key'> {
  readonly recipients: readonly Pick<FlattenedJwe, 'header' | 'encrypted_key'>[]
}

/** Somebody to encrypt to. */
export interface Recipient {
  readonly key: EncryptionKey
  /** Further parameters of this recipient's own header, which anybody can change on the way. */
  readonly header?: { readonly [parameter: string]: unknown }
}

/** Recipients of one JWE at most. */
const maximumRecipients = 100

/**
 * Encrypts one content to several recipients, each with a key of its own. `alg`, `kid` and what the key management adds
 * stand in each recipient's own header; `enc` stands in the protected one.
 *
 * @param recipients - one at least; one alone where the key is used or agreed on directly (`dir`, `ECDH-ES`)
 * @throws {JoseError} as `encryptCompact`
 */
export async function encryptGeneral<const O extends EncryptJsonOptions = EncryptJsonOptions>(
  plaintext: Plaintext,
  recipients: readonly Recipient[],
  options?: O & OnlyOptions<O, EncryptJsonOptions>,
): Promise<GeneralJwe> {
  const where = 'encryptGeneral'
  const given = readOptions<EncryptJsonOptions>(options ?? {}, encryptJsonOptionNames, where)
  const plan = makeEncryptPlan(given, where)
  const unprotectedHeader = readHeaderOption(given.unprotectedHeader, 'unprotectedHeader', where)
  const aad = given.aad === undefined ? undefined : readPlaintext(given.aad, 'aad', where)
  const content = readPlaintext(plaintext, 'plaintext', where)
  const parties = readRecipients(recipients, where)
  const enc = contentRowOfAll(parties, plan, where)
  const protectedHeader = { enc: enc.algorithm, ...zipHeader(plan), ...plan.header }
  const provided = await provideToAll(parties, { enc, plan, where, protectedHeader, unprotectedHeader })
  const protectedSegment = encodeHeader(protectedHeader)
  const data = authenticatedData(protectedSegment, aad)
  const { iv, ciphertext, tag } = await sealContent(content, { enc, cek: provided.cek, aad: data }, plan)
  return bounded(plan.maxTokenLength, {
    protected: protectedSegment,
    ...optionalMembers({ unprotectedHeader, aad }),
    recipients: provided.recipients,
    iv: encodeBase64url(iv),
    ciphertext: encodeBase64url(ciphertext),
    tag: encodeBase64url(tag),
  })
}

/**
 * Decrypts a general JWE with the key of one recipient. Recipients whose `alg` is not allowed or whose `kid` is another are
 * passed over; four are tried at most.
 *
 * @param jwe - the object, or its JSON text
 * @throws {JoseError} as `decryptCompact`; `malformed` also for no recipients at all (CVE-2026-102946)
 */
export async function decryptGeneral<const O extends DecryptOptions = DecryptOptions>(
  jwe: GeneralJwe | string,
  key: DecryptionInput,
  options?: O & OnlyOptions<O, DecryptOptions>,
): Promise<DecryptedJson> {
  const where = 'decryptGeneral'
  const plan = readDecryptOptions(options, where)
  const keys = prepareDecryptionKeys(key, plan, where)
  const object = readJsonJwe(jwe, plan)
  const holders = readHolders(object)
  const shared = readShared(object)
  const recipients = holders.map((holder) => readRecipient(holder, shared, plan))
  return jsonResult(await decryptJwe({ ...shared.content, recipients }, keys, plan), shared)
}

function readHolders(object: JsonObject): readonly JsonObject[] {
  const { recipients } = object
  if (!Array.isArray(recipients) || recipients.length === 0)
    throw new JoseError('malformed', 'JWE: "recipients": expected an array of one or more, got none')
  if (recipients.length > maximumRecipients) {
    throw new JoseError(
      'too_large',
      `JWE: expected at most ${maximumRecipients} recipients, got ${recipients.length}`,
    )
  }
  if (Object.hasOwn(object, 'header') || Object.hasOwn(object, 'encrypted_key'))
    throw new JoseError(
      'malformed',
      'JWE: expected the general form, got members of the flattened one beside it',
    )
  for (const holder of recipients as readonly unknown[]) {
    if (!isObject(holder))
      throw new JoseError('malformed', 'JWE: "recipients": expected objects, got something else')
  }
  return recipients as readonly JsonObject[]
}

interface Party {
  readonly key: EncryptionKey
  readonly header: JsonObject
}

function readRecipients(recipients: unknown, where: string): readonly Party[] {
  if (!Array.isArray(recipients) || recipients.length === 0 || recipients.length > maximumRecipients)
    throw badOption(where, 'recipients', `an array of 1 to ${maximumRecipients} recipients`, recipients)
  return recipients.map((recipient: unknown) => {
    const { key, header } = readOptions<Recipient>(recipient, ['key', 'header'], `${where}: recipient`)
    return { key: requireEncryptionKey(key, where), header: readHeaderOption(header, 'header', where) }
  })
}

function contentRowOfAll(parties: readonly Party[], plan: EncryptPlan, where: string): ContentEncryptionRow {
  const [first] = parties
  if (parties.length === 1) return contentRowFor(first!.key, plan, where)
  const direct = parties.find(({ key }) => isDirect(managementRowOf(key)))
  if (direct === undefined) return contentEncryptionRow(plan.enc ?? defaultContentEncryption)!
  throw new JoseError(
    'option_invalid',
    `${where}: a key of ${direct.key.algorithm} is used or agreed on directly, for one recipient alone: give each a key that wraps`,
  )
}

interface SharedContext {
  readonly enc: ContentEncryptionRow
  readonly plan: EncryptPlan
  readonly where: string
  readonly protectedHeader: JsonObject
  readonly unprotectedHeader: JsonObject
}

async function provideToAll(
  parties: readonly Party[],
  { enc, plan, where, protectedHeader, unprotectedHeader }: SharedContext,
): Promise<{ cek: Uint8Array; recipients: GeneralJwe['recipients'] }> {
  let cek: Uint8Array | undefined
  const recipients: GeneralJwe['recipients'][number][] = []
  for (const { key, header } of parties) {
    const base = { ...keyHeader(key, header, where), ...header }
    checkHeader({ protectedHeader, unprotectedHeader, recipientHeader: base }, where)
    const { pbes2Iterations } = plan
    const whole = { ...protectedHeader, ...unprotectedHeader, ...base }
    // The first recipient's content key is everybody's.
    const provided = await provideContentKey(key, { enc, cek, header: whole, pbes2Iterations })
    cek = provided.cek
    const recipientHeader = { ...base, ...provided.parameters }
    recipients.push(optionalMembers({ recipientHeader, encryptedKey: provided.encryptedKey }))
  }
  return { cek: cek!, recipients }
}
