/** Which algorithms the runtime has. */
import { hasAes } from '../crypto/aes-key.ts'
import type { AgreementCurve, KeyManagementScheme } from '../crypto/cipher-scheme.ts'
import { hasAgreement } from '../crypto/ecdh.ts'
import { subtle } from '../crypto/subtle.ts'
import { probe } from '../crypto/probe.ts'
import { supportsScheme } from '../crypto/support.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { contentEncryptionRow } from './content-encryption-algorithms.ts'
import { keyManagementRow } from './key-management-algorithms.ts'
import { signatureRow } from './signature-algorithms.ts'

export interface SupportsOptions {
  /** The curve that ECDH-ES is asked about. Default: `P-256`, which every runtime has. */
  readonly curve?: AgreementCurve
}

const curves: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'X25519', 'X448'] satisfies AgreementCurve[]

/**
 * Whether this runtime has an algorithm, found by trying it once. A promise on every runtime, because WebCrypto answers
 * with promises.
 *
 * HMAC, RSA, ECDSA and ECDH on the NIST curves, and AES with 128 and 256 bits are everywhere. `ES256K` and `Ed448` need
 * `node:crypto`, ML-DSA a runtime of late 2025 or later, the curve X448 Node.js or Deno, and Chromium has no AES with
 * 192 bits; `docs/runtimes.md` has the table. Using what is missing fails with the code `unsupported`.
 *
 * @param algorithm - the value of `alg` or `enc`, such as `ML-DSA-65`, `ECDH-ES+A192KW` or `A192GCM`; false for any name
 *   that this version does not know
 * @throws {JoseError} `option_invalid`
 */
export async function supports<const O extends SupportsOptions = SupportsOptions>(
  algorithm: string,
  options?: O & OnlyOptions<O, SupportsOptions>,
): Promise<boolean> {
  const { curve } = readOptions<SupportsOptions>(options ?? {}, ['curve'], 'supports')
  const management = keyManagementRow(algorithm)
  if (curve !== undefined && (management?.scheme.kind !== 'ecdh' || !curves.includes(curve))) {
    throw badOption('supports', 'curve', `none, or for ECDH-ES one of ${curves.join(', ')}`, curve)
  }
  if (management !== undefined) return supportsManagement(management.scheme, curve ?? 'P-256')
  const signature = signatureRow(algorithm)
  if (signature !== undefined) return supportsScheme(signature.scheme)
  const content = contentEncryptionRow(algorithm)
  // RFC 7518 §5.2.2.1: half of the key of AES-CBC with HMAC is that of AES.
  return (
    content !== undefined && hasAes(content.scheme.kind === 'gcm' ? content.keyBytes : content.keyBytes / 2)
  )
}

async function supportsManagement(scheme: KeyManagementScheme, curve: AgreementCurve): Promise<boolean> {
  if (scheme.kind === 'direct') return true
  if (scheme.kind === 'rsa-oaep') return probe('WebCrypto', async () => subtle())
  if (scheme.kind !== 'ecdh') return hasAes(scheme.keyBytes)
  if (!(await hasAgreement(curve))) return false
  return scheme.keyBytes === undefined || hasAes(scheme.keyBytes)
}
