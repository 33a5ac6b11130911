/**
 * One verifier for several issuers. The `iss` of a token that nobody verified yet serves one purpose: to pick, by equality,
 * which configured policy judges the token from the first check to the last, its `iss` included.
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { decodeBase64urlText, encodeBase64urlText } from '../encoding/base64url.ts'
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
  for (let index = 0; index < policies.length; index += 1) {
    const { issuers, verify } = prepare(policies[index], `${where}[${index}]`)
    if (issuers === null) throw badOption(`${where}[${index}]`, 'issuer', 'text or a list of text', null)
    for (const issuer of issuers) {
      if (byIssuer.has(issuer))
        throw new JoseError('option_invalid', `${where}[${index}]: its issuer has a policy already`)
      byIssuer.set(issuer, verify)
    }
  }
  const stranger = judgeOfStrangers(prepare)
  const policyOf = (token: unknown): Verify => byIssuer.get(peekIssuer(token) ?? '') ?? stranger
  const guess = createGuess(byIssuer)
  return (token) => {
    const guessed = typeof token === 'string' ? guess(token) : undefined
    if (guessed === undefined) return policyOf(token)(token)
    // What it accepts names its issuer and no other. What it refuses is judged by the issuer that is read, as ever.
    return chain(guessed(token), (verdict) => {
      const policy = verdict instanceof Refusal ? policyOf(token) : guessed
      return policy === guessed ? verdict : policy(token)
    })
  }
}

/** Lengths of beginnings that are looked for. */
const mostLengths = 4
/** Characters that a beginning is looked up by: V8 makes a view of more, and hashes it in twice the time. */
const windowLength = 12

interface Beginning {
  readonly text: string
  readonly verify: Verify
}

/**
 * Guesses the policy of a token whose claims begin with an issuer, from how that is encoded, which takes a tenth of the time
 * of decoding and parsing them. Nothing is believed: a token may name another issuer later on.
 */
function createGuess(byIssuer: ReadonlyMap<string, Verify>): (token: string) => Verify | undefined {
  const byLength = new Map<number, Beginning[]>()
  for (const [issuer, verify] of byIssuer) {
    const text = encodeBeginning(issuer)
    if (text === undefined) continue
    const alike = byLength.get(text.length)
    if (alike === undefined) byLength.set(text.length, [{ text, verify }])
    else alike.push({ text, verify })
  }
  const lists = [...byLength.values()].sort((one, other) => other.length - one.length)
  const finders = lists.slice(0, mostLengths).map(createFinder)
  return (token) => {
    const start = token.indexOf('.') + 1
    for (const find of finders) {
      const verify = find(token, start)
      if (verify !== undefined) return verify
    }
    return undefined
  }
}

/** Finds beginnings of one length by the place at which most of them differ; those that are left over are not guessed. */
function createFinder(
  beginnings: readonly Beginning[],
): (token: string, start: number) => Verify | undefined {
  const { length } = beginnings[0]!.text
  let [known, offset] = [new Map<string, Beginning>(), 0]
  for (let at = length - windowLength; at >= 0; at -= 4) {
    const found = new Map(beginnings.map((one) => [one.text.slice(at, at + windowLength), one]))
    if (found.size > known.size) [known, offset] = [found, at]
  }
  return (token, start) => {
    const found = known.get(token.slice(start + offset, start + offset + windowLength))
    return found?.text === token.slice(start, start + length) ? found.verify : undefined
  }
}

/** The encoded beginning, as whole groups of three octets: a comma and a quote follow. Undefined where it may be written in several ways. */
function encodeBeginning(issuer: string): string | undefined {
  if (!/^[\x20\x21\x23-\x2e\x30-\x5b\x5d-\x7e/]+$/.test(issuer)) return undefined
  const beginning = `{"iss":"${issuer}"`
  return encodeBase64urlText(beginning + ',"'.slice(0, (3 - (beginning.length % 3)) % 3), 'issuer')
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
