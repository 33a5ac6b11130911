/** WebCrypto, where the runtime lets a program have it. */
import { JoseError } from '../errors.ts'

/**
 * `crypto.subtle`.
 *
 * @throws {JoseError} `unsupported` on a page of plain http, where browsers leave it out
 */
export function subtle(): SubtleCrypto {
  const found = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (found === undefined) {
    throw new JoseError(
      'unsupported',
      'expected WebCrypto, got none: pages have it over https and from localhost alone',
    )
  }
  return found
}
