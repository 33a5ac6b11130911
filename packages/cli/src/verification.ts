/** What `verify` and `explain` ask of a token: the same options, and what they mean to the library. */
import {
  type ClaimsSet,
  JoseError,
  type Key,
  type KeySet,
  type SignatureAlgorithm,
  type VerificationKey,
  type VerifyJwtOptions,
} from '@tessera/jose'
import type { Command } from 'commander'
import { CliFault } from './fault.ts'
import type { KeyOptions } from './key-choice.ts'

export interface VerificationOptions extends KeyOptions {
  readonly audience?: readonly string[]
  readonly anyAudience?: boolean
  readonly typ?: string
  readonly subject?: string
  readonly maxAge?: number
  readonly clockTolerance?: number
  readonly json?: boolean
}

const help = `
With --issuer the token must name that issuer, an expiry, and an audience: --audience, by default the issuer itself.
Without --issuer the checks are those of decode(): what the token says is checked, and it may say little.`

/** Gives a command the token and these options. */
export function addVerificationOptions(command: Command): Command {
  return command
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
}

/** @throws {CliFault} when token and key would both be read from standard input */
export function checkOneStdin(argument: string, { secret, key }: VerificationOptions, command: string): void {
  if (argument === '-' && (secret === '-' || key === '-'))
    throw new CliFault('usage', `${command}: only one of the token and the key can come from standard input`)
}

/** The options as `verifyJwt` takes them. @param now - the present, in seconds */
export function verifyJwtOptions(
  options: VerificationOptions,
  keys: VerificationKey | KeySet,
  now: number,
): VerifyJwtOptions & { readonly now: number } {
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
export function unexpectedAudience(
  claims: ClaimsSet,
  { issuer, audience, anyAudience = false }: VerificationOptions,
): JoseError | undefined {
  if (audience !== undefined || issuer !== undefined || anyAudience || claims.aud === undefined)
    return undefined
  return new JoseError('claim_invalid', 'claim "aud": the token names an audience and none is expected', {
    claim: 'aud',
  })
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function toSeconds(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new CliFault('usage', 'expected a whole number of seconds, got other text')
}
