/** `tessera explain`: every check of a token, in order, with what came of it, why, and what to do. */
import type { ClaimsSet, JoseError } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'
import { adviceFor } from '../advice.ts'
import { checkNames, type CheckName, checkToken, type Outcome } from '../checks.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { failureOf } from '../fault.ts'
import { toJsonText } from '../json-text.ts'
import { openKeys } from '../key-choice.ts'
import { timesOf } from '../times.ts'
import { readToken } from '../token-input.ts'
import {
  addVerificationOptions,
  checkOneStdin,
  unexpectedAudience,
  verifyJwtOptions,
  type VerificationOptions,
} from '../verification.ts'

/** One line of the explanation. `says` is what the token says, `expected` what the options ask for. */
interface ExplainedCheck {
  readonly check: CheckName
  readonly outcome: Outcome['outcome']
  readonly about: string
  readonly says?: unknown
  readonly expected?: unknown
  readonly error?: JoseError
}

const about: Readonly<Record<CheckName, string>> = {
  shape: 'three parts in base64url, each JSON without a name that stands twice',
  header: 'no extension that is not known here (crit)',
  algorithm: 'the algorithm of the key',
  key: 'one key that the token can be held against',
  signature: 'made with that key, over this header and these claims',
  claims: 'claims of the kinds that RFC 7519 gives them',
  typ: 'the kind of token',
  exp: 'not expired',
  nbf: 'valid already',
  iat: 'issued in the past, and not too long ago',
  iss: 'from the expected issuer',
  aud: 'for the expected audience',
  sub: 'about the expected subject',
}

export const addExplain: AddCommand = (program, context) => {
  const command = program
    .command('explain')
    .summary('every check of a token, in order')
    .description(
      'Makes every check of tessera verify and prints each, in order: what came of it, why, and what to do.\nIt shows what the token says, so it is for whoever holds the token.',
    )
  addVerificationOptions(command).action(async (argument: string, options: VerificationOptions) => {
    checkOneStdin(argument, options, 'explain')
    const token = await readToken(argument, context.io)
    const explained = await explain(token, options, context)
    const fault = explained.find(({ error }) => error !== undefined)?.error
    if (fault !== undefined) context.fail(failureOf(fault))
    context.io.stdout.write(
      options.json === true ? renderJson(explained) : renderText(explained, fault, context),
    )
  })
}

async function explain(
  token: string,
  options: VerificationOptions,
  { io }: CommandContext,
): Promise<readonly ExplainedCheck[]> {
  const keys = await openKeys(options, io)
  const asked = verifyJwtOptions(options, keys, io.now())
  const { outcomes, claims } = await checkToken(token, keys, asked)
  const said = whatTokenSays(token, claims)
  const expected: Partial<Record<CheckName, unknown>> = {
    typ: asked.typ === undefined ? 'JWT, at+jwt or none' : (asked.typ ?? undefined),
    iss: asked.issuer ?? undefined,
    aud: asked.audience ?? undefined,
    sub: asked.subject,
  }
  return checkNames.map((check) => {
    const outcome = check === 'aud' ? audienceOutcome(outcomes.aud, claims, options) : outcomes[check]
    return {
      check,
      about: about[check],
      outcome: outcome.outcome,
      ...(said[check] !== undefined && { says: said[check] }),
      ...(expected[check] !== undefined && { expected: expected[check] }),
      ...('error' in outcome && { error: outcome.error }),
    }
  })
}

function audienceOutcome(
  outcome: Outcome,
  claims: ClaimsSet | undefined,
  options: VerificationOptions,
): Outcome {
  const error =
    claims === undefined || outcome.outcome !== 'not_asked' ? undefined : unexpectedAudience(claims, options)
  return error === undefined ? outcome : { outcome: 'failed', error }
}

/** The header as anybody can read it, and claims only where the signature was good. */
function whatTokenSays(token: string, claims: ClaimsSet = {}): Partial<Record<CheckName, unknown>> {
  const { exp, nbf, iat, iss, aud, sub } = claims
  const { alg, kid, typ } = readableHeader(token)
  return { algorithm: alg, key: kid, typ, exp, nbf, iat, iss, aud, sub }
}

function readableHeader(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeUnverified(token).unverified.header
  } catch {
    return {}
  }
}

function renderJson(explained: readonly ExplainedCheck[]): string {
  const checks = explained.map(({ error, ...check }) => ({
    ...check,
    ...(error !== undefined && {
      code: error.code,
      message: error.message,
      next: adviceFor(error.code, error.claim),
    }),
  }))
  return `${toJsonText({ ok: explained.every(({ error }) => error === undefined), checks })}\n`
}

const marks = { passed: '✓', failed: '✗', not_asked: '–', not_reached: ' ' } as const

function renderText(
  explained: readonly ExplainedCheck[],
  fault: JoseError | undefined,
  context: CommandContext,
): string {
  const { good, bad } = context.style
  const verdict =
    fault === undefined
      ? good('accepted')
      : `${bad(failureOf(fault) === 'unreachable' ? 'not judged' : 'refused')}: ${fault.code}`
  const seen = explained.filter(({ outcome }) => outcome !== 'not_reached')
  const unseen = explained.filter((check) => !seen.includes(check)).map(({ check }) => check)
  const rest = unseen.length === 0 ? [] : [context.style.quiet(`  not looked at: ${unseen.join(', ')}`)]
  const lines = [...seen.flatMap((check) => linesOf(check, context)), ...rest]
  return `${[...lines, '', verdict].join('\n')}\n`
}

function linesOf(explained: ExplainedCheck, { io, style }: CommandContext): string[] {
  const { check, outcome, says, expected, error } = explained
  const paint = { passed: style.good, failed: style.bad, not_asked: style.quiet, not_reached: style.quiet }
  const line = (rest: string): string => `${paint[outcome](`${marks[outcome]} ${check.padEnd(9)}`)} ${rest}`
  if (outcome === 'not_asked') return [line(style.quiet(notAskedText(says)))]
  const time = timesOf({ [check]: says }, io.now())[0]
  const value = time === undefined ? valueText(says) : ` (${time.label} ${time.relative}, ${time.utc})`
  if (error === undefined) return [line(`${explained.about}${value}`)]
  return [
    line(error.message + (time === undefined ? '' : value)),
    ...(expected === undefined ? [] : [`            expected: ${toJsonText(expected, 0)}`]),
    ...(says === undefined || time !== undefined
      ? []
      : [`            the token says: ${toJsonText(says, 0)}`]),
    `            Next: ${adviceFor(error.code, error.claim)}`,
  ]
}

const notAskedText = (says: unknown): string =>
  says === undefined
    ? 'not in the token, and not asked for'
    : `not asked for; the token says ${toJsonText(says, 0)}`

const valueText = (says: unknown): string => (says === undefined ? '' : `: ${toJsonText(says, 0)}`)
