/** `tessera encode`: claims to a signed token. */
import {
  type ClaimsSet,
  type Duration,
  encode,
  secret,
  type HmacAlgorithm,
  type SignatureAlgorithm,
  type SigningKey,
} from '@tessera/jose'
import type { AddCommand } from '../command.ts'
import { CliFault, making } from '../fault.ts'
import { type Io, readInputFile, readStdin, toText } from '../io.ts'
import { toJsonText } from '../json-text.ts'
import { readSigningKey } from '../key-file.ts'
import { readSecret } from '../secret-source.ts'

interface EncodeOptions {
  readonly secret?: string
  readonly key?: string
  readonly alg?: string
  readonly expiresIn?: string
  readonly typ?: string
  readonly allowWeakKey?: boolean
  readonly allowSecretClaims?: boolean
  readonly json?: boolean
}

export const addEncode: AddCommand = (program, { io }) => {
  program
    .command('encode')
    .summary('sign claims')
    .description(
      'Signs claims and prints the token. Nothing is added but iat and exp, and those only with --expires-in.',
    )
    .argument('<claims>', 'a JSON object, @FILE, or - for standard input')
    .option('--secret <source>', 'sign with a shared secret: env:NAME, @FILE or -')
    .option('--key <file>', 'sign with a private key or secret: JWK, PKCS #8 in PEM or DER')
    .option('--alg <name>', 'the algorithm (default for --secret: HS256; a JWK names its own)')
    .option('--expires-in <duration>', 'a number and one of s m h d w, for example 15m')
    .option('--typ <type>', 'the typ of the header (default: JWT)')
    .option('--allow-weak-key', 'take a secret that is too short for its algorithm')
    .option('--allow-secret-claims', 'take claims with names such as password; anybody can read them')
    .option('--json', 'print one JSON document')
    .action(async (argument: string, options: EncodeOptions) => {
      checkSources(argument, options)
      const claims = parseClaims(await readClaims(argument, io))
      const now = io.now()
      const token = await making(async () =>
        signClaims(claims, await openKey(options, io), { ...options, now }),
      )
      io.stdout.write(options.json === true ? `${toJsonText({ token })}\n` : `${token}\n`)
    })
}

function checkSources(argument: string, options: EncodeOptions): void {
  if ((options.secret === undefined) === (options.key === undefined)) {
    throw new CliFault(
      'usage',
      `encode: expected one of --secret and --key, got ${options.key === undefined ? 'neither' : 'both'}`,
    )
  }
  if ([argument, options.secret, options.key].filter((source) => source === '-').length > 1) {
    throw new CliFault('usage', 'encode: only one of the claims and the key can come from standard input')
  }
}

async function readClaims(argument: string, io: Io): Promise<string> {
  if (argument === '-') return toText(await readStdin(io), 'standard input')
  return argument.startsWith('@')
    ? toText(await readInputFile(argument.slice(1), io), argument.slice(1))
    : argument
}

function parseClaims(text: string): ClaimsSet {
  let claims: unknown
  try {
    claims = JSON.parse(text)
  } catch {
    throw new CliFault('usage', 'claims: expected a JSON object, got text that is not JSON', {
      hint: `For example: tessera encode '{"sub":"alice"}' --secret env:JWT_SECRET`,
    })
  }
  if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as ClaimsSet
  throw new CliFault('usage', 'claims: expected a JSON object, got another JSON value')
}

async function openKey(
  { secret: source, key, alg, allowWeakKey = false }: EncodeOptions,
  io: Io,
): Promise<SigningKey> {
  if (key !== undefined) return readSigningKey({ path: key, io }, alg as SignatureAlgorithm | undefined)
  return secret((alg ?? 'HS256') as HmacAlgorithm, await readSecret(source ?? '', io), { allowWeakKey })
}

function signClaims(claims: ClaimsSet, key: SigningKey, options: EncodeOptions & { now: number }): string {
  const header = {
    ...(options.typ === undefined ? {} : { typ: options.typ }),
    ...(key.kid === undefined ? {} : { kid: key.kid }),
  }
  return encode(claims, key, {
    header,
    now: options.now,
    ...(options.expiresIn === undefined ? {} : { expiresIn: options.expiresIn as Duration }),
    ...(options.allowWeakKey === undefined ? {} : { allowWeakKey: options.allowWeakKey }),
    ...(options.allowSecretClaims === undefined ? {} : { allowSecretClaims: options.allowSecretClaims }),
  })
}
