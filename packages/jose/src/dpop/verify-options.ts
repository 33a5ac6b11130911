/** What is expected of a DPoP proof. */
import type { AsymmetricAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, signatureAlgorithms, signatureRow } from '../jwa/signature-algorithms.ts'
import { readMember } from '../encoding/foreign-value.ts'
import { type Clock, readClock } from '../jwt/numeric-date.ts'
import { badOption, readOptions } from '../options.ts'
import type { ReplayStore } from './replay-store.ts'
import { readMethod, readOptionText, readUrlText } from './request-options.ts'
import { normalizeTargetUri } from './target-uri.ts'

/** What `verifyDpopProof` expects of a proof. What must be given has no default; `null` waives. */
export interface VerifyDpopProofOptions {
  /** The method of the request. */
  readonly method: string
  /**
   * The URL of the request as the client sees it. Behind a proxy that is the server's own public address and not what its
   * socket says; a `Host` header is the client's word.
   */
  readonly url: string | URL
  /** The access token that came along, exactly as it came; `null` where none does, as at the token endpoint. */
  readonly accessToken: string | null
  /**
   * The thumbprint of the key that must have made the proof: `boundThumbprint(claims)` of the verified access token, or what
   * a refresh token is bound to. `undefined`, from a token that is bound to no key, is refused; `null` takes any key.
   */
  readonly expectedThumbprint: string | null | undefined
  /** Where used proofs are remembered. `null` takes a proof any number of times while it is young. */
  readonly replayStore: ReplayStore | null
  /** What this server sent in `DPoP-Nonce`, or those of its values that are still good. Default: none is asked for. */
  readonly nonce?: string | readonly string[]
  /** How old a proof may be by its `iat`, in seconds, at most 3600. Default: 60. */
  readonly maxAgeSeconds?: number
  /** How far the client's clock may be off on top of that, in seconds, at most 3600. Default: 0; ahead, 60 at least. */
  readonly clockToleranceSeconds?: number
  /** The algorithms to allow. Default: every signature algorithm with public keys. */
  readonly algorithms?: readonly AsymmetricAlgorithm[]
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

/** Options as the checks want them. */
export interface ProofPlan {
  readonly method: string
  readonly uri: string
  readonly accessToken: string | null
  readonly expectedThumbprint: string | null | undefined
  readonly replayStore: ReplayStore | null
  readonly nonces: readonly string[] | undefined
  readonly maxAgeSeconds: number
  readonly clockToleranceSeconds: number
  readonly algorithms: ReadonlySet<AsymmetricAlgorithm>
  readonly now: Clock | undefined
}

const optionNames: readonly (keyof VerifyDpopProofOptions)[] = [
  'method',
  'url',
  'accessToken',
  'expectedThumbprint',
  'replayStore',
  'nonce',
  'maxAgeSeconds',
  'clockToleranceSeconds',
  'algorithms',
  'now',
]

const where = 'verifyDpopProof'

/** Reads the options. @throws {JoseError} `option_invalid` */
export function readProofOptions(options: unknown): ProofPlan {
  const given = readOptions<VerifyDpopProofOptions>(options, optionNames, where, ['expectedThumbprint'])
  for (const name of ['accessToken', 'expectedThumbprint', 'replayStore'] as const) {
    if (!(name in given)) throw badOption(where, name, 'a value, or null to waive the check', undefined)
  }
  const { accessToken, expectedThumbprint, now } = given
  if (typeof now !== 'function') readClock(now, where)
  return {
    method: readMethod(given.method, where),
    uri: readUri(given.url),
    accessToken: accessToken === null ? null : readOptionText(accessToken, 'accessToken', where),
    expectedThumbprint:
      expectedThumbprint === null || expectedThumbprint === undefined
        ? expectedThumbprint
        : readOptionText(expectedThumbprint, 'expectedThumbprint', where),
    replayStore: readStore(given.replayStore),
    nonces: given.nonce === undefined ? undefined : readNonces(given.nonce),
    maxAgeSeconds: readSeconds(given.maxAgeSeconds ?? 60, 'maxAgeSeconds'),
    clockToleranceSeconds: readSeconds(given.clockToleranceSeconds ?? 0, 'clockToleranceSeconds'),
    algorithms: readAlgorithms(given.algorithms),
    now,
  }
}

function readUri(url: unknown): string {
  const uri = normalizeTargetUri(readUrlText(url, where))
  if (uri !== undefined) return uri
  throw badOption(where, 'url', 'an absolute http or https URL', url)
}

function readStore(store: unknown): ReplayStore | null {
  if (store === null || typeof readMember(store, 'remember') === 'function')
    return store as ReplayStore | null
  throw badOption(where, 'replayStore', 'an object with remember(id, expiresAt), or null', store)
}

function readNonces(nonce: unknown): readonly string[] {
  const nonces: readonly unknown[] = Array.isArray(nonce) ? nonce : [nonce]
  if (nonces.length === 0) throw badOption(where, 'nonce', 'text or a non-empty list of text', nonce)
  return nonces.map((one) => readOptionText(one, 'nonce', where))
}

function readSeconds(value: unknown, name: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 3600) return value
  throw badOption(where, name, 'seconds from 0 to 3600', value)
}

/** RFC 9449 §4.3 check 5: with a shared secret there is nothing to prove. */
function isAsymmetric(name: unknown): name is AsymmetricAlgorithm {
  return signatureRow(name) !== undefined && !isHmacAlgorithm(name)
}

function readAlgorithms(list: unknown): ReadonlySet<AsymmetricAlgorithm> {
  if (list === undefined) return everyAlgorithm
  if (!Array.isArray(list) || list.length === 0 || !list.every(isAsymmetric))
    throw badOption(where, 'algorithms', 'a non-empty array of public-key algorithms such as ES256', list)
  return new Set(list)
}

const everyAlgorithm: ReadonlySet<AsymmetricAlgorithm> = new Set(signatureAlgorithms.filter(isAsymmetric))
