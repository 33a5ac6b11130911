/** Signing keys between the store's rows, where they lie sealed, and keys that sign. */
import { calculateThumbprint, exportJwk, generateKey, importKey } from '@tessera/jose'
import type { AsymmetricAlgorithm, Jwk, PrivateKey } from '@tessera/jose'
import { StartError } from '../start-error.ts'
import type { SigningKeyRow } from '../store/store.ts'
import { openKey, sealKey } from './sealed-key.ts'
import type { ServerSecret, ServerSecrets } from './server-secrets.ts'

export interface OpenedKey {
  readonly row: SigningKeyRow
  readonly key: PrivateKey
  /** What is published: from the sealed private key, never from text that a row merely claims (P25). */
  readonly publicJwk: Jwk
}

export interface NewKey {
  readonly issuer: string
  readonly algorithm: AsymmetricAlgorithm
  readonly purpose: string
  readonly secret: ServerSecret
  /** In seconds. */
  readonly now: number
}

/** A new key, sealed, as the `next` one. */
export async function makeKeyRow({
  issuer,
  algorithm,
  purpose,
  secret,
  now,
}: NewKey): Promise<SigningKeyRow> {
  const key = await generateKey(algorithm, { extractable: true })
  const kid = await calculateThumbprint(key)
  const binding = { issuer, kid, algorithm, purpose }
  return {
    ...binding,
    state: 'next',
    sealedKey: sealKey(JSON.stringify(await exportJwk(key)), secret.keyEncryptionKey, binding),
    kekKid: secret.kid,
    publicJwk: JSON.stringify(await exportJwk(key.publicKey)),
    createdAt: now,
    activatedAt: null,
    retiredAt: null,
    goneAt: null,
    revokedAt: null,
  }
}

/**
 * The key of a row.
 *
 * @throws {StartError} `secret_missing` when it was sealed under a secret that is not configured; `database_unusable`
 *   when it was altered
 */
export async function openKeyRow(row: SigningKeyRow, secrets: ServerSecrets): Promise<OpenedKey> {
  const { kid, algorithm, sealedKey, kekKid } = row
  const secret = secrets.get(kekKid)
  if (secret === undefined) {
    throw new StartError(
      'secret_missing',
      `TESSERA_SECRETS: the signing key ${kid} was sealed under the secret ${kekKid}, which is missing: add it behind the newest one`,
    )
  }
  const plain = sealedKey === null ? undefined : openKey(sealedKey, secret.keyEncryptionKey, row)
  if (plain === undefined) throw altered(kid)
  const jwk = JSON.parse(plain) as Jwk
  const key = await importKey(jwk, { type: 'private', algorithm: algorithm as AsymmetricAlgorithm })
  if ((await calculateThumbprint(key)) !== kid || key.kid !== kid) throw altered(kid)
  return { row, key, publicJwk: await exportJwk(key.publicKey) }
}

/**
 * The row with its key sealed under the secret in use (P25); undefined where that is so already, or it cannot be opened.
 */
export function resealKeyRow(row: SigningKeyRow, secrets: ServerSecrets): SigningKeyRow | undefined {
  const { sealedKey, kekKid } = row
  const { current } = secrets
  const secret = secrets.get(kekKid)
  if (sealedKey === null || kekKid === current.kid || secret === undefined) return undefined
  const plain = openKey(sealedKey, secret.keyEncryptionKey, row)
  if (plain === undefined) return undefined
  return { ...row, sealedKey: sealKey(plain, current.keyEncryptionKey, row), kekKid: current.kid }
}

function altered(kid: string): StartError {
  return new StartError(
    'database_unusable',
    `the signing key ${kid} in the database was altered: restore a backup`,
  )
}
