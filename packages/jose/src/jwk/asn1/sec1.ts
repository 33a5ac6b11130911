/** EC private keys by themselves (SEC 1 §C.4, RFC 5915; PEM `EC PRIVATE KEY`). */
import type { CurveName } from '../../crypto/scheme.ts'
import { OCTET_STRING, SEQUENCE } from '../../encoding/der.ts'
import { createDerReader, type DerReader, readBits, readCount } from '../../encoding/der-reader.ts'
import { writeBits, writeDer, writeUnsigned } from '../../encoding/der-writer.ts'
import { JoseError } from '../../errors.ts'
import { type Jwk, member } from '../jwk.ts'
import { readCurve } from './algorithm-identifier.ts'
import { readPoint, readScalar, writePoint } from './ec-point.ts'

const where = 'SEC 1'
/** Context-specific tags of the two optional parts. */
const PARAMETERS = 0xa0
const PUBLIC_KEY = 0xa1

/**
 * The JWK of an ECPrivateKey, without its point when the file leaves that out.
 *
 * @param outerCurve - the curve that stands around it: of PKCS #8, or of a PEM block `EC PARAMETERS`
 * @throws {JoseError} `key_invalid`, `unsupported`
 */
export function readSec1(der: Uint8Array, outerCurve?: string): Jwk {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  if (readCount(reader, where) !== 1)
    throw new JoseError('key_invalid', `${where}: expected version 1, got another`)
  const scalar = reader.read(OCTET_STRING)
  const innerCurve = reader.has(PARAMETERS) ? readCurve(reader.open(PARAMETERS)).crv : undefined
  const crv = (innerCurve ?? outerCurve) as CurveName | undefined
  if (crv === undefined || (outerCurve ?? crv) !== crv)
    throw new JoseError(
      'key_invalid',
      `${where}: expected the name of one curve, got ${crv === undefined ? 'none' : 'two'}`,
    )
  const d = readScalar(crv, scalar)
  const point = reader.has(PUBLIC_KEY) ? readPublic(crv, reader.open(PUBLIC_KEY)) : undefined
  reader.close()
  return { kty: 'EC', crv, d, ...point }
}

function readPublic(crv: CurveName, reader: DerReader): { readonly x: string; readonly y: string } {
  const octets = readBits(reader, where)
  reader.close()
  return readPoint(crv, octets)
}

/** The curve of a PEM block `EC PARAMETERS`. @throws {JoseError} `key_invalid`, `unsupported` */
export function readParameters(der: Uint8Array): string {
  return readCurve(createDerReader(der, 'EC PARAMETERS')).crv!
}

/** The ECPrivateKey of a JWK, for PKCS #8, which names the curve. */
export function writeSec1(jwk: Jwk): Uint8Array {
  const point = jwk.x === undefined ? [] : [writeDer(PUBLIC_KEY, writeBits(writePoint(jwk)))]
  const version = writeUnsigned(Uint8Array.of(1))
  return writeDer(SEQUENCE, version, writeDer(OCTET_STRING, member(jwk, 'd')), ...point)
}
