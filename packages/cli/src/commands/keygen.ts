/** `tessera keygen`: a new key. */
import {
  exportJwk,
  exportPem,
  generateKey,
  type Jwk,
  type PrivateKey,
  type SecretKey,
  type SignatureAlgorithm,
} from '@tessera/jose'
import type { AddCommand } from '../command.ts'
import { CliFault, making } from '../fault.ts'
import { secretInSet, writeKeyFile } from '../key-output.ts'
import { toJsonText } from '../json-text.ts'

interface KeygenOptions {
  readonly jwks?: boolean
  readonly out?: string
  readonly format?: string
  readonly json?: boolean
}

const formats = ['jwk', 'pem', 'text']

export const addKeygen: AddCommand = (program, { io }) => {
  program
    .command('keygen')
    .summary('make a key')
    .description(
      'Makes a key and prints it: a private key, or for HS256, HS384 and HS512 a secret. Its kid is its thumbprint (RFC 7638).\nWith --out the key goes to a file that only you can read, and the public half is printed, fit to be published.',
    )
    .argument('<alg>', 'ES256, Ed25519, RS256, PS256, HS256, …')
    .option('--jwks', 'as a JWK Set')
    .option('--out <file>', 'write the private key to this new file')
    .option('--format <format>', 'jwk, pem, or text (secrets only: one line for a variable)', 'jwk')
    .option('--json', 'print JSON on one line')
    .action(async (algorithm: string, options: KeygenOptions) => {
      const { format = 'jwk', out } = options
      if (!formats.includes(format))
        throw new CliFault('usage', '--format: expected jwk, pem or text, got another')
      const key = await making(() => generateKey(algorithm as SignatureAlgorithm, { extractable: true }))
      if (options.jwks === true && key.type === 'secret') throw secretInSet('--jwks')
      const text = await making(() => render(key, options))
      if (out === undefined) return void io.stdout.write(text)
      await writeKeyFile(out, text)
      io.stderr.write(
        `The ${key.type === 'secret' ? 'secret' : 'private key'} was written to ${out}; only you can read it.\n`,
      )
      if (key.type === 'private') io.stdout.write(await render(key.publicKey, options))
    })
}

async function render(
  key: PrivateKey | SecretKey | PrivateKey['publicKey'],
  { format, jwks, json }: KeygenOptions,
): Promise<string> {
  if (format === 'pem') return exportPem(key)
  const jwk = await exportJwk(key)
  if (format === 'text') return `${secretText(jwk)}\n`
  return `${toJsonText(jwks === true ? { keys: [jwk] } : jwk, json === true ? 0 : 2)}\n`
}

/** The secret as one line of text: 43 characters carry 256 bits. */
function secretText({ k }: Jwk): string {
  if (k !== undefined) return k
  throw new CliFault('usage', '--format text: expected HS256, HS384 or HS512, got an algorithm of key pairs')
}
