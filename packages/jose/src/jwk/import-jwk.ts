/** Keys from JWKs: the part of `importKey` that every form ends in. */
import { JoseError } from '../errors.ts'
import type { HmacAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { readsAlgorithm, rowsForKey, signatureRow } from '../jwa/signature-algorithms.ts'
import { type EncryptionImportOptions, importEncryptionJwk, isEncryptionJwk } from './encryption-import.ts'
import { checkUse, isPrivateJwk, type Jwk, member } from './jwk.ts'
import type { Key } from './key.ts'
import { makePrivateKey, makePublicKey } from './material.ts'
import { makeSecret } from './secret.ts'

/** The key of a JWK whose shape was checked. @throws {JoseError} as `importKey` */
export async function importJwk(jwk: Jwk, options: EncryptionImportOptions): Promise<Key> {
  if (isEncryptionJwk(jwk, options.algorithm)) return importEncryptionJwk(jwk, options)
  const row = chooseRow(jwk, options.algorithm)
  const isPrivate = isPrivateJwk(jwk)
  checkUse(jwk, jwk.kty === 'oct' ? ['sign', 'verify'] : [isPrivate ? 'sign' : 'verify'])
  if (row.kty === 'oct') {
    const { allowWeakKey = false } = options
    return makeSecret(row.algorithm as HmacAlgorithm, member(jwk, 'k'), { allowWeakKey, kid: jwk.kid })
  }
  return isPrivate ? makePrivateKey(jwk, row, options.extractable ?? false) : makePublicKey(jwk, row)
}

/** The row that the key names or its curve implies; RSA and HMAC keys imply several, and then must be told. */
function chooseRow(jwk: Jwk, wanted: string | undefined): SignatureRow {
  const named = jwk.alg === undefined ? undefined : signatureRow(jwk.alg, jwk.crv)
  if (jwk.alg !== undefined && named === undefined) {
    throw new JoseError('unsupported', 'JWK "alg": not an algorithm that this version signs or verifies with')
  }
  if (named !== undefined && wanted !== undefined && !readsAlgorithm(named, wanted)) {
    throw new JoseError(
      'key_invalid',
      `importKey: the key says it is for ${named.algorithm}, the option says ${wanted}`,
    )
  }
  const row = signatureRow(wanted, jwk.crv) ?? named ?? impliedRow(jwk)
  if (row.kty !== jwk.kty)
    throw new JoseError(
      'key_invalid',
      `JWK "kty": expected ${row.kty} for ${row.algorithm}, got another key type`,
    )
  return row
}

function impliedRow(jwk: Jwk): SignatureRow {
  const rows = rowsForKey(jwk.kty, jwk.crv)
  const [first] = rows
  if (first === undefined)
    throw new JoseError(
      'unsupported',
      'importKey: no algorithm of this version has keys of this type and curve',
    )
  // An Edwards curve stands there under two names, and the fully-specified one comes first (RFC 9864).
  if (rows.length === 1 || first.alias !== undefined) return first
  const names = rows.map((row) => row.algorithm).join(', ')
  throw new JoseError(
    'option_invalid',
    `importKey: this key could be for ${names}: name one in the option "algorithm"`,
  )
}
