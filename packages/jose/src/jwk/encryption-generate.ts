/** New keys for encryption. */
import type { AgreementCurve } from '../crypto/cipher-scheme.ts'
import { generateEncryptionJwk } from '../crypto/encryption-material.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import type { EncryptionKeyRow } from '../jwa/encryption-rows.ts'
import { JoseError } from '../errors.ts'
import { badOption } from '../options.ts'
import {
  type EncryptionPrivateKey,
  type EncryptionSecret,
  makeEncryptionPrivateKey,
} from './encryption-key.ts'
import { makeEncryptionSecret } from './encryption-secret.ts'
import type { Jwk } from './jwk.ts'
import { thumbprint } from './thumbprint.ts'

/** Options of `generateKey` that bear on keys for encryption. */
export interface EncryptionKeyOptions {
  readonly extractable: boolean
  readonly curve: AgreementCurve | undefined
}

const curves: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'X25519', 'X448'] satisfies AgreementCurve[]

/** A new key for a row. @throws {JoseError} `unsupported`, `option_invalid` */
export async function generateEncryptionKey(
  row: EncryptionKeyRow,
  { extractable, curve }: EncryptionKeyOptions,
): Promise<EncryptionSecret | EncryptionPrivateKey> {
  const { scheme, minimumKey = 0 } = row.management
  if (curve !== undefined && (scheme.kind !== 'ecdh' || !curves.includes(curve))) {
    throw badOption('generateKey', 'curve', `none, or for ECDH-ES one of ${curves.join(', ')}`, curve)
  }
  if (scheme.kind === 'pbes2')
    throw new JoseError('option_invalid', 'generateKey: a password is not generated: use encryptionSecret')
  if (row.keyBytes !== undefined) return generateSecret(row, row.keyBytes)
  const pair = scheme.kind === 'rsa-oaep' ? scheme : ({ kind: 'ecdh', curve: curve ?? 'P-256' } as const)
  const { kty, crv, n, e, d, p, q, dp, dq, qi, x, y } = await generateEncryptionJwk(pair, minimumKey)
  const members = Object.entries({ kty, crv, n, e, d, p, q, dp, dq, qi, x, y })
  const jwk = Object.fromEntries(members.filter(([, value]) => value !== undefined)) as unknown as Jwk
  return makeEncryptionPrivateKey({ ...jwk, kid: thumbprint(jwk) }, row, extractable)
}

function generateSecret(row: EncryptionKeyRow, keyBytes: number): EncryptionSecret {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes))
  const kid = thumbprint({ kty: 'oct', k: encodeBase64url(bytes) })
  return makeEncryptionSecret(row, bytes, { allowWeakKey: false, kid })
}
