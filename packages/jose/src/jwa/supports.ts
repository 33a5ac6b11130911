/** Which algorithms the runtime has. */
import { supportsScheme } from '../crypto/support.ts'
import { signatureRow } from './signature-algorithms.ts'

const known = new Map<string, Promise<boolean>>()

/**
 * Whether this runtime signs and verifies with an algorithm, found by trying it once. A promise on every runtime,
 * because WebCrypto answers with promises.
 *
 * HMAC, RSA and ECDSA on the NIST curves are everywhere. `ES256K` and `Ed448` need `node:crypto`, and ML-DSA a runtime
 * of late 2025 or later. Using a key of an algorithm that is missing fails with the code `unsupported`.
 *
 * @param algorithm - the value of `alg`, such as `ML-DSA-65`; false for any name that this version does not know
 */
export function supports(algorithm: string): Promise<boolean> {
  const row = signatureRow(algorithm)
  if (row === undefined) return Promise.resolve(false)
  const answer = known.get(algorithm) ?? supportsScheme(row.scheme)
  known.set(algorithm, answer)
  return answer
}
