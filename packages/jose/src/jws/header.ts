/** The protected header of a JWS (RFC 7515 §4), checked before anything is done with it. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { type JsonObject, kindOf, parseJsonObject } from '../encoding/json.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'

/** A protected header that passed its checks. `jku`, `jwk`, `x5u` and `x5c` may stand in it; nothing follows them. */
export interface ProtectedHeader<A extends SignatureAlgorithm = SignatureAlgorithm> {
  readonly alg: A
  readonly typ?: string
  readonly cty?: string
  readonly kid?: string
  readonly crit?: readonly string[]
  readonly [parameter: string]: unknown
}

/** Octets of a header at most. */
export const maximumHeaderBytes = 8192

/** The names that RFC 7515 §4.1 and RFC 7516 §4.1 register: `crit` must not list them. */
const registered: ReadonlySet<string> = new Set(
  'alg jku jwk kid x5u x5c x5t x5t#S256 typ cty crit enc zip epk apu apv iv tag p2s p2c'.split(' '),
)

/** Registered parameters that are text when present. */
const textParameters = ['typ', 'cty', 'kid', 'jku', 'x5u', 'x5t', 'x5t#S256'] as const

/**
 * The header of an encoded segment.
 *
 * @throws {JoseError} `malformed` for its text or types, `too_large`, `crit_unsupported` for an extension that must be
 *   understood and is not, `alg_not_allowed` for `none` or an unknown algorithm
 */
export function parseProtectedHeader(segment: string): ProtectedHeader {
  const bytes = decodeBase64url(segment, 'protected header')
  if (bytes.length > maximumHeaderBytes) {
    throw new JoseError(
      'too_large',
      `protected header: expected at most ${maximumHeaderBytes} octets, got ${bytes.length}`,
    )
  }
  const header = parseJsonObject(decodeUtf8(bytes, 'protected header'), 'protected header')
  checkHeaderTypes(header)
  checkCritical(header)
  checkAlgorithm(header['alg'])
  return Object.freeze(header) as ProtectedHeader
}

/** Types of the registered parameters (RFC 7515 §4.1). @throws {JoseError} `malformed` */
export function checkHeaderTypes(header: JsonObject): void {
  for (const name of textParameters) {
    const value = header[name]
    if (value !== undefined && typeof value !== 'string') throw wrong(name, 'text', value)
  }
  const { jwk, x5c } = header as { jwk?: unknown; x5c?: unknown }
  if (jwk !== undefined && (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)))
    throw wrong('jwk', 'an object', jwk)
  if (x5c !== undefined && !isTextList(x5c)) throw wrong('x5c', 'an array of text', x5c)
}

/** RFC 7515 §4.1.11: `crit` is a non-empty list of names that stand in the header, none registered, none twice. */
function checkCritical(header: JsonObject): void {
  const names = header['crit']
  if (Object.hasOwn(header, 'crit')) {
    if (!isTextList(names) || names.length === 0) throw wrong('crit', 'a non-empty array of text', names)
    if (new Set(names).size !== names.length)
      throw new JoseError('malformed', 'protected header: "crit" lists a name twice')
    for (const name of names) checkExtension(header, name)
  }
  // RFC 7797 §6: b64 has a meaning only where crit says that it must be understood.
  if (Object.hasOwn(header, 'b64')) checkUnencodedPayload(header, isTextList(names) && names.includes('b64'))
}

function checkExtension(header: JsonObject, name: string): void {
  if (registered.has(name))
    throw new JoseError('malformed', 'protected header: "crit" lists a registered parameter')
  if (!Object.hasOwn(header, name))
    throw new JoseError('malformed', 'protected header: "crit" lists a parameter that is absent')
  if (name !== 'b64') {
    throw new JoseError(
      'crit_unsupported',
      'protected header: "crit" lists an extension that this verifier does not understand',
    )
  }
}

function checkUnencodedPayload(header: JsonObject, isCritical: boolean): void {
  if (typeof header['b64'] !== 'boolean') throw wrong('b64', 'true or false', header['b64'])
  if (!isCritical)
    throw new JoseError('malformed', 'protected header: "b64" must be listed in "crit" (RFC 7797 §6)')
  if (header['b64'] === false) {
    throw new JoseError(
      'crit_unsupported',
      'protected header: an unencoded payload ("b64": false) has no place in a JWT (RFC 7797 §7)',
    )
  }
}

function checkAlgorithm(alg: unknown): void {
  if (typeof alg !== 'string') throw wrong('alg', 'text', alg)
  if (alg.toLowerCase() === 'none') {
    throw new JoseError(
      'alg_not_allowed',
      'protected header: "alg" is none: an unsecured token is never accepted',
    )
  }
  if (signatureRow(alg) === undefined) {
    throw new JoseError(
      'alg_not_allowed',
      'protected header: "alg" is not a signature algorithm that this version knows',
    )
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function wrong(name: string, expected: string, got: unknown): JoseError {
  return new JoseError('malformed', `protected header: "${name}": expected ${expected}, got ${kindOf(got)}`)
}
