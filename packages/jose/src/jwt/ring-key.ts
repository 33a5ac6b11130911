/** The key of the moment, for a token that it outlives. */
import { type Awaitable, chain, settle } from '../crypto/awaitable.ts'
import { JoseError } from '../errors.ts'
import type { SigningKey } from '../jwk/key.ts'
import type { SigningKeySet } from '../jwk/signing-key-set.ts'
import { requireSigningKey } from '../jws/sign.ts'
import type { ClaimsSet } from './claims-set.ts'
import { type Clock, readClock } from './numeric-date.ts'

/**
 * Asks a ring for the key that signs a claims set.
 *
 * @throws {JoseError} `option_invalid` for a token that would turn bad before its time; what the ring throws
 */
export function askSigningKey(
  set: SigningKeySet,
  { exp = Infinity }: ClaimsSet,
  { now, where }: { now: Clock | undefined; where: string },
): Awaitable<SigningKey> {
  const { retireAfterSeconds } = set
  // What is no number is refused with all other types of claims.
  if (typeof exp === 'number' && exp - readClock(now, where) > retireAfterSeconds) {
    throw new JoseError(
      'option_invalid',
      `${where}: expected a lifetime of at most ${retireAfterSeconds} seconds, for which the keys of this ring stay, got more`,
    )
  }
  return chain(settle(set.signingKey()), requireSigningKey)
}
