/** Checking a DPoP proof, in the order of RFC 9449 §4.3. */
import { digest } from '../crypto/hmac.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { kindOf } from '../encoding/json.ts'
import { type JsonText, parseJsonText } from '../encoding/json-parser.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { isJoseError, JoseError, orThrow } from '../errors.ts'
import type { PublicKey } from '../jwk/key.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import { parseCompact } from '../jws/compact.ts'
import { createHeaderMemory } from '../jws/header-memory.ts'
import { verifyCompactToken } from '../jws/verify.ts'
import { checkClaimTypes, checkTimes, checkType } from '../jwt/claims.ts'
import type { ClaimsSet } from '../jwt/claims-set.ts'
import { readClock } from '../jwt/numeric-date.ts'
import type { OnlyOptions } from '../options.ts'
import { accessTokenHash } from './access-token-hash.ts'
import { checkThumbprint } from './binding.ts'
import { type EmbeddedKey, readEmbeddedKey } from './embedded-key.ts'
import { type DpopProofClaims, proofProfile } from './proof-claims.ts'
import { normalizeTargetUri } from './target-uri.ts'
import { type ProofPlan, readProofOptions, type VerifyDpopProofOptions } from './verify-options.ts'

/** What a proof proves: that the holder of this key made this request. */
export interface VerifiedDpopProof {
  /** The RFC 7638 thumbprint of the key: what `cnf.jkt` of an access token names. */
  readonly thumbprint: string
  /** The key that came with the proof. It is the sender's own; nobody vouches for it. */
  readonly publicKey: PublicKey
  /** The claims of the proof, deeply frozen. */
  readonly claims: DpopProofClaims
}

const where = 'verifyDpopProof'

/**
 * Checks the proof that came with a request (RFC 9449 §4.3), and remembers it, so that it cannot come again.
 *
 * @param proof - the value of the header field `DPoP`, exactly as it came; two of them, joined by a comma, are refused
 * @throws {JoseError} in the order of the checks: `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`,
 *   `unsupported`, `bad_signature`, `typ_mismatch`, `claim_missing` and `claim_invalid` (with the claim `nonce`: answer
 *   `use_dpop_nonce`; with `cnf`: the access token is of another key), `too_old`, `not_yet_valid`, `expired`, `replayed`;
 *   `keys_unavailable` when the replay store could not be asked; `option_invalid`
 */
export async function verifyDpopProof<const O extends VerifyDpopProofOptions>(
  proof: string,
  options: O & OnlyOptions<O, VerifyDpopProofOptions>,
): Promise<VerifiedDpopProof> {
  const plan = readProofOptions(options)
  const { header, payload, key } = await verifySignature(proof, plan)
  const claims = parseJsonText(payload, 'claims set') as ClaimsSet
  checkType(header.typ, proofProfile.types)
  checkClaimTypes(claims)
  for (const name of proofProfile.required) requireClaim(claims, name)
  if (claims.jti === '') throw mismatch('jti', 'a name for the proof')
  checkRequest(claims, plan)
  checkTimes(claims, plan, readClock(plan.now, where))
  checkAccessToken(claims, plan.accessToken)
  if (plan.expectedThumbprint !== null) checkThumbprint(plan.expectedThumbprint, key.thumbprint)
  const proven = claims as DpopProofClaims
  await rememberProof(proven, key, plan)
  return { thumbprint: key.thumbprint, publicKey: key.publicKey, claims: proven }
}

/** The engine of every other token, with the one key that the proof brought. */
async function verifySignature(
  proof: unknown,
  { algorithms }: ProofPlan,
): Promise<{ header: { readonly typ?: string }; payload: JsonText; key: EmbeddedKey }> {
  const headers = createHeaderMemory(Math.max(...Array.from(algorithms, maximumLengthFor)), false)
  const { header } = orThrow(parseCompact(proof, headers)).known
  let key: EmbeddedKey | undefined
  const selectKeys = async (): Promise<readonly PublicKey[]> => {
    key = await readEmbeddedKey(header)
    return [key.publicKey]
  }
  const { payload } = orThrow(
    await verifyCompactToken(proof, {
      algorithms,
      headers,
      isFixed: false,
      generation: () => undefined,
      selectKeys,
    }),
  )
  return { header, payload, key: key! }
}

/** The proof is for this request, and repeats what the server asked for. */
function checkRequest(claims: ClaimsSet, { method, uri, nonces }: ProofPlan): void {
  if (textClaim(claims, 'htm') !== method) throw mismatch('htm', 'the method of the request')
  if (normalizeTargetUri(textClaim(claims, 'htu')) !== uri) throw mismatch('htu', 'the URL of the request')
  if (nonces === undefined) return
  if (!nonces.includes(textClaim(claims, 'nonce')))
    throw mismatch('nonce', 'the value that the server sent in DPoP-Nonce')
}

function checkAccessToken(claims: ClaimsSet, accessToken: string | null): void {
  if (accessToken === null) return
  const [hash, expected] = [textClaim(claims, 'ath'), accessTokenHash(accessToken)].map(encodeAscii)
  if (!equalBytes(hash!, expected!)) throw mismatch('ath', 'the hash of the access token that came along')
}

async function rememberProof(
  { jti, iat }: DpopProofClaims,
  key: EmbeddedKey,
  plan: ProofPlan,
): Promise<void> {
  const { replayStore } = plan
  if (replayStore === null) return
  // The thumbprint has one length, so that no two pairs make one text; hashed, so that a long jti costs no memory.
  const id = encodeBase64url(digest('SHA-256', encodeAscii(`${key.thumbprint}.${jti}`)))
  const expiresAt = Math.floor(iat + plan.maxAgeSeconds + plan.clockToleranceSeconds) + 1
  if (await ask(() => replayStore.remember(id, expiresAt))) return
  throw new JoseError('replayed', 'claim "jti": the proof was used before', { claim: 'jti' })
}

/** A store that fails decides nothing: neither that the proof is good nor that it is bad. */
async function ask(remember: () => unknown): Promise<boolean> {
  let answer: unknown
  try {
    answer = await remember()
  } catch (cause) {
    if (isJoseError(cause)) throw cause
    throw new JoseError('keys_unavailable', 'replay store: could not be asked; try again later', { cause })
  }
  if (typeof answer === 'boolean') return answer
  throw new JoseError(
    'option_invalid',
    `${where}: option "replayStore": expected remember to give true or false, got ${kindOf(answer)}`,
  )
}

function requireClaim(claims: ClaimsSet, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  throw new JoseError('claim_missing', `claim "${claim}": expected it in the proof, got none`, { claim })
}

function textClaim(claims: ClaimsSet, claim: string): string {
  const value = requireClaim(claims, claim)
  if (typeof value === 'string') return value
  throw new JoseError('claim_invalid', `claim "${claim}": expected text, got ${kindOf(value)}`, { claim })
}

function mismatch(claim: string, expected: string): JoseError {
  return new JoseError('claim_invalid', `claim "${claim}": expected ${expected}, got another`, { claim })
}
