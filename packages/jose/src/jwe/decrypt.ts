/**
 * The decryption engine (RFC 7516 §5.2). Its order is fixed, here and nowhere else:
 *
 *   shape → header → algorithm → key → decryption → (the caller checks the claims)
 *
 * Up to the key, errors tell what anybody can see in the token. From there on there is one error with one message, and a
 * key that could not be recovered is replaced by a random one, so that neither words nor steps tell where it failed
 * (RFC 7516 §11.5, CVE-2021-29443).
 */
import { decryptContent } from '../crypto/content-cipher.ts'
import { inflate } from '../crypto/inflate.ts'
import { JoseError } from '../errors.ts'
import { contentEncryptionRow } from '../jwa/content-encryption-algorithms.ts'
import type {
  ContentEncryptionAlgorithm,
  ContentEncryptionRow,
  KeyManagementAlgorithm,
  KeyManagementRow,
} from '../jwa/encryption-algorithm.ts'
import { keyManagementRow, whyNoKeyManagement } from '../jwa/key-management-algorithms.ts'
import type { DecryptionKey } from '../jwk/key.ts'
import type { DecryptPlan } from './decrypt-options.ts'
import { type DecryptionKeys, requireFit } from './encryption-keys.ts'
import { isDirect, recoverContentKey } from './key-management.ts'
import type { ParsedJwe, ParsedRecipient } from './parsed.ts'

/** Plaintext, and how it came to be ours. */
export interface Decrypted {
  readonly plaintext: Uint8Array
  readonly recipient: ParsedRecipient
  readonly key: DecryptionKey
}

/** How many pairs of recipient and key are tried for one token, so that a crowded one cannot be made to cost more. */
const maximumAttempts = 4

interface Attempt {
  readonly recipient: ParsedRecipient
  readonly key: DecryptionKey
}

/**
 * Decrypts a JWE whose shape and headers passed.
 *
 * @throws {JoseError} in the order of the checks: `alg_not_allowed`, `unsupported`, `malformed`, `key_not_found`,
 *   `key_ambiguous`, `key_invalid`, `too_large`, `decrypt_failed`
 */
export async function decryptJwe(
  jwe: ParsedJwe,
  keys: DecryptionKeys,
  plan: DecryptPlan,
): Promise<Decrypted> {
  const enc = allowedContent(jwe, keys)
  checkZip(jwe, plan)
  const recipients = addressed(allowedRecipients(jwe, keys), jwe, keys)
  checkSizes(jwe, enc)
  for (const attempt of await selectAttempts(recipients, enc, keys)) {
    const compressed = await decryptWith(jwe, attempt, { enc, plan })
    if (compressed === undefined) continue
    const plaintext = isZipped(jwe) ? inflate(compressed, plan.maxPlaintextBytes) : compressed
    if (plaintext !== undefined) return { plaintext, ...attempt }
  }
  throw new JoseError('decrypt_failed', 'the token cannot be decrypted with this key')
}

async function decryptWith(
  jwe: ParsedJwe,
  { recipient, key }: Attempt,
  { enc, plan }: { enc: ContentEncryptionRow; plan: DecryptPlan },
): Promise<Uint8Array | undefined> {
  const { maxPbes2Iterations } = plan
  const recovered = await recoverContentKey(recipient, key, { enc, maxPbes2Iterations })
  const random = crypto.getRandomValues(new Uint8Array(enc.keyBytes))
  const cek = recovered?.length === enc.keyBytes ? recovered : random
  const { iv, aad, ciphertext, tag } = jwe
  return decryptContent(enc.scheme, { key: cek, iv, aad }, { ciphertext, tag })
}

function allowedContent({ recipients }: ParsedJwe, keys: DecryptionKeys): ContentEncryptionRow {
  const names = new Set(recipients.map(({ header }) => header['enc']))
  if (names.size > 1)
    throw new JoseError('malformed', 'header: "enc": expected one for all recipients, got several')
  const [name] = names
  const row = contentEncryptionRow(name)
  if (row === undefined) {
    throw new JoseError(
      'alg_not_allowed',
      'header: "enc": not a content encryption algorithm that this version knows',
    )
  }
  if (keys.content.has(row.algorithm)) return row
  throw notAllowed('enc', keys.content, row.algorithm)
}

function notAllowed(name: 'alg' | 'enc', allowed: ReadonlySet<string>, got: string): JoseError {
  return new JoseError(
    'alg_not_allowed',
    `header: "${name}": expected ${[...allowed].join(', ')}, got ${got}`,
  )
}

