/**
 * One verifier for several issuers. The `iss` of a token that nobody verified yet serves one purpose: to pick, by equality,
 * which configured policy judges the token from the first check to the last, its `iss` included.
 */
import type { Awaitable } from '../crypto/awaitable.ts'
import { findByBeginning } from '../crypto/encoded-object.ts'
import { decodeBase64urlText } from '../encoding/base64url.ts'
import { JoseError, Refusal } from '../errors.ts'
import { maximumLongTokenLength } from '../jwa/token-length.ts'
import { badOption } from '../options.ts'
import type { VerifiedToken } from './verify-token.ts'

/** Verifies under one policy. */
export type Verify = (token: unknown) => Awaitable<VerifiedToken | Refusal>

/** A policy that was read: whose tokens it judges, and how. */
export interface PreparedPolicy {
  /** Exact issuers; null: any. */
  readonly issuers: readonly string[] | null
  readonly verify: Verify
  /** Whether its keys are those of a set, which may fetch when it is asked. */
  readonly asksKeySet: boolean
}

/** Reads one policy: for messages `where` it stands, and the issuer that it is for where it does not say so itself. */
export type PreparePolicy = (options: unknown, where: string, issuer?: string) => PreparedPolicy

/**
 * Verifies under the policy of the token's own issuer.
 *
 * @throws {JoseError} `option_invalid` for no policy, for one without issuer, and for two of one issuer
 */
export function routeByIssuer(policies: readonly unknown[], prepare: PreparePolicy): Verify {
  const where = 'createVerifier'
  if (policies.length === 0 || policies.length > 10_000)
    throw badOption(where, 'list', '1 to 10000 policies', policies)
  const byIssuer = new Map<string, Verify>()
  const asking = new Set<Verify>()
  for (let index = 0; index < policies.length; index += 1) {
    const { issuers, verify, asksKeySet } = prepare(policies[index], `${where}[${index}]`)
    if (issuers === null) throw badOption(`${where}[${index}]`, 'issuer', 'text or a list of text', null)
    if (asksKeySet) asking.add(verify)
    for (const issuer of issuers) {
      if (byIssuer.has(issuer))
        throw new JoseError('option_invalid', `${where}[${index}]: its issuer has a policy already`)
      byIssuer.set(issuer, verify)
    }
  }
  const stranger = judgeOfStrangers(prepare)
  const policyOf = (token: unknown): Verify => byIssuer.get(peekIssuer(token) ?? '') ?? stranger
  // Claims that name their issuer first. A key set is asked for nobody whose name merely looks like that of its issuer.
  const guess = findByBeginning('{"iss":"', byIssuer, (verify) => asking.has(verify))
  /** What a policy accepts names its issuer and no other. What it refuses is judged by the issuer that is read, as ever. */
  const conclude = (
    token: unknown,
    guessed: Verify,
    verdict: VerifiedToken | Refusal,
  ): ReturnType<Verify> => {
    const policy = verdict instanceof Refusal ? policyOf(token) : guessed
    return policy === guessed ? verdict : policy(token)
  }
  return (token) => {
    const guessed = typeof token === 'string' ? guess(token) : undefined
    if (guessed === undefined) return policyOf(token)(token)
    const verdict = guessed(token)
    if (verdict instanceof Promise) return concludeLater(token, guessed, { verdict, conclude })
    return verdict instanceof Refusal ? conclude(token, guessed, verdict) : verdict
  }
}

/** Apart from the router: what it closes over would be made for every token. */
function concludeLater(
  token: unknown,
  guessed: Verify,
  {
    verdict,
    conclude,
  }: {
    readonly verdict: Promise<VerifiedToken | Refusal>
    readonly conclude: (
      token: unknown,
      guessed: Verify,
      verdict: VerifiedToken | Refusal,
    ) => ReturnType<Verify>
  },
): Promise<VerifiedToken | Refusal> {
  return verdict.then((later) => conclude(token, guessed, later))
}

/**
 * Judges tokens of nobody that is known. Without an issuer there is no key, and so the honest answer is `key_not_found`,
 * after shape and header as always: that the issuer is a stranger would be telling a claim before its signature.
 */
export function judgeOfStrangers(prepare: PreparePolicy): Verify {
  const noKeys = { selectKeys: () => [] }
  return prepare({ keys: noKeys, issuer: null, audience: null }, 'createVerifier').verify
}

/** The `iss` that a token claims, or undefined for whatever has none. Nothing else is read, and nothing is believed. */
export function peekIssuer(token: unknown): string | undefined {
  if (typeof token !== 'string' || token.length > maximumLongTokenLength) return undefined
  const start = token.indexOf('.') + 1
  try {
    const claims: unknown = JSON.parse(
      decodeBase64urlText(token.slice(start, token.indexOf('.', start)), 'payload'),
    )
    if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, 'iss')) return undefined
    const { iss } = claims as { iss: unknown }
    return typeof iss === 'string' ? iss : undefined
  } catch {
    return undefined
  }
}
