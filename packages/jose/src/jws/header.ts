/** The protected header of a JWS (RFC 7515 §4), checked before anything is done with it. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'
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

/** What a verifier makes of the extensions that a header lists in `crit`. */
export interface HeaderRules {
  /** Extensions that the caller understands, beside `b64`. */
  readonly extensions: ReadonlySet<string>
  /** Whether `b64: false` may be: in a JWS, never in a JWT (RFC 7797 §7). */
  readonly allowUnencoded: boolean
}

const jwtRules: HeaderRules = { extensions: new Set(), allowUnencoded: false }

/**
 * The header of an encoded segment.
 *
 * @param rules - default: those of a JWT
 * @throws {JoseError} `malformed` for its text or types, `too_large`, `crit_unsupported` for an extension that must be
 *   understood and is not, `alg_not_allowed` for `none` or an unknown algorithm
 */
export function parseProtectedHeader(segment: string, rules: HeaderRules = jwtRules): ProtectedHeader {
  const header = decodeHeader(segment)
  checkHeader(header, rules)
  return Object.freeze(header) as ProtectedHeader
}

/** The object that an encoded header holds. @throws {JoseError} `malformed`, `too_large` */
export function decodeHeader(segment: string): JsonObject {
  const bytes = decodeBase64url(segment, 'protected header')
  if (bytes.length > maximumHeaderBytes) {
    throw new JoseError(
      'too_large',
      `protected header: expected at most ${maximumHeaderBytes} octets, got ${bytes.length}`,
    )
  }
  const parsed = parseJsonObject(decodeUtf8(bytes, 'protected header'), 'protected header')
  // Without a prototype: what somebody put on Object.prototype, now or later, is no header parameter.
  return Object.assign(Object.create(null) as object, parsed)
}

/** Checks a protected header. @throws {JoseError} `malformed`, `crit_unsupported`, `alg_not_allowed` */
export function checkHeader(header: JsonObject, rules: HeaderRules): void {
  checkHeaderTypes(header)
  checkCritical(header, rules)
  checkAlgorithm(header['alg'])
}

/** Types of the registered parameters (RFC 7515 §4.1). @throws {JoseError} `malformed` */
export function checkHeaderTypes(header: JsonObject): void {
  for (const name of textParameters) {
    const value = header[name]
    if (value !== undefined && typeof value !== 'string') throw wrong(name, 'text', value)
  }
  const { jwk, x5c } = header as { jwk?: unknown; x5c?: unknown }
  if (jwk !== undefined && !isObject(jwk)) throw wrong('jwk', 'an object', jwk)
  if (x5c !== undefined && !isTextList(x5c)) throw wrong('x5c', 'an array of text', x5c)
}

/** RFC 7515 §4.1.11: `crit` is a non-empty list of names that stand in the header, none registered, none twice. */
function checkCritical(header: JsonObject, rules: HeaderRules): void {
  const names = header['crit']
  if (Object.hasOwn(header, 'crit')) {
    if (!isTextList(names) || names.length === 0) throw wrong('crit', 'a non-empty array of text', names)
    if (new Set(names).size !== names.length)
      throw new JoseError('malformed', 'protected header: "crit" lists a name twice')
    for (const name of names) checkExtension(header, name)
    for (const name of names) checkUnderstood(name, rules)
  }
  // RFC 7797 §6: b64 has a meaning only where crit says that it must be understood.
  if (Object.hasOwn(header, 'b64'))
    checkUnencodedPayload(header, isTextList(names) && names.includes('b64'), rules)
}

function checkExtension(header: JsonObject, name: string): void {
  if (registered.has(name))
    throw new JoseError('malformed', 'protected header: "crit" lists a registered parameter')
  if (!Object.hasOwn(header, name))
    throw new JoseError('malformed', 'protected header: "crit" lists an absent parameter')
}

function checkUnderstood(name: string, { extensions }: HeaderRules): void {
  if (name === 'b64' || extensions.has(name)) return
  throw new JoseError('crit_unsupported', 'protected header: "crit" lists an unknown extension')
}

function checkUnencodedPayload(header: JsonObject, isCritical: boolean, rules: HeaderRules): void {
  if (typeof header['b64'] !== 'boolean') throw wrong('b64', 'true or false', header['b64'])
  if (!isCritical)
    throw new JoseError('malformed', 'protected header: "b64" must be listed in "crit" (RFC 7797 §6)')
  if (header['b64'] === false && !(rules.allowUnencoded && !isJwtType(header['typ']))) {
    throw new JoseError(
      'crit_unsupported',
      'protected header: "b64": false has no place in a JWT (RFC 7797 §7)',
    )
  }
}

/**
 * Checks an unprotected header beside its protected one (RFC 7515 §7.2.1): no parameter stands in both, and what decides
 * how the JWS is read stands in neither but the protected.
 *
 * @throws {JoseError} `malformed`
 */
export function checkUnprotected(unprotectedHeader: JsonObject, protectedHeader: JsonObject): void {
  checkHeaderTypes(unprotectedHeader)
  for (const name of Object.keys(unprotectedHeader)) {
    if (Object.hasOwn(protectedHeader, name))
      throw new JoseError('malformed', 'JWS: a parameter stands in the protected header and in the other')
    if (name === 'crit' || name === 'b64')
      throw new JoseError('malformed', `JWS: "${name}" stands in a header that nothing protects`)
  }
}

/** Checks the headers of a JWS that is about to be signed. @throws {JoseError} `option_invalid` */
export function refuseUnsignable(
  protectedHeader: JsonObject,
  unprotectedHeader: JsonObject,
  where: string,
): void {
  try {
    const extensions = new Set(isTextList(protectedHeader['crit']) ? protectedHeader['crit'] : [])
    checkHeader(protectedHeader, { extensions, allowUnencoded: true })
    checkUnprotected(unprotectedHeader, protectedHeader)
  } catch (cause) {
    throw new JoseError('option_invalid', `${where}: ${(cause as Error).message}`, { cause })
  }
}

/** Whether a `typ` says that this is a JWT: `JWT`, `at+jwt` and the like, `application/` or not. */
function isJwtType(typ: unknown): boolean {
  return typeof typ === 'string' && /^(application\/)?(.+\+)?jwt$/i.test(typ)
}

/** Whether a name is registered by RFC 7515 or RFC 7516, and so no extension. */
export function isRegistered(name: string): boolean {
  return registered.has(name)
}

function checkAlgorithm(alg: unknown): void {
  if (typeof alg !== 'string') throw wrong('alg', 'text', alg)
  if (alg.toLowerCase() === 'none') {
    throw new JoseError('alg_not_allowed', 'protected header: "alg" is none, which is never accepted')
  }
  if (signatureRow(alg) === undefined) {
    throw new JoseError(
      'alg_not_allowed',
      'protected header: "alg" is no signature algorithm of this version',
    )
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function wrong(name: string, expected: string, got: unknown): JoseError {
  return new JoseError('malformed', `protected header: "${name}": expected ${expected}, got ${kindOf(got)}`)
}
