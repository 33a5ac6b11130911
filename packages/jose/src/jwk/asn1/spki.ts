/** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 5480, RFC 8410, RFC 9881; PEM `PUBLIC KEY`). */
import type { CurveName } from '../../crypto/scheme.ts'
import { encodeBase64url } from '../../encoding/base64url.ts'
import { SEQUENCE } from '../../encoding/der.ts'
import { createDerReader, readBits } from '../../encoding/der-reader.ts'
import { writeBits, writeDer } from '../../encoding/der-writer.ts'
import type { KeyKind } from '../../jwa/object-identifiers.ts'
import { type Jwk, member } from '../jwk.ts'
import { readKeyKind, writeKeyKind } from './algorithm-identifier.ts'
import { readPoint, writePoint } from './ec-point.ts'
import { readPkcs1Public, writePkcs1Public } from './pkcs1.ts'

const where = 'SPKI'

/** The JWK of a public key. @throws {JoseError} `key_invalid`, `unsupported` */
export function readSpki(der: Uint8Array): Jwk {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  const kind = readKeyKind(reader)
  const octets = readBits(reader, where)
  reader.close()
  return readPublicOctets(kind, octets)
}

/** The JWK of the octets of a public key of a kind. */
export function readPublicOctets({ kty, crv, alg }: KeyKind, octets: Uint8Array): Jwk {
  if (kty === 'RSA') return readPkcs1Public(octets)
  if (kty === 'EC') return { kty, crv: crv!, ...readPoint(crv as CurveName, octets) }
  if (kty === 'OKP') return { kty, crv: crv!, x: encodeBase64url(octets) }
  return { kty, alg: alg!, pub: encodeBase64url(octets) }
}

/** The SubjectPublicKeyInfo of a JWK that passed its checks. */
export function writeSpki(jwk: Jwk): Uint8Array {
  return writeDer(SEQUENCE, writeKeyKind(jwk), writeBits(publicOctets(jwk)))
}

function publicOctets(jwk: Jwk): Uint8Array {
  if (jwk.kty === 'RSA') return writePkcs1Public(jwk)
  if (jwk.kty === 'EC') return writePoint(jwk)
  return member(jwk, jwk.kty === 'OKP' ? 'x' : 'pub')
}
