/** AlgorithmIdentifier (RFC 5280 §4.1.1.2): for which kind of key a structure is. */
import { NULL, SEQUENCE } from '../../encoding/der.ts'
import { type DerReader, readOid } from '../../encoding/der-reader.ts'
import { writeDer, writeOid } from '../../encoding/der-writer.ts'
import { JoseError } from '../../errors.ts'
import { type KeyKind, keyKindFor, keyKindOf, namesCurve } from '../../jwa/object-identifiers.ts'
import type { Jwk } from '../jwk.ts'

/**
 * The kind of a key.
 *
 * @throws {JoseError} `unsupported` for a kind that no algorithm of this version is for, and for a curve that is spelled
 *   out in place of its name: whoever chooses the generator chooses who can sign (CVE-2020-0601)
 */
export function readKeyKind(reader: DerReader): KeyKind {
  const identifier = reader.open()
  const oid = readOid(identifier)
  if (namesCurve(oid)) return namedCurve(oid, identifier)
  const kind = keyKindOf(oid) ?? refuseKind()
  if (kind.kty === 'RSA' && identifier.has(NULL)) identifier.read(NULL)
  identifier.close()
  return kind
}

/** The kind of an EC key whose curve is named by itself, as in a file of SEC 1. */
export function readCurve(reader: DerReader): KeyKind {
  return namedCurve('1.2.840.10045.2.1', reader)
}

function namedCurve(oid: string, reader: DerReader): KeyKind {
  if (reader.has(SEQUENCE))
    throw new JoseError('unsupported', 'importKey: expected the name of a curve, got the parameters of one')
  const kind = keyKindOf(oid, readOid(reader)) ?? refuseKind()
  reader.close()
  return kind
}

function refuseKind(): never {
  throw new JoseError(
    'unsupported',
    'importKey: no algorithm of this version has keys of this type and curve',
  )
}

/** The AlgorithmIdentifier of a JWK that passed its checks. */
export function writeKeyKind(jwk: Jwk): Uint8Array {
  const { oid, curveOid, kty } = keyKindFor(jwk)!
  if (curveOid !== undefined) return writeDer(SEQUENCE, writeOid(oid), writeOid(curveOid))
  return kty === 'RSA' ? writeDer(SEQUENCE, writeOid(oid), writeDer(NULL)) : writeDer(SEQUENCE, writeOid(oid))
}