/** RFC 7516 §4.1.3 knows one compression. It stands in the protected header, which all recipients share. */
function checkZip(jwe: ParsedJwe, { allowZip }: DecryptPlan): void {
  const zip = jwe.recipients[0]!.header['zip']
  if (zip === undefined) return
  if (zip !== 'DEF') throw new JoseError('unsupported', 'header: "zip": expected DEF or none, got another')
  if (!allowZip)
    throw new JoseError(
      'alg_not_allowed',
      'header: "zip": compressed content is taken with allowZip: true only',
    )
}

function isZipped({ recipients }: ParsedJwe): boolean {
  return recipients[0]!.header['zip'] === 'DEF'
}

/** The recipients whose `alg` is allowed. A token for several may name others; a token for one may not. */
function allowedRecipients({ recipients }: ParsedJwe, keys: DecryptionKeys): readonly ParsedRecipient[] {
  const rows = recipients.map(({ header }) => keyManagementRow(header['alg']))
  if (rows.length > 1 && rows.some((row) => row !== undefined && isDirect(row))) {
    throw new JoseError(
      'malformed',
      'recipients: expected one alone where a key is used or agreed on directly, got several',
    )
  }
  const allowed = recipients.filter((_, index) => isAllowed(rows[index], keys))
  if (allowed.length > 0) return allowed
  if (recipients.length > 1) {
    const names = [...keys.management].join(', ')
    throw new JoseError('key_not_found', `recipients: expected one with "alg" ${names}, got none`)
  }
  const [row] = rows
  if (row !== undefined) throw notAllowed('alg', keys.management, row.algorithm)
  const { alg } = recipients[0]!.header
  throw new JoseError('alg_not_allowed', `header: "alg": ${whyNoKeyManagement(alg)}`)
}

function isAllowed(row: KeyManagementRow | undefined, keys: DecryptionKeys): boolean {
  return row !== undefined && keys.management.has(row.algorithm)
}

/** Exact sizes: a shorter tag is easier to guess, a longer iv goes through another construction (RFC 7518 §5.2, §5.3). */
function checkSizes({ iv, tag, ciphertext }: ParsedJwe, enc: ContentEncryptionRow): void {
  requireSize('iv', iv, enc.ivBytes)
  requireSize('tag', tag, enc.tagBytes)
  if (enc.scheme.kind === 'cbc-hmac' && (ciphertext.length === 0 || ciphertext.length % 16 !== 0))
    throw new JoseError('malformed', 'ciphertext: expected whole blocks of 16 octets, one at least')
}

function requireSize(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size)
    throw new JoseError('malformed', `${name}: expected ${size} octets, got ${bytes.length}`)
}

/** The pairs of recipient and key to try, in the order of the recipients. */
async function selectAttempts(
  recipients: readonly ParsedRecipient[],
  enc: ContentEncryptionRow,
  keys: DecryptionKeys,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  for (const recipient of recipients) {
    for (const key of await keysFor(recipient, enc.algorithm, keys)) attempts.push({ recipient, key })
  }
  if (attempts.length === 0) throw new JoseError('key_not_found', 'no key fits the token')
  if (attempts.length <= maximumAttempts) return attempts
  throw new JoseError(
    'key_ambiguous',
    `expected at most ${maximumAttempts} keys that fit the token, got ${attempts.length}: give tokens and keys a "kid"`,
  )
}

/** With several recipients, those that name another key than the one at hand are left out. */
function addressed(
  allowed: readonly ParsedRecipient[],
  { recipients }: ParsedJwe,
  { single }: DecryptionKeys,
): readonly ParsedRecipient[] {
  const kid = single?.kid
  if (recipients.length === 1 || kid === undefined) return allowed
  return allowed.filter(({ header }) => header['kid'] === undefined || header['kid'] === kid)
}

async function keysFor(
  { header }: ParsedRecipient,
  enc: ContentEncryptionAlgorithm,
  keys: DecryptionKeys,
): Promise<readonly DecryptionKey[]> {
  const alg = header['alg'] as KeyManagementAlgorithm
  const kid = header['kid'] as string | undefined
  const selector = kid === undefined ? { alg, enc } : { alg, enc, kid }
  const found: unknown = await keys.selectKeys(selector)
  if (!Array.isArray(found))
    throw new JoseError('key_invalid', 'key set: expected selectDecryptionKeys to give an array of keys')
  return found.map((key) => requireFit(key, selector))
}
