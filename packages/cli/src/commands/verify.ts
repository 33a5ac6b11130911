/** `tessera verify`: is this token genuine, for whom, and until when? */
import {
  type ClaimsSet,
  JoseError,
  type Key,
  type KeySet,
  type ProtectedHeader,
  safeVerifyJwt,
  type SignatureAlgorithm,
  type VerificationKey,
} from '@tessera/jose'
import { adviceFor } from '../advice.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault, failureOf } from '../fault.ts'
import { toJsonText, toPlainText } from '../json-text.ts'
import { type KeyOptions, openKeys } from '../key-choice.ts'
import { timesOf } from '../times.ts'
import { readToken } from '../token-input.ts'

interface VerifyOptions extends KeyOptions {
  readonly audience?: readonly string[]
  readonly anyAudience?: boolean
  readonly typ?: string
  readonly subject?: string
  readonly maxAge?: number
  readonly clockTolerance?: number
  readonly json?: boolean
}

/** What came of a verification. `authentic` are the claims of a refused token whose signature was good. */
type Verdict =
  | { readonly ok: true; readonly claims: ClaimsSet; readonly header: ProtectedHeader }
  | { readonly ok: false; readonly error: JoseError; readonly authentic?: ClaimsSet }

const help = `
With --issuer the token must name that issuer, an expiry, and an audience: --audience, by default the issuer itself.
Without --issuer the checks are those of decode(): what the token says is checked, and it may say little.`

export const addVerify: AddCommand = (program, context) => {
  program
    .command('verify')
    .summary('verify a token')
    .description(
      'Verifies a token and prints the verdict: whether it is genuine, its claims, and what to do when it is refused.',
    )
    .argument('<token>', 'the token, or - for standard input')
    .option('--issuer <url>', 'the issuer; its keys are fetched from its metadata (RFC 8414)')
    .option('--jwks <source>', 'a JWK Set: URL or file')
    .option('--key <file>', 'a public key: JWK, SPKI in PEM or DER')
    .option('--secret <source>', 'a shared secret: env:NAME, @FILE or -')
    .option('--audience <name>', 'the expected audience; may be repeated', collect)
    .option('--any-audience', 'take a token for any audience')
    .option('--alg <name>', 'the algorithm (default for --secret: HS256; a JWK names its own)')
    .option('--typ <type>', 'the expected typ, for example at+jwt')
    .option('--subject <name>', 'the expected subject')
    .option('--max-age <seconds>', 'refuse a token that was issued longer ago', toSeconds)
    .option('--clock-tolerance <seconds>', 'how far clocks may differ (default: 0)', toSeconds)
    .option('--allow-weak-key', 'take a secret that is too short for its algorithm')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (argument: string, options: VerifyOptions) => {
      if (argument === '-' && (options.secret === '-' || options.key === '-')) {
        throw new CliFault('usage', 'verify: only one of the token and the key can come from standard input')
      }
      const token = await readToken(argument, context.io)
      const verdict = await judge(token, options, context)
      report(verdict, options, context)
    })
}

async function judge(token: string, options: VerifyOptions, { io }: CommandContext): Promise<Verdict> {
  const keys = await openKeys(options, io)
  const verdict = await safeVerifyJwt(token, keys, verifyOptions(options, keys, io.now()))
  if (!verdict.ok) return verdict
  const unexpected = unexpectedAudience(verdict.claims, options)
  return unexpected === undefined ? verdict : { ok: false, error: unexpected, authentic: verdict.claims }
}

function verifyOptions(options: VerifyOptions, keys: VerificationKey | KeySet, now: number) {
  const { issuer, audience, typ, subject, maxAge, clockTolerance, alg } = options
  return {
    issuer: issuer ?? null,
    audience: options.anyAudience === true ? null : (audience ?? issuer ?? null),
    requireExp: issuer !== undefined,
    now,
    ...(typ === undefined ? (issuer === undefined ? { typ: null } : {}) : { typ }),
    ...(subject === undefined ? {} : { subject }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    ...(clockTolerance === undefined ? {} : { clockToleranceSeconds: clockTolerance }),
    ...(alg === undefined || isKey(keys) ? {} : { algorithms: [alg as SignatureAlgorithm] }),
  }
}

/** A key knows its one algorithm; only the keys of a set can be narrowed. */
function isKey(keys: VerificationKey | KeySet): keys is VerificationKey & Key {
  return 'algorithm' in keys
}

/** Whoever does not find himself in the audience must refuse the token (RFC 7519 §4.1.3); here nobody said who we are. */
function unexpectedAudience(
  claims: ClaimsSet,
  { issuer, audience, anyAudience = false }: VerifyOptions,
): JoseError | undefined {
  if (audience !== undefined || issuer !== undefined || anyAudience || claims.aud === undefined)
    return undefined
  return new JoseError('claim_invalid', 'claim "aud": the token names an audience and none is expected', {
    claim: 'aud',
  })
}

function report(verdict: Verdict, { json = false }: VerifyOptions, context: CommandContext): void {
  const { io } = context
  if (!verdict.ok) context.fail(failureOf(verdict.error))
  if (json) io.stdout.write(`${toJsonText(verdictJson(verdict))}\n`)
  else
    io.stdout.write(
      `${(verdict.ok ? acceptedLines(verdict, context) : refusedLines(verdict, context)).join('\n')}\n`,
    )
}

function verdictJson(verdict: Verdict): object {
  if (verdict.ok) return { ok: true, header: verdict.header, claims: verdict.claims }
  const { code, claim, message } = verdict.error
  return {
    ok: false,
    code,
    ...(claim === undefined ? {} : { claim }),
    message,
    next: adviceFor(code, claim),
    authentic: verdict.authentic !== undefined,
  }
}

function acceptedLines({ header, claims }: Verdict & { ok: true }, { io, style }: CommandContext): string[] {
  const signedWith = `${header.alg}${header.kid === undefined ? '' : `, key ${toPlainText(header.kid)}`}`
  const lines = [
    `${style.good('accepted')}: the signature is good (${signedWith})`,
    '',
    style.claims(toJsonText(claims)),
  ]
  const times = timesOf(claims, io.now()).map(
    ({ claim, label, relative, utc }) => `${claim.padEnd(9)} ${label} ${relative} (${utc})`,
  )
  if (times.length > 0) lines.push('', ...times)
  if (claims.exp === undefined) lines.push('', style.warning('! exp is missing: the token never expires'))
  return lines
}

function refusedLines(
  { error, authentic }: Verdict & { ok: false },
  { io, style }: CommandContext,
): string[] {
  const { code, claim, message } = error
  const verdict = failureOf(error) === 'unreachable' ? 'not judged' : 'refused'
  const lines = [`${style.bad(verdict)}: ${code}`, message]
  const time =
    authentic === undefined ? undefined : timesOf(authentic, io.now()).find((found) => found.claim === claim)
  if (time !== undefined) lines.push(`${time.claim}: ${time.label} ${time.relative} (${time.utc})`)
  if (authentic !== undefined) lines.push('The signature is good.')
  lines.push(`Next: ${adviceFor(code, claim)}`)
  return lines
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function toSeconds(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new CliFault('usage', 'expected a whole number of seconds, got other text')
}
