/** A JWK Set at hand: from a file, a configuration, a test. */
import { chain } from '../crypto/awaitable.ts'
import { JoseError } from '../errors.ts'
import { asymmetricAlgorithms } from '../jwa/signature-algorithms.ts'
import type { JwkSet } from '../jwk/jwk.ts'
import type { PublicKey } from '../jwk/key.ts'
import type { KeySet } from '../jwk/key-set.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { type OnWarning, readJwkSet } from './jwk-set.ts'

export interface LocalJwkSetOptions {
  /** Told of each entry that cannot verify. Default: silence, unless none can. */
  readonly onWarning?: OnWarning
  /** Keys at most, up to 100 000. Default: 1000. */
  readonly maxKeys?: number
}

/**
 * A key set of public keys.
 *
 * @param jwkSet - a JWK Set (RFC 7517 §5)
 * @throws {JoseError} `key_invalid` when none of its keys can verify, saying why, or there are too many; `option_invalid`
 */
export function createLocalJwkSet<const O extends LocalJwkSetOptions = LocalJwkSetOptions>(
  jwkSet: JwkSet,
  options?: O & OnlyOptions<O, LocalJwkSetOptions>,
): KeySet<PublicKey> {
  const where = 'createLocalJwkSet'
  const given = readOptions<LocalJwkSetOptions>(options ?? {}, ['onWarning', 'maxKeys'], where)
  const { onWarning, maxKeys = 1000 } = given
  if (!Number.isInteger(maxKeys) || maxKeys < 1 || maxKeys > 100_000)
    throw badOption(where, 'maxKeys', 'a whole number from 1 to 100000', maxKeys)
  if (onWarning !== undefined && typeof onWarning !== 'function')
    throw badOption(where, 'onWarning', 'a function', onWarning)
  const ready = readJwkSet(jwkSet, onWarning ?? (() => undefined), maxKeys)
  return Object.freeze({
    generation: 0,
    algorithms: asymmetricAlgorithms,
    selectKeys: (selector) =>
      chain(ready.selectKeys(selector), (keys) => {
        if (keys.length > 0) return keys
        throw new JoseError('key_not_found', 'JWK Set: no key has the "kid" and "alg" of the token')
      }),
  } satisfies KeySet<PublicKey>)
}
