/**
 * The keys that sign access tokens. Two stand ready from the first start, `active` and the published `next`. What is
 * published comes from the sealed private keys alone, never from text that a row merely claims (P25).
 */
import {
  calculateThumbprint,
  createLocalJwkSet,
  exportJwk,
  generateKey,
  importKey,
  secret,
} from '@tessera/jose'
import type { AsymmetricAlgorithm, Jwk, KeySet, PrivateKey, SecretKey } from '@tessera/jose'
import type { AccessTokenAlgorithm } from '../config/server-config.ts'
import { StartError } from '../start-error.ts'
import type { SigningKeyRow, SigningKeyStore } from '../store/store.ts'
import { openKey, sealKey } from './sealed-key.ts'
import type { ServerSecrets } from './server-secrets.ts'

export interface SigningKeys {
  /** Signs access tokens now. */
  readonly signingKey: PrivateKey | SecretKey
  /** Verifies every access token of this server that can still be alive. */
  readonly verificationKeys: KeySet | SecretKey
  /** The published JWK Set as text; without keys where the secret is shared. */
  readonly jwkSet: string
}

export interface SigningKeysOptions {
  readonly store: SigningKeyStore
  readonly secrets: ServerSecrets
  readonly issuer: string
  readonly algorithm: AccessTokenAlgorithm
  readonly jwtSecret: string | undefined
  readonly nowMs: () => number
}

const purpose = 'access'

interface OpenedKey {
  readonly row: SigningKeyRow
  readonly key: PrivateKey
  readonly publicJwk: Jwk
}

/**
 * Loads the signing keys, and makes those that are missing.
 *
 * @throws {StartError} `secret_missing` when a key was sealed under a secret that is not configured;
 *   `database_unusable` when a key was altered
 */
export async function loadSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const { algorithm, jwtSecret } = options
  if (algorithm === 'HS256') {
    const key = secret('HS256', jwtSecret)
    return { signingKey: key, verificationKeys: key, jwkSet: '{"keys":[]}' }
  }
  await makeMissing(options, algorithm)
  const rows = (await options.store.list(options.issuer)).filter(isPublished)
  const opened = await Promise.all(rows.map((row) => openRow(row, options.secrets)))
  const active = opened.find(({ row }) => row.state === 'active' && row.algorithm === algorithm)
  if (active === undefined)
    throw new StartError('database_unusable', 'the database holds no active signing key')
  const keys = opened.map(({ publicJwk }) => publicJwk)
  return {
    signingKey: active.key,
    verificationKeys: createLocalJwkSet({ keys }),
    jwkSet: JSON.stringify({ keys }),
  }
}

function isPublished(row: SigningKeyRow): boolean {
  return row.purpose === purpose && row.state !== 'gone'
}

/** Of two processes that start at once, the store lets one insert each key; both then read the same ones. */
async function makeMissing(options: SigningKeysOptions, algorithm: AsymmetricAlgorithm): Promise<void> {
  const rows = (await options.store.list(options.issuer)).filter(
    (row) => row.purpose === purpose && row.algorithm === algorithm,
  )
  for (const state of ['active', 'next'] as const) {
    if (!rows.some((row) => row.state === state)) await makeKey(options, algorithm, state)
  }
}

async function makeKey(
  { store, secrets, issuer, nowMs }: SigningKeysOptions,
  algorithm: AsymmetricAlgorithm,
  state: 'active' | 'next',
): Promise<void> {
  const key = await generateKey(algorithm, { extractable: true })
  const kid = await calculateThumbprint(key)
  const atMs = nowMs()
  const createdAt = Math.floor(atMs / 1000)
  const binding = { issuer, kid, algorithm, purpose }
  const { kid: kekKid, keyEncryptionKey } = secrets.newest
  const row: SigningKeyRow = {
    ...binding,
    state,
    sealedKey: sealKey(JSON.stringify(await exportJwk(key)), keyEncryptionKey, binding),
    kekKid,
    publicJwk: JSON.stringify(await exportJwk(key.publicKey)),
    createdAt,
    activatedAt: state === 'active' ? createdAt : null,
    retiredAt: null,
  }
  await store.insert(row, { atMs, event: 'key.created', detail: { kid, algorithm, state } })
}

async function openRow(row: SigningKeyRow, secrets: ServerSecrets): Promise<OpenedKey> {
  const { kid, algorithm, sealedKey, kekKid } = row
  const secretOfKek = secrets.get(kekKid)
  if (secretOfKek === undefined) {
    throw new StartError(
      'secret_missing',
      `TESSERA_SECRETS: the signing key ${kid} was sealed under the secret ${kekKid}, which is missing: add it behind the newest one`,
    )
  }
  const plain = sealedKey === null ? undefined : openKey(sealedKey, secretOfKek.keyEncryptionKey, row)
  if (plain === undefined) throw altered(kid)
  const jwk = JSON.parse(plain) as Jwk
  const key = await importKey(jwk, { type: 'private', algorithm: algorithm as AsymmetricAlgorithm })
  if ((await calculateThumbprint(key)) !== kid || key.kid !== kid) throw altered(kid)
  return { row, key, publicJwk: await exportJwk(key.publicKey) }
}

function altered(kid: string): StartError {
  return new StartError(
    'database_unusable',
    `the signing key ${kid} in the database was altered: restore a backup`,
  )
}
