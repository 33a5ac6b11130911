/** The headers of a JWE (RFC 7516 §4): protected, shared unprotected and per recipient, checked before anything is done with them. */
import { decodeBase64urlText } from '../encoding/base64url.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'
import { JoseError } from '../errors.ts'
import type { ContentEncryptionAlgorithm, KeyManagementAlgorithm } from '../jwa/encryption-algorithm.ts'

/** A protected header that passed its checks. `jku`, `jwk`, `x5u` and `x5c` may stand in it; nothing follows them. */
export interface JweHeader<
  A extends KeyManagementAlgorithm = KeyManagementAlgorithm,
  E extends ContentEncryptionAlgorithm = ContentEncryptionAlgorithm,
> {
  readonly alg: A
  readonly enc: E
  readonly zip?: 'DEF'
  readonly typ?: string
  readonly cty?: string
  readonly kid?: string
  readonly crit?: readonly string[]
  readonly [parameter: string]: unknown
}

/** The three places that header parameters of one recipient come from (RFC 7516 §7.2.1). */
export interface HeaderParts {
  readonly protectedHeader: JsonObject
  readonly unprotectedHeader?: JsonObject
  readonly recipientHeader?: JsonObject
}

/** Characters of an encoded protected header at most: 8 KiB of JSON. */
const maximumHeaderLength = 10_923

/** The names that RFC 7515 §4.1 and RFC 7516 §4.1 and RFC 7518 §4 register: `crit` must not list them. */
const registered: ReadonlySet<string> = new Set(
  'alg jku jwk kid x5u x5c x5t x5t#S256 typ cty crit enc zip epk apu apv iv tag p2s p2c'.split(' '),
)

/** Registered parameters that are text when present. */
const textParameters = ['typ', 'cty', 'kid', 'jku', 'x5u', 'x5t', 'x5t#S256'] as const

/** The header of an encoded segment; its parameters are not judged yet. @throws {JoseError} `malformed`, `too_large` */
export function parseHeaderSegment(segment: string): JsonObject {
  const where = 'protected header'
  if (segment.length > maximumHeaderLength) {
    throw new JoseError(
      'too_large',
      `${where}: expected at most ${maximumHeaderLength} characters, got ${segment.length}`,
    )
  }
  return parseJsonObject(decodeBase64urlText(segment, where), where)
}

/**
 * The header of one recipient: the union of its parts, which must not share a name (RFC 7516 §7.2.1).
 *
 * @param understood - extensions of `crit` that the caller knows
 * @throws {JoseError} `malformed`, `crit_unsupported`
 */
export function joinHeaders(parts: HeaderParts, understood: ReadonlySet<string>): JsonObject {
  const { protectedHeader, unprotectedHeader = {}, recipientHeader = {} } = parts
  // No prototype: a polluted Object.prototype must not give a token parameters.
  const joined = Object.create(null) as Record<string, unknown>
  for (const part of [protectedHeader, unprotectedHeader, recipientHeader]) {
    for (const [name, value] of Object.entries(part)) {
      if (Object.hasOwn(joined, name))
        throw new JoseError('malformed', 'header: a parameter stands in two of its parts (RFC 7516 §7.2.1)')
      joined[name] = value
    }
  }
  checkProtectedOnly(joined, protectedHeader)
  checkTypes(joined)
  checkCritical(joined, understood)
  return Object.freeze(joined)
}

/** RFC 7516 §4.1.3, §4.1.13: what steers the processing has to be under the tag. */
function checkProtectedOnly(joined: JsonObject, protectedHeader: JsonObject): void {
  for (const name of ['zip', 'crit', 'b64']) {
    if (Object.hasOwn(joined, name) && !Object.hasOwn(protectedHeader, name))
      throw new JoseError('malformed', `header: "${name}" must stand in the protected header`)
  }
}

function checkTypes(header: JsonObject): void {
  for (const name of ['alg', 'enc'])
    if (typeof header[name] !== 'string') throw wrong(name, 'text', header[name])
  for (const name of textParameters) {
    const value = header[name]
    if (value !== undefined && typeof value !== 'string') throw wrong(name, 'text', value)
  }
  const { jwk, x5c, zip } = header as { jwk?: unknown; x5c?: unknown; zip?: unknown }
  if (jwk !== undefined && !isObject(jwk)) throw wrong('jwk', 'an object', jwk)
  if (x5c !== undefined && !isTextList(x5c)) throw wrong('x5c', 'an array of text', x5c)
  if (zip !== undefined && typeof zip !== 'string') throw wrong('zip', 'text', zip)
}

/** RFC 7516 §4.1.13: `crit` is a non-empty list of names that stand in the header, none registered, none twice. */
function checkCritical(header: JsonObject, understood: ReadonlySet<string>): void {
  const names = header['crit']
  if (names === undefined) return
  if (!isTextList(names) || names.length === 0) throw wrong('crit', 'a non-empty array of text', names)
  if (new Set(names).size !== names.length)
    throw new JoseError('malformed', 'protected header: "crit" lists a name twice')
  for (const name of names) {
    if (registered.has(name))
      throw new JoseError('malformed', 'protected header: "crit" lists a registered parameter')
    if (!Object.hasOwn(header, name))
      throw new JoseError('malformed', 'protected header: "crit" lists an absent parameter')
    if (!understood.has(name)) {
      throw new JoseError(
        'crit_unsupported',
        'protected header: "crit" lists an extension that this reader does not understand',
      )
    }
  }
}

/** The error for a parameter of another kind. */
export function wrong(name: string, expected: string, got: unknown): JoseError {
  return new JoseError('malformed', `header: "${name}": expected ${expected}, got ${kindOf(got)}`)
}

/** Whether a value is an array of text. */
export function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
