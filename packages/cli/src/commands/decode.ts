/** `tessera decode`: look inside a token. It never verifies, and says so. */
import { decodeUnverified } from '@tessera/jose/unverified'
import type { AddCommand, CommandContext } from '../command.ts'
import { toJsonText } from '../json-text.ts'
import { type TimeInWords, timesOf } from '../times.ts'
import { readToken } from '../token-input.ts'
import { type TokenWarning, warningsOf } from '../warnings.ts'

/** A token's inside, with what can be said of it without its key. */
interface Decoded {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly times: readonly TimeInWords[]
  readonly warnings: readonly TokenWarning[]
}

export const addDecode: AddCommand = (program, context) => {
  program
    .command('decode')
    .summary('look inside a token; never verifies')
    .description(
      'Shows the header and the claims of a token, its times in words, and what to watch out for.\nIt does not verify: anybody can write such a token. Nothing is sent anywhere.',
    )
    .argument('<token>', 'the token, or - for standard input')
    .option('--json', 'print one JSON document')
    .action(async (argument: string, { json = false }: { json?: boolean }) => {
      const token = await readToken(argument, context.io)
      const decoded = inspect(token, context.io.now())
      context.io.stdout.write(json ? renderJson(decoded) : renderText(decoded, token, context))
    })
}

function inspect(token: string, now: number): Decoded {
  const { header, claims } = decodeUnverified(token).unverified
  return { header, claims, times: timesOf(claims, now), warnings: warningsOf(header, claims) }
}

function renderJson({ header, claims, times, warnings }: Decoded): string {
  const inWords = Object.fromEntries(
    times.map(({ claim, label, relative, utc }) => [claim, { label, relative, utc }]),
  )
  return `${toJsonText({ verified: false, header, claims, times: inWords, warnings })}\n`
}

function renderText(
  { header, claims, times, warnings }: Decoded,
  token: string,
  { style }: CommandContext,
): string {
  const lines = [
    style.header('header'),
    style.header(toJsonText(header)),
    '',
    style.claims('claims'),
    style.claims(toJsonText(claims)),
    '',
    style.signature('signature'),
    style.signature(`${token.slice(token.lastIndexOf('.') + 1).length} characters`),
  ]
  if (times.length > 0) lines.push('', ...times.map(renderTime))
  if (warnings.length > 0)
    lines.push('', ...warnings.map(({ claim, message }) => style.warning(`! ${claim} ${message}`)))
  lines.push(
    '',
    style.bad('Not verified.') +
      ' Anybody can write such a token; tessera verify tells whether it is genuine.',
  )
  return `${lines.join('\n')}\n`
}

function renderTime({ claim, label, relative, local, utc }: TimeInWords): string {
  return `${claim.padEnd(9)} ${label} ${relative} (${local}; ${utc})`
}
