/** PKCS #8: PrivateKeyInfo (RFC 5208 §5) and OneAsymmetricKey (RFC 5958 §2; PEM `PRIVATE KEY`). */
import { encodeBase64url } from '../../encoding/base64url.ts'
import { OCTET_STRING, SEQUENCE } from '../../encoding/der.ts'
import { createDerReader, type DerReader, readBits, readCount } from '../../encoding/der-reader.ts'
import { writeDer, writeUnsigned } from '../../encoding/der-writer.ts'
import { JoseError } from '../../errors.ts'
import type { KeyKind } from '../../jwa/object-identifiers.ts'
import { type Jwk, member } from '../jwk.ts'
import { readKeyKind, writeKeyKind } from './algorithm-identifier.ts'
import { readPkcs1Private, writePkcs1Private } from './pkcs1.ts'
import { readSec1, writeSec1 } from './sec1.ts'
import { readPublicOctets } from './spki.ts'

const where = 'PKCS #8'
/** Context-specific tags: attributes, which say nothing about the key, and the public key of version 2. */
const ATTRIBUTES = 0xa0
const PUBLIC_KEY = 0x81
/** The seed of an ML-DSA key (RFC 9881 §6). */
const SEED = 0x80

/** Where the expanded form of an ML-DSA key stands in what `readPkcs8` gives; no JWK has such a member. */
export const expandedMember = 'expanded'

/**
 * The JWK of a private key, without its public half when the file leaves that out.
 *
 * @throws {JoseError} `key_invalid`, `unsupported`
 */
export function readPkcs8(der: Uint8Array): Jwk {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  if (readCount(reader, where) > 1)
    throw new JoseError('key_invalid', `${where}: expected version 0 or 1, got another`)
  const kind = readKeyKind(reader)
  const jwk = readPrivateOctets(kind, reader.read(OCTET_STRING))
  if (reader.has(ATTRIBUTES)) reader.read(ATTRIBUTES)
  const outside = reader.has(PUBLIC_KEY) ? readBits(reader, where, PUBLIC_KEY) : undefined
  reader.close()
  return outside === undefined ? jwk : withPublic(jwk, readPublicOctets(kind, outside))
}

/** A key that carries its public half twice carries it alike. */
function withPublic(jwk: Jwk, publicHalf: Jwk): Jwk {
  const differs = Object.entries(publicHalf).some(([name, value]) => (jwk[name] ?? value) !== value)
  if (differs) throw new JoseError('key_invalid', `${where}: its private and public keys are different keys`)
  return { ...publicHalf, ...jwk }
}

function readPrivateOctets({ kty, crv, alg }: KeyKind, octets: Uint8Array): Jwk {
  if (kty === 'RSA') return readPkcs1Private(octets)
  if (kty === 'EC') return readSec1(octets, crv)
  const reader = createDerReader(octets, where)
  const jwk =
    kty === 'OKP'
      ? { kty, crv: crv!, d: encodeBase64url(reader.read(OCTET_STRING)) }
      : { kty, alg: alg!, ...readSeed(reader) }
  reader.close()
  return jwk
}

/**
 * A JWK holds the seed and nothing else (RFC 9964); from the expanded key there is no way back to it. Where the file has
 * both, the expanded one comes along until it was held against the seed.
 */
function readSeed(reader: DerReader): { readonly priv: string; readonly [expandedMember]?: string } {
  if (reader.has(SEED)) return { priv: encodeBase64url(reader.read(SEED)) }
  if (reader.has(OCTET_STRING))
    throw new JoseError(
      'unsupported',
      `${where}: expected the seed of an ML-DSA key, got the expanded key alone`,
    )
  const both = reader.open()
  const priv = encodeBase64url(both.read(OCTET_STRING))
  const expanded = encodeBase64url(both.read(OCTET_STRING))
  both.close()
  return { priv, [expandedMember]: expanded }
}

/** The PrivateKeyInfo of a JWK that passed its checks; its public half may be missing. */
export function writePkcs8(jwk: Jwk): Uint8Array {
  const version = writeUnsigned(Uint8Array.of(0))
  return writeDer(SEQUENCE, version, writeKeyKind(jwk), writeDer(OCTET_STRING, privateOctets(jwk)))
}

function privateOctets(jwk: Jwk): Uint8Array {
  if (jwk.kty === 'RSA') return writePkcs1Private(jwk)
  if (jwk.kty === 'EC') return writeSec1(jwk)
  if (jwk.kty === 'OKP') return writeDer(OCTET_STRING, member(jwk, 'd'))
  const seed = member(jwk, 'priv')
  if (jwk[expandedMember] === undefined) return writeDer(SEED, seed)
  return writeDer(SEQUENCE, writeDer(OCTET_STRING, seed), writeDer(OCTET_STRING, member(jwk, expandedMember)))
}
