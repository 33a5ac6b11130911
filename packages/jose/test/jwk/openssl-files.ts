/** Keys as openssl writes them; `openssl/make.sh` says how each was made. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Jwk } from '../../src/jwk/jwk.ts'

/** What every encrypted file is encrypted with. */
export const passphrase = 'correct horse'

/** The text of a file. */
export function readPem(name: string): string {
  return readFileSync(new URL(`openssl/${name}.pem`, import.meta.url), 'utf8')
}

/** The DER inside of a PEM text that has one block. */
export function derOf(pem: string): Uint8Array {
  return Uint8Array.from(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
}

/** The kinds of keys, with an algorithm for signatures or else for encryption. */
export const kinds = [
  ['rsa', 'RS256'],
  ['prime256v1', 'ES256'],
  ['secp384r1', 'ES384'],
  ['secp521r1', 'ES512'],
  ['secp256k1', 'ES256K'],
  ['ed25519', 'Ed25519'],
  ['ed448', 'Ed448'],
  ['x25519', 'ECDH-ES'],
  ['x448', 'ECDH-ES'],
] as const

export type Kind = (typeof kinds)[number][0]

/** The JWK of a key, read by Node from the plainest of its files. */
export function privateJwkOf(kind: Kind): Jwk {
  return createPrivateKey(readPem(`${kind}.pkcs8`)).export({ format: 'jwk' }) as Jwk
}

/** Its public half. */
export function publicJwkOf(kind: Kind): Jwk {
  return createPublicKey(readPem(`${kind}.pkcs8`)).export({ format: 'jwk' }) as Jwk
}
