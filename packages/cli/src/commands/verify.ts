/** `tessera verify`: is this token genuine, for whom, and until when? */
import { type ClaimsSet, type JoseError, type ProtectedHeader, safeVerifyJwt } from '@tessera/jose'
import { adviceFor } from '../advice.ts'
import type { AddCommand, CommandContext } from '../command.ts'
import { failureOf } from '../fault.ts'
import { toJsonText, toPlainText } from '../json-text.ts'
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

/** What came of a verification. `authentic` are the claims of a refused token whose signature was good. */
type Verdict =
  | { readonly ok: true; readonly claims: ClaimsSet; readonly header: ProtectedHeader }
  | { readonly ok: false; readonly error: JoseError; readonly authentic?: ClaimsSet }

export const addVerify: AddCommand = (program, context) => {
  const command = program
    .command('verify')
    .summary('verify a token')
    .description(
      'Verifies a token and prints the verdict: whether it is genuine, its claims, and what to do when it is refused.',
    )
  addVerificationOptions(command).action(async (argument: string, options: VerificationOptions) => {
    checkOneStdin(argument, options, 'verify')
    const token = await readToken(argument, context.io)
    const verdict = await judge(token, options, context)
    report(verdict, options, context)
  })
}

async function judge(token: string, options: VerificationOptions, { io }: CommandContext): Promise<Verdict> {
  const keys = await openKeys(options, io)
  const verdict = await safeVerifyJwt(token, keys, verifyJwtOptions(options, keys, io.now()))
  if (!verdict.ok) return verdict
  const unexpected = unexpectedAudience(verdict.claims, options)
  return unexpected === undefined ? verdict : { ok: false, error: unexpected, authentic: verdict.claims }
}

function report(verdict: Verdict, { json = false }: VerificationOptions, context: CommandContext): void {
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
