/** The options of a guard and their check: what the caller did not decide is refused, not skipped. */
import { JoseError } from '@tessera/jose'
import type {
  Clock,
  KeySet,
  PublicKey,
  SecretKey,
  SignatureAlgorithm,
  TokenCacheOptions,
} from '@tessera/jose'
import type { RevocationSource } from './revocations.ts'
import type { Requirement } from './scope.ts'

export interface GuardOptions extends Requirement {
  /** The issuer whose tokens are let in, compared exactly with `iss` (RFC 9068 §4). */
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
  /** Where to ask whether a token was revoked. Default nowhere: a token lives until `exp`. */
  readonly revocations?: RevocationSource
  /** What happens while `revocations` is not current: let good tokens in, or answer 503. Default `closed`. */
  readonly onStale?: 'open' | 'closed'
  /** The protection space named in `WWW-Authenticate`. Default none. */
  readonly realm?: string
  /** Told why a request got a 503: keys that could not be loaded, a source of revocations that threw. */
  readonly onError?: (error: unknown) => void
  /** The time in seconds, or a function that tells it. Default the wall clock. */
  readonly now?: Clock
}

const optionNames: Readonly<Record<keyof GuardOptions, true>> = {
  issuer: true,
  audience: true,
  keys: true,
  typ: true,
  algorithms: true,
  required: true,
  maxAgeSeconds: true,
  clockToleranceSeconds: true,
  cache: true,
  scopes: true,
  roles: true,
  revocations: true,
  onStale: true,
  realm: true,
  onError: true,
  now: true,
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
export function checkGuardOptions(options: GuardOptions): void {
  if (typeof options !== 'object' || options === null) throw invalid('guard: expected an object of options')
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(optionNames, name)) {
      throw invalid(`guard: unknown option "${name}"; the options are ${Object.keys(optionNames).join(', ')}`)
    }
    if (value === undefined) throw invalid(`${name}: expected a value, got undefined: is a variable unset?`)
  }
  checkText('issuer', options.issuer)
  const audience = typeof options.audience === 'string' ? [options.audience] : options.audience
  if (!Array.isArray(audience) || audience.length === 0)
    throw invalid('audience: expected text or a list of it')
  for (const name of audience) checkText('audience', name)
  const { onStale, revocations, onError } = options
  if (onStale !== undefined && onStale !== 'open' && onStale !== 'closed') {
    throw invalid('onStale: expected "open" or "closed"')
  }
  if (onError !== undefined && typeof onError !== 'function') throw invalid('onError: expected a function')
  if (revocations !== undefined) checkSource(revocations)
}

function checkText(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw invalid(`${name}: expected non-empty text, got ${value === '' ? 'an empty one' : kindOf(value)}`)
}

function checkSource(source: { isRevoked?: unknown; isCurrent?: unknown } | null): void {
  if (typeof source?.isRevoked === 'function' && typeof source.isCurrent === 'function') return
  throw invalid('revocations: expected an object with isRevoked(claims, kid) and isCurrent()')
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined: is a variable unset?'
  return value === null ? 'null, and a guard cannot waive this' : typeof value
}
