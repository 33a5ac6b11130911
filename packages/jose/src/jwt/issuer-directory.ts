/** A verifier for issuers that only the application knows: it is asked for each, and its answers are kept for a while. */
import { type Awaitable, chain, settle } from '../crypto/awaitable.ts'
import { isSecureScheme } from '../encoding/secure-url.ts'
import { Refusal } from '../errors.ts'
import { badOption, readOptions } from '../options.ts'
import { judgeOfStrangers, peekIssuer, type PreparePolicy, type Verify } from './issuer-router.ts'

/** What `createVerifier` wants to know about issuers that only the application knows. `P` is a policy without `issuer`. */
export interface IssuerDirectoryOptions<P = unknown> {
  /**
   * The policy for an issuer, or undefined (or null) for one that is not trusted. It is asked with the `iss` of tokens that
   * nobody verified yet, which are https URLs in their plain form (http on this machine) and nothing else: look it up by
   * equality, and fetch nothing because of it. What it throws is `keys_unavailable`.
   */
  readonly issuers: (issuer: string) => P | undefined | null | Promise<P | undefined | null>
  /** How many policies are kept, and how many questions are open at a time. Default: 100. */
  readonly maxIssuers?: number
  /** How long an answer is used before the question is asked again, in seconds. Default: 300. */
  readonly refreshSeconds?: number
  /** A clock for that, in seconds. Default: `performance.now() / 1000`. */
  readonly now?: () => number
}

const optionNames = ['issuers', 'maxIssuers', 'refreshSeconds', 'now'] as const
const where = 'createVerifier'

interface KnownIssuer {
  /** The application's answer: the same object again keeps what was made of it, its keys above all. */
  readonly policy: unknown
  readonly verify: Verify
  readonly askAgainAt: number
}

/** Finds the policy for an issuer; undefined when there is none. */
type LookUp = (issuer: string) => Awaitable<Verify | Refusal | undefined>

/**
 * Verifies under the policy that the application has for the token's own issuer.
 *
 * @throws {JoseError} `option_invalid`
 */
export function routeByDirectory(options: unknown, prepare: PreparePolicy): Verify {
  const settings = readDirectoryOptions(options)
  const known = new Map<string, KnownIssuer>()
  const ask = createQuestions(settings, known, prepare)
  const stranger = judgeOfStrangers(prepare)
  return (token) => {
    const issuer = peekIssuer(token)
    const found = issuer === undefined ? undefined : known.get(issuer)
    if (found !== undefined && settings.now() < found.askAgainAt) return found.verify(token)
    if (issuer === undefined || !isPlainIssuer(issuer)) return stranger(token)
    // A token that no policy could save asks no question.
    return chain(stranger(token), (verdict) =>
      verdict instanceof Refusal && verdict.code !== 'key_not_found'
        ? verdict
        : chain(ask(issuer), (answer) => (answer instanceof Refusal ? answer : (answer ?? stranger)(token))),
    )
  }
}

/** Asks the application, once at a time for each issuer. */
function createQuestions(
  { issuers, maxIssuers, refreshSeconds, now }: Required<IssuerDirectoryOptions>,
  known: Map<string, KnownIssuer>,
  prepare: PreparePolicy,
): LookUp {
  const open = new Map<string, Promise<Verify | Refusal | undefined>>()
  const remember = (issuer: string, policy: unknown): Verify | undefined => {
    const before = known.get(issuer)
    known.delete(issuer)
    if (policy === undefined || policy === null) return undefined
    const verify =
      before?.policy === policy ? before.verify : prepare(policy, `${where}: issuers`, issuer).verify
    known.set(issuer, { policy, verify, askAgainAt: now() + refreshSeconds })
    for (const oldest of known.keys()) if (known.size > maxIssuers) known.delete(oldest)
    return verify
  }
  return (issuer) => {
    const waiting = open.get(issuer)
    if (waiting !== undefined) return waiting
    if (open.size >= maxIssuers) return unavailable('too many issuers are being asked for')
    const answer = askApplication(issuers, issuer)
    if (!(answer instanceof Promise)) return answer instanceof Refusal ? answer : remember(issuer, answer)
    const asked = answer
      .then((policy) => (policy instanceof Refusal ? policy : remember(issuer, policy)))
      .finally(() => open.delete(issuer))
    open.set(issuer, asked)
    return asked
  }
}

function askApplication(issuers: IssuerDirectoryOptions['issuers'], issuer: string): Awaitable<unknown> {
  const failed = (cause: unknown): Refusal => unavailable('the application could not look one up', cause)
  try {
    const answer = settle(issuers(issuer))
    return answer instanceof Promise ? answer.catch(failed) : answer
  } catch (error) {
    return failed(error)
  }
}

function unavailable(what: string, cause?: unknown): Refusal {
  return new Refusal('keys_unavailable', `issuers: ${what}: try again later`, { cause })
}

/** An https URL as URLs are written out, without credentials, query and fragment (RFC 8414 §2; RFC 8725 §3.10). */
function isPlainIssuer(issuer: string): boolean {
  if (issuer.length > 2048 || /[?#]/.test(issuer) || !URL.canParse(issuer)) return false
  const url = new URL(issuer)
  const isPlain = url.href === issuer || url.href === `${issuer}/`
  return isPlain && url.username === '' && url.password === '' && isSecureScheme(url)
}

function readDirectoryOptions(options: unknown): Required<IssuerDirectoryOptions> {
  const given = readOptions<IssuerDirectoryOptions>(options, optionNames, where)
  const { issuers, maxIssuers = 100, refreshSeconds = 300, now = () => performance.now() / 1000 } = given
  if (typeof issuers !== 'function') throw badOption(where, 'issuers', 'a function', issuers)
  if (!Number.isInteger(maxIssuers) || maxIssuers < 1 || maxIssuers > 1e5)
    throw badOption(where, 'maxIssuers', 'a whole number from 1 to 100000', maxIssuers)
  if (typeof refreshSeconds !== 'number' || !(refreshSeconds >= 0 && refreshSeconds <= 86_400))
    throw badOption(where, 'refreshSeconds', 'seconds from 0 to 86400', refreshSeconds)
  if (typeof now !== 'function') throw badOption(where, 'now', 'a function that gives seconds', now)
  return { issuers, maxIssuers, refreshSeconds, now }
}
