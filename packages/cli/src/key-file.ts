/** Keys from files: a JWK, a JWK Set, PEM text or DER bytes. */
import {
  importKey,
  type ImportKeyOptions,
  type Jwk,
  type JwkSet,
  isSignatureKey,
  type KeySource,
  type SignatureAlgorithm,
  type SignatureKey,
  type SigningKey,
  type VerificationKey,
} from '@tessera/jose'
import { CliFault } from './fault.ts'
import { type Io, readInputFile, readStdin } from './io.ts'

/** What a key file holds. */
type KeyFile =
  | { readonly kind: 'set'; readonly set: JwkSet }
  | { readonly kind: 'key'; readonly source: KeySource }

/** A file, or standard input for `-`. */
export interface KeyFileSource {
  readonly path: string
  readonly io: Io
}

/** The key of a file that signs. @throws {CliFault} when it holds none, or several */
export async function readSigningKey(
  source: KeyFileSource,
  algorithm: SignatureAlgorithm | undefined,
): Promise<SigningKey> {
  const key = await readOneKey(source, algorithm)
  if (key.type !== 'public') return key
  throw new CliFault(
    'usage',
    `${source.path}: expected a private key or a secret to sign with, got a public key`,
  )
}

/** The key of a file that verifies: of a private key, its public half. @throws {CliFault} when it holds none, or several */
export async function readVerificationKey(
  source: KeyFileSource,
  algorithm: SignatureAlgorithm | undefined,
): Promise<VerificationKey> {
  const key = await readOneKey(source, algorithm)
  return key.type === 'private' ? key.publicKey : key
}

/** The JWK Set of a file, public members only; a single JWK is a set of one. @throws {CliFault} for any other file */
export async function readPublicJwkSet(source: KeyFileSource): Promise<JwkSet> {
  const file = await readKeyFile(source)
  if (file.kind === 'set') return { keys: file.set.keys.map(publicHalf) }
  if (typeof file.source === 'object' && !(file.source instanceof Uint8Array))
    return { keys: [publicHalf(file.source)] }
  throw new CliFault('usage', `${source.path}: expected a JWK Set, got PEM or DER`, {
    hint: 'Use --key for a single key.',
  })
}

/** All keys of a file: those of a JWK Set, or the one of any other file. */
export async function readKeySources(source: KeyFileSource): Promise<readonly KeySource[]> {
  const file = await readKeyFile(source)
  return file.kind === 'set' ? file.set.keys : [file.source]
}

async function readOneKey(
  source: KeyFileSource,
  algorithm: SignatureAlgorithm | undefined,
): Promise<SignatureKey> {
  const file = await readKeyFile(source)
  const options: ImportKeyOptions = algorithm === undefined ? {} : { algorithm }
  const key = await importKey(file.kind === 'key' ? file.source : onlyKey(file.set, source.path), options)
  if (isSignatureKey(key)) return key
  throw new CliFault('usage', `${source.path}: expected a key for signatures, got one for encryption`)
}

function onlyKey(set: JwkSet, path: string): Jwk {
  const [key] = set.keys
  if (key !== undefined && set.keys.length === 1) return key
  throw new CliFault('usage', `${path}: expected one key, got a JWK Set of ${set.keys.length}`, {
    hint: 'Use --jwks to verify with a set.',
  })
}

async function readKeyFile({ path, io }: KeyFileSource): Promise<KeyFile> {
  const bytes = path === '-' ? await readStdin(io) : await readInputFile(path, io)
  const text = new TextDecoder().decode(bytes).trim()
  if (text.startsWith('{')) return readJson(text, path)
  return { kind: 'key', source: text.includes('-----BEGIN') ? text : bytes }
}

function readJson(text: string, path: string): KeyFile {
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new CliFault('usage', `${path}: expected a JWK or a JWK Set, got text that is not JSON`)
  }
  if (Array.isArray(value['keys'])) return { kind: 'set', set: value as unknown as JwkSet }
  return { kind: 'key', source: value as Jwk }
}

/** Without the members that only a private key has (RFC 7518 §6.2.2, §6.3.2); a file for signing may stand in for its public one. */
function publicHalf(jwk: Jwk): Jwk {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, oth: _oth, key_ops: _operations, ...members } = jwk
  return members
}
