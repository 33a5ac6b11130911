/** `tessera attack`: does an endpoint refuse what can be forged from a good token? */
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { decodeUnverified } from '@tessera/jose/unverified'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault } from '../fault.ts'
import { commonSecretOf, forgeriesOf, type Forgery, type GoodToken } from '../forgeries.ts'
import type { Io } from '../io.ts'
import { toJsonText } from '../json-text.ts'
import { readPublicJwkSet } from '../key-file.ts'
import { readToken } from '../token-input.ts'

interface AttackOptions {
  readonly token: string
  readonly jwks?: string
  readonly method: string
  readonly json?: boolean
}

/** `status` is 0 where the connection ended without an answer. */
interface Finding extends Omit<Forgery, 'token'> {
  readonly status: number
}

interface AttackReport {
  readonly attempts: number
  readonly accepted: readonly Finding[]
  /** Answered with 5xx or not at all: refused by accident. */
  readonly failed: readonly Finding[]
}

const patienceMs = 10_000

const help = `
Only for servers that are yours. It sends some thirty requests, one after the other, each with a forged token, and never sends the
good one anywhere but there. What it can not find: whether expired tokens and those of other issuers are refused.`

export const addAttack: AddCommand = (program, context) => {
  program
    .command('attack')
    .summary('try forged tokens at an endpoint of yours')
    .description(
      'Makes forgeries of a good token (no signature, own keys, changed claims, other spellings) and tells which an endpoint takes.\nEnds with 1 if it takes any.',
    )
    .argument('<url>', 'an endpoint that answers 2xx to the good token and 401 without one')
    .requiredOption('--token <token>', 'a good token for it, or - for standard input')
    .option('--jwks <file>', "the issuer's JWK Set: tries its keys as shared secrets, too")
    .option('--method <name>', 'the method of the requests', 'GET')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (url: string, options: AttackOptions) => {
      const token = await readGoodToken(options, context.io)
      const target = { url: readUrl(url), method: options.method }
      await expectGuarded(target, token.text)
      report(await attack(target, token), options, context)
    })
}

async function readGoodToken({ token, jwks }: AttackOptions, io: Io): Promise<GoodToken> {
  const text = await readToken(token, io)
  const { header, claims } = decodeUnverified(text).unverified
  const [first = '', second = '', third = ''] = text.split('.')
  const { keys } = jwks === undefined ? { keys: [] } : await readPublicJwkSet({ path: jwks, io })
  const publicForms = keys.flatMap((key) => formsOf(key as JsonWebKey))
  return { text, header, claims, segments: [first, second, third], publicForms }
}

/** As people keep a public key: PEM with and without its last newline, and JSON. */
function formsOf(key: JsonWebKey): readonly string[] {
  const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
  return [pem, pem.trimEnd(), JSON.stringify(key)]
}

function readUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new CliFault('usage', 'expected the http(s) address of an endpoint, got something else')
  return new URL(text)
}

interface Target {
  readonly url: URL
  readonly method: string
}

/** An endpoint that takes nobody, or everybody, would pass or fail whatever is tried. */
async function expectGuarded(target: Target, token: string): Promise<void> {
  const withToken = await send(target, token)
  if (withToken === 0) throw new CliFault('unreachable', `nothing answers at ${target.url.origin}`)
  if (!isAccepted(withToken)) {
    throw new CliFault('refused', `expected 2xx for the good token, got ${withToken}`, {
      hint: 'Get a fresh token and an endpoint that it is for: tessera explain tells what is wrong with a token.',
    })
  }
  const bare = await send(target, undefined)
  if (isAccepted(bare)) {
    throw new CliFault(
      'refused',
      `expected 401 without a token, got ${bare}: this endpoint is open to everybody`,
    )
  }
}

async function attack(target: Target, token: GoodToken): Promise<AttackReport> {
  const findings: Finding[] = []
  for (const { token: forged, ...forgery } of forgeriesOf(token))
    findings.push({ ...forgery, status: await send(target, forged) })
  const accepted = findings.filter(({ status }) => isAccepted(status))
  const guessed = commonSecretOf(token) === undefined ? [] : [guessedSecret]
  const failed = findings.filter(({ status }) => status === 0 || status >= 500)
  return { attempts: findings.length, accepted: [...guessed, ...accepted], failed }
}

const guessedSecret: Finding = {
  id: 'common-secret',
  why: 'the token is signed with a secret from a list that everybody has: whoever tries it signs as the issuer',
  reference: 'RFC 8725 §3.5',
  status: 0,
}

const isAccepted = (status: number): boolean => status >= 200 && status < 300

/** The status; redirects are not followed, because the token would go along. */
async function send({ url, method }: Target, token: string | undefined): Promise<number> {
  try {
    const answer = await fetch(url, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return 0
  }
}

function report(found: AttackReport, { json = false }: AttackOptions, context: CommandContext): void {
  const { io, style, fail } = context
  const { attempts, accepted, failed } = found
  if (accepted.length > 0) fail('refused')
  if (json) {
    io.stdout.write(`${toJsonText({ ok: accepted.length === 0, ...found })}\n`)
    return
  }
  const lines = [
    ...accepted.flatMap(({ id, why, reference }) => [
      `${style.bad(`✗ ${id}`)} is accepted`,
      `  ${why} (${reference})`,
    ]),
    ...failed.map(({ id, status }) =>
      style.warning(`! ${id} is refused by accident: ${status === 0 ? 'no answer' : status}`),
    ),
  ]
  const sum = `${attempts} attacks: ${accepted.length} accepted`
  const verdict = accepted.length === 0 ? style.good(sum) : style.bad(sum)
  io.stdout.write(`${[...lines, ...(lines.length > 0 ? [''] : []), verdict].join('\n')}\n`)
}
