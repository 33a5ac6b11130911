/** Keys for tests of encryption, made once each. */
import type {
  ContentEncryptionAlgorithm,
  EncryptionAlgorithm,
  KeyWrapAlgorithm,
  PasswordAlgorithm,
  PublicKeyManagementAlgorithm,
} from '../../src/jwa/encryption-algorithm.ts'
import type { AgreementCurve } from '../../src/crypto/cipher-scheme.ts'
import { type DecryptionKey, type EncryptionKey, encryptionSecret, generateKey } from '../../src/jwk/index.ts'

export const contentEncryptions = [
  'A128GCM',
  'A192GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
] as const satisfies ContentEncryptionAlgorithm[]
export const keyWraps = [
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
] as const satisfies KeyWrapAlgorithm[]
export const passwords = [
  'PBES2-HS256+A128KW',
  'PBES2-HS384+A192KW',
  'PBES2-HS512+A256KW',
] as const satisfies PasswordAlgorithm[]
export const transports = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
] as const satisfies PublicKeyManagementAlgorithm[]
export const agreements = [
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
] as const satisfies PublicKeyManagementAlgorithm[]
export const curves = ['P-256', 'P-384', 'P-521', 'X25519', 'X448'] as const satisfies AgreementCurve[]

/** A password of more than 32 octets. */
export const password = 'correct horse battery staple, and then some'

/** What encrypts, and what decrypts it again. */
export interface Locker {
  readonly lock: EncryptionKey
  readonly open: DecryptionKey
}

const made = new Map<string, Promise<Locker>>()

/** The pair for an algorithm, and for a curve where it has one. */
export function lockerFor(
  algorithm: EncryptionAlgorithm,
  curve?: AgreementCurve,
  name = '',
): Promise<Locker> {
  const id = `${algorithm} ${curve ?? ''} ${name}`
  const locker = made.get(id) ?? make(algorithm, curve)
  made.set(id, locker)
  return locker
}

async function make(algorithm: EncryptionAlgorithm, curve?: AgreementCurve): Promise<Locker> {
  if (algorithm.startsWith('PBES2')) {
    const secret = encryptionSecret(algorithm as PasswordAlgorithm, password)
    return { lock: secret, open: secret }
  }
  const key = await generateKey(algorithm as 'A256KW' | 'ECDH-ES', {
    extractable: true,
    ...(curve === undefined ? {} : { curve }),
  })
  return key.type === 'private' ? { lock: key.publicKey, open: key } : { lock: key, open: key }
}

/** The options that a password needs on both sides. */
export function optionsFor(algorithm: EncryptionAlgorithm): {
  readonly encrypt: { readonly pbes2Iterations?: number }
  readonly decrypt: { readonly keyManagementAlgorithms?: readonly PasswordAlgorithm[] }
} {
  if (!algorithm.startsWith('PBES2')) return { encrypt: {}, decrypt: {} }
  return {
    encrypt: { pbes2Iterations: 1000 },
    decrypt: { keyManagementAlgorithms: [algorithm as PasswordAlgorithm] },
  }
}

/** A value that has to be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value, got undefined')
  return value
}

/** One segment of a compact token. */
export function segmentOf(token: string, index: number): string {
  return present(token.split('.')[index])
}

/** The segments of a compact token with one of them replaced. */
export function withSegment(token: string, index: number, segment: string): string {
  return token.split('.').toSpliced(index, 1, segment).join('.')
}

/** The protected header of a compact or flattened token. */
export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(segmentOf(token, 0), 'base64url').toString()) as Record<string, unknown>
}

/** A token with its protected header changed, for faults that show before anything is decrypted. */
export function withHeader(token: string, change: Record<string, unknown>): string {
  const header = { ...headerOf(token), ...change }
  return withSegment(token, 0, Buffer.from(JSON.stringify(header)).toString('base64url'))
}

/** A segment with one bit flipped. */
export function flipped(segment: string): string {
  const bytes = Buffer.from(segment, 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return bytes.toString('base64url')
}
