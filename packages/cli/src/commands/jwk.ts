/** `tessera jwk`: the name of a key, and its other forms. */
import {
  calculateThumbprint,
  calculateThumbprintUri,
  exportJwk,
  exportPem,
  importKey,
  type ImportKeyOptions,
  type Jwk,
  type Key,
  type KeySource,
  type SignatureAlgorithm,
  type ThumbprintHash,
} from '@tessera/jose'
import type { AddCommand, CommandContext } from '../command.ts'
import { CliFault, making } from '../fault.ts'
import { toJsonText } from '../json-text.ts'
import { readKeySources } from '../key-file.ts'
import { secretInSet, writeKeyFile } from '../key-output.ts'
import { readSecret } from '../secret-source.ts'

interface ReadingOptions {
  readonly alg?: string
  readonly passphrase?: string
  readonly json?: boolean
}

interface ThumbprintOptions extends ReadingOptions {
  readonly hash: string
  readonly uri?: boolean
}

interface ConvertOptions extends ReadingOptions {
  readonly to: string
  readonly public?: boolean
  readonly out?: string
}

const forms = ['jwk', 'jwks', 'pem']

export const addJwk: AddCommand = (program, context) => {
  const jwk = program.command('jwk').summary('the name of a key, and its other forms')
  jwk
    .command('thumbprint')
    .description(
      'Prints the thumbprint of each key in a file (RFC 7638), which is the same for a private key and its public half.',
    )
    .argument('<file>', 'a JWK, a JWK Set, PEM or DER; - for standard input')
    .option('--hash <name>', 'SHA-256, SHA-384 or SHA-512', 'SHA-256')
    .option('--uri', 'as a URI (RFC 9278)')
    .option('--alg <name>', 'the algorithm, where the file does not say it (RSA in PEM)')
    .option('--passphrase <source>', 'what opens an encrypted key: env:NAME or @FILE')
    .option('--json', 'print one JSON document')
    .action((file: string, options: ThumbprintOptions) => printThumbprints(file, options, context))
  jwk
    .command('convert')
    .description(
      'Writes the keys of a file in another form: a JWK, a JWK Set, or PEM (SPKI and PKCS #8).\nA JWK that has no kid gets its thumbprint (RFC 7638) for one.',
    )
    .argument('<file>', 'a JWK, a JWK Set, PEM or DER; - for standard input')
    .requiredOption('--to <form>', 'jwk, jwks or pem')
    .option('--public', 'the public halves alone, fit to be published')
    .option('--out <file>', 'write to this new file, which only you can read')
    .option('--alg <name>', 'the algorithm, where the file does not say it (RSA in PEM)')
    .option('--passphrase <source>', 'what opens an encrypted key: env:NAME or @FILE')
    .option('--json', 'print JSON on one line')
    .action((file: string, options: ConvertOptions) => convert(file, options, context))
}

async function printThumbprints(
  file: string,
  options: ThumbprintOptions,
  context: CommandContext,
): Promise<void> {
  const name = options.uri === true ? calculateThumbprintUri : calculateThumbprint
  const sources = await readKeySources({ path: file, io: context.io })
  const reading = await readingOptions(options, context)
  const thumbprints = await Promise.all(
    sources.map((source) =>
      making(async () => name(await nameable(source, reading), options.hash as ThumbprintHash)),
    ),
  )
  const text = options.json === true ? toJsonText({ thumbprints }) : thumbprints.join('\n')
  context.io.stdout.write(`${text}\n`)
}

/** A JWK has a thumbprint whatever it is for, also one that nothing here could use. */
async function nameable(source: KeySource, reading: ImportKeyOptions) {
  return typeof source === 'object' && !(source instanceof Uint8Array) ? source : importKey(source, reading)
}

async function convert(file: string, options: ConvertOptions, context: CommandContext): Promise<void> {
  const { to, out } = options
  if (!forms.includes(to)) throw new CliFault('usage', '--to: expected jwk, jwks or pem, got another')
  const sources = await readKeySources({ path: file, io: context.io })
  const reading = await readingOptions(options, context)
  const keys = await Promise.all(
    sources.map(async (source) => {
      const key = await making(() => importKey(source, { ...reading, extractable: true }))
      return options.public === true ? publicHalf(key) : key
    }),
  )
  const text = await making(() => render(keys, options))
  if (out === undefined) return void context.io.stdout.write(text)
  await writeKeyFile(out, text)
  context.io.stderr.write(`Written to ${out}; only you can read it.\n`)
}

async function readingOptions(
  { alg, passphrase }: ReadingOptions,
  { io }: CommandContext,
): Promise<ImportKeyOptions> {
  return {
    ...(alg !== undefined && { algorithm: alg as SignatureAlgorithm }),
    ...(passphrase !== undefined && { passphrase: await readSecret(passphrase, io, '--passphrase') }),
  }
}

function publicHalf(key: Key): Key {
  if (key.type === 'private') return key.publicKey
  if (key.type === 'public') return key
  throw new CliFault('usage', '--public: expected a key pair, got a shared secret, which has no public half')
}

async function render(keys: readonly Key[], { to, json }: ConvertOptions): Promise<string> {
  if (to === 'pem') return (await Promise.all(keys.map(exportPem))).join('')
  if (to === 'jwks' && keys.some(({ type }) => type === 'secret')) throw secretInSet('--to jwks')
  const jwks = await Promise.all(keys.map(namedJwk))
  const [only] = jwks
  if (to === 'jwk' && (only === undefined || jwks.length > 1))
    throw new CliFault('usage', `--to jwk: expected one key, got ${jwks.length}: use --to jwks`)
  return `${toJsonText(to === 'jwks' ? { keys: jwks } : only, json === true ? 0 : 2)}\n`
}

/** A set finds its keys by kid. The thumbprint of a secret would tell a hash of it. */
async function namedJwk(key: Key): Promise<Jwk> {
  const jwk = await exportJwk(key)
  return key.type === 'secret' || jwk.kid !== undefined
    ? jwk
    : { ...jwk, kid: await calculateThumbprint(jwk) }
}
