/** The compact serialization of a JWE (RFC 7516 §7.1): `header.key.iv.ciphertext.tag`, each base64url. */
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { decryptJwe, type Decrypted } from './decrypt.ts'
import { type DecryptOptions, type DecryptPlan, readDecryptOptions } from './decrypt-options.ts'
import { encryptToOne, type Plaintext, readPlaintext } from './encrypt.ts'
import {
  type EncryptOptions,
  encryptOptionNames,
  type EncryptPlan,
  makeEncryptPlan,
} from './encrypt-options.ts'
import {
  type DecryptionInput,
  type DecryptionKeys,
  prepareDecryptionKeys,
  requireEncryptionKey,
} from './encryption-keys.ts'
import { type JweHeader, joinHeaders, parseHeaderSegment } from './header.ts'
import { authenticatedData, type ParsedJwe } from './parsed.ts'

/** What comes out of a compact JWE. Who encrypted it is known only where the key is a shared secret. */
export interface DecryptedCompact {
  readonly plaintext: Uint8Array
  readonly header: JweHeader
}

/**
 * Encrypts to one recipient.
 *
 * @param key - a secret of `encryptionSecret` or `generateKey`, or a public key; it decides `alg`
 * @returns the compact serialization; its header is `{ alg, enc }`, the key's `kid`, and what `options.header` adds
 * @throws {JoseError} `option_invalid`, `key_invalid`, `too_large` for a token that no reader would take; `unsupported`
 *   where the runtime lacks a part (192-bit AES in Chromium, X448)
 */
export async function encryptCompact<const O extends EncryptOptions = EncryptOptions>(
  plaintext: Plaintext,
  key: EncryptionKey,
  options?: O & OnlyOptions<O, EncryptOptions>,
): Promise<string> {
  const where = 'encryptCompact'
  const plan = makeEncryptPlan(readOptions<EncryptOptions>(options ?? {}, encryptOptionNames, where), where)
  return sealCompact(readPlaintext(plaintext, 'plaintext', where), requireEncryptionKey(key, where), {
    plan,
    where,
  })
}

/**
 * Decrypts a compact JWE.
 *
 * @param key - a secret, a private key, or a set of them
 * @throws {JoseError} in the order of the checks: `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`,
 *   `unsupported`, `key_not_found`, `key_ambiguous`, `key_invalid`, and one `decrypt_failed` for all that only the holder
 *   of the key could tell apart
 */
export async function decryptCompact<const O extends DecryptOptions = DecryptOptions>(
  token: string,
  key: DecryptionInput,
  options?: O & OnlyOptions<O, DecryptOptions>,
): Promise<DecryptedCompact> {
  const plan = readDecryptOptions(options, 'decryptCompact')
  const { plaintext, recipient } = await openCompact(
    token,
    prepareDecryptionKeys(key, plan, 'decryptCompact'),
    plan,
  )
  return { plaintext, header: recipient.header as JweHeader }
}

/** `encryptCompact`, its arguments read. */
export async function sealCompact(
  plaintext: Uint8Array,
  key: EncryptionKey,
  { plan, where }: { plan: EncryptPlan; where: string },
): Promise<string> {
  const { protectedSegment, encryptedKey, iv, ciphertext, tag } = await encryptToOne(plaintext, key, {
    plan,
    where,
  })
  const parts = [encryptedKey, iv, ciphertext, tag].map(encodeBase64url)
  const token = [protectedSegment, ...parts].join('.')
  if (token.length <= plan.maxTokenLength) return token
  throw new JoseError(
    'too_large',
    `token: expected at most ${plan.maxTokenLength} characters, got ${token.length}: say more in maxTokenLength, here and where it is read`,
  )
}

/** `decryptCompact`, its arguments read. */
export async function openCompact(
  token: unknown,
  keys: DecryptionKeys,
  plan: DecryptPlan,
): Promise<Decrypted> {
  return decryptJwe(parseCompactJwe(token, plan), keys, plan)
}

function parseCompactJwe(token: unknown, plan: DecryptPlan): ParsedJwe {
  const [protectedSegment, ...encoded] = splitCompactJwe(token, plan.maxTokenLength)
  const names = ['encrypted key', 'iv', 'ciphertext', 'tag'] as const
  const [encryptedKey, iv, ciphertext, tag] = names.map((name, index) =>
    decodeBase64url(encoded[index]!, name),
  )
  const protectedHeader = parseHeaderSegment(protectedSegment!)
  const header = joinHeaders({ protectedHeader }, plan.understood)
  return {
    recipients: [{ header, encryptedKey: encryptedKey! }],
    aad: authenticatedData(protectedSegment!),
    iv: iv!,
    ciphertext: ciphertext!,
    tag: tag!,
  }
}

/** The five segments. @throws {JoseError} `malformed`, saying what it is that came, or `too_large` */
function splitCompactJwe(token: unknown, maxTokenLength: number): string[] {
  if (typeof token !== 'string')
    throw new JoseError('malformed', `token: expected text, got ${kindOf(token)}`)
  if (token.length > maxTokenLength) {
    throw new JoseError(
      'too_large',
      `token: expected at most ${maxTokenLength} characters, got ${token.length}`,
    )
  }
  const segments = token.split('.', 7)
  if (segments.length !== 5 || segments[0] === '' || /\s/.test(segments[0]!))
    throw misshapen(token, segments.length - 1)
  return segments
}

function misshapen(token: string, dots: number): JoseError {
  const found =
    token === ''
      ? 'empty text'
      : /^\s|\s$/.test(token)
        ? 'text with white space around it'
        : /^Bearer /i.test(token)
          ? 'text with Bearer before it'
          : token.startsWith('{')
            ? 'the JSON serialization: use decryptFlattened or decryptGeneral'
            : dots === 2
              ? 'a JWS (signed, three parts)'
              : dots > 5
                ? 'many dots'
                : `${dots} dots`
  return new JoseError('malformed', `token: expected header.key.iv.ciphertext.tag (four dots), got ${found}`)
}
