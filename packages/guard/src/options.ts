/** The options of a guard and their check: what the caller did not decide is refused, not skipped. */
import { optionNameFault } from './option-names.ts'
import { JoseError } from '@tessera/jose'
import type {
  Clock,
  KeySet,
  PublicKey,
  SecretKey,
  SignatureAlgorithm,
  SignatureEngine,
  TokenCacheOptions,
} from '@tessera/jose'
import type { RevocationSource } from './revocations.ts'
import type { Requirement } from './scope.ts'

/** An issuer whose tokens are let in, and how they are judged. */
export interface TrustedIssuer {
  /** The issuer, compared exactly with `iss` (RFC 9068 §4). */
  readonly issuer: string
  /** What this API is called in `aud`; of a list, any name does. */
  readonly audience: string | readonly string[]
  /** A key, or a set of keys. Default the JWK Set that the issuer's RFC 8414 metadata names, fetched and kept. */
  readonly keys?: SecretKey | PublicKey | KeySet
  /** The `typ` of the tokens, or a list. Default `at+jwt` (RFC 9068 §4): an ID token is no access token. null waives. */
  readonly typ?: string | readonly string[] | null
  /** The algorithms that are let in. Default the keys' own. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** Claims that must be there beside `exp`, `iss` and `aud`. Default none. */
  readonly required?: readonly string[]
  /** The greatest age of a token since `iat`, in seconds. Default no limit but `exp`. */
  readonly maxAgeSeconds?: number
  /** How far the issuer's clock may be off, in seconds, for `exp` and `nbf`. Default 0; `iat` has 60 of its own. */
  readonly clockToleranceSeconds?: number
  /**
   * Remembers tokens that were accepted, so that one that comes again costs no signature; keys, claims and revocations are
   * asked each time all the same. Default: tokens with a signature; those with a MAC (HS*) with `true` or `{ maxTokens }`.
   */
  readonly cache?: boolean | TokenCacheOptions
  /**
   * Who verifies the signatures of Ed25519 and ES256: the runtime, or code of `@tessera/jose` in WebAssembly, in less time and
   * with the same verdicts (as the option of `createVerifier`). Default `'runtime'`.
   */
  readonly signatures?: SignatureEngine
  /** Where to ask whether a token was revoked. Default nowhere: a token lives until `exp`. */
  readonly revocations?: RevocationSource
  /** What happens while `revocations` is not current: let good tokens in, or answer 503. Default `closed`. */
  readonly onStale?: 'open' | 'closed'
}

/** What a guard does whoever issued the token. */
export interface GuardWideOptions extends Requirement {
  /** The protection space named in `WWW-Authenticate`. Default none. */
  readonly realm?: string
  /** Told why a request got a 503: keys that could not be loaded, a source of revocations that threw. */
  readonly onError?: (error: unknown) => void
  /** The time in seconds, or a function that tells it. Default the wall clock. */
  readonly now?: Clock
}

export interface GuardOptions extends TrustedIssuer, GuardWideOptions {}

/**
 * The options of a guard that lets in the tokens of several issuers. The `iss` of a token picks an entry, by equality, which
 * then judges it alone (RFC 8725 §3.8): its keys, algorithms, `typ`, audience and revocations. Who somebody is, only `iss`
 * and `sub` together say.
 */
export interface SeveralIssuersOptions extends GuardWideOptions {
  /** One entry for each issuer. */
  readonly issuers: readonly TrustedIssuer[]
}

/** Options that were checked: one entry, or several. */
export interface GuardSettings extends GuardWideOptions {
  readonly issuers: readonly [TrustedIssuer, ...TrustedIssuer[]]
  /** Whether the issuers came as a list, though of one: a stranger's token then has no key, and tells nothing else. */
  readonly isList: boolean
}

const wideNames: Readonly<Record<keyof GuardWideOptions, true>> = {
  scopes: true,
  roles: true,
  realm: true,
  onError: true,
  now: true,
}

const issuerNames: Readonly<Record<keyof TrustedIssuer, true>> = {
  issuer: true,
  audience: true,
  keys: true,
  typ: true,
  algorithms: true,
  required: true,
  maxAgeSeconds: true,
  clockToleranceSeconds: true,
  cache: true,
  signatures: true,
  revocations: true,
  onStale: true,
}

function invalid(message: string): JoseError {
  return new JoseError('option_invalid', message)
}

/**
 * Checks the options that only a guard has, and that each one present has a value: an option that is there and
 * undefined is a variable that nobody set. Those of a verifier are checked by `createVerifier`.
 *
 * @throws {JoseError} `option_invalid`
 */
export function readGuardOptions(options: GuardOptions | SeveralIssuersOptions): GuardSettings {
  if (typeof options !== 'object' || options === null) throw invalid('guard: expected an object of options')
  const isList = 'issuers' in options
  checkNames('guard', options, isList ? { issuers: true, ...wideNames } : { ...issuerNames, ...wideNames })
  const { onError } = options
  if (onError !== undefined && typeof onError !== 'function') throw invalid('onError: expected a function')
  const issuers: readonly TrustedIssuer[] = isList ? checkList(options.issuers) : [options]
  for (const issuer of issuers) checkIssuer(issuer)
  checkSources(issuers)
  return { ...options, issuers: issuers as GuardSettings['issuers'], isList }
}

function checkNames(where: string, options: object, known: Readonly<Record<string, true>>): void {
  const fault = optionNameFault(options, Object.keys(known))
  if (fault !== undefined) throw invalid(`${where}: ${fault}`)
}

function checkList(list: readonly TrustedIssuer[]): readonly TrustedIssuer[] {
  if (!Array.isArray(list) || list.length === 0) throw invalid('issuers: expected a list of issuers')
  for (const [index, one] of (list as readonly TrustedIssuer[]).entries()) {
    if (typeof one !== 'object' || one === null) throw invalid(`issuers[${index}]: expected an object`)
    checkNames(`issuers[${index}]`, one, issuerNames)
  }
  return list as readonly TrustedIssuer[]
}

function checkIssuer({ issuer, audience, onStale, revocations }: TrustedIssuer): void {
  checkText('issuer', issuer)
  const audiences = typeof audience === 'string' ? [audience] : audience
  if (!Array.isArray(audiences) || audiences.length === 0)
    throw invalid('audience: expected text or a list of it')
  for (const name of audiences) checkText('audience', name)
  if (onStale !== undefined && onStale !== 'open' && onStale !== 'closed') {
    throw invalid('onStale: expected "open" or "closed"')
  }
  if (revocations !== undefined) checkSource(revocations, issuer)
}

/** Identifiers are those of one issuer: a session of another may have the same by chance, or on purpose (P27). */
function checkSources(issuers: readonly TrustedIssuer[]): void {
  const sources = issuers.flatMap(({ revocations }) => revocations ?? [])
  if (new Set(sources).size < sources.length) {
    throw invalid('revocations: expected a source for each issuer, got one for several')
  }
}

function checkText(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw invalid(`${name}: expected non-empty text, got ${value === '' ? 'an empty one' : kindOf(value)}`)
}

function checkSource(source: RevocationSource | null, issuer: string): void {
  if (typeof source?.isRevoked !== 'function' || typeof source.isCurrent !== 'function') {
    throw invalid('revocations: expected an object with isRevoked(claims, kid) and isCurrent()')
  }
  if (source.issuer !== undefined && source.issuer !== issuer) {
    throw invalid('revocations: expected those of this issuer, got the feed of another')
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined: is a variable unset?'
  return value === null ? 'null, and a guard cannot waive this' : typeof value
}
