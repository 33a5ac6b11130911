/** RSA keys by themselves (RFC 8017 §A.1; PEM `RSA PUBLIC KEY`, `RSA PRIVATE KEY`). */
import { encodeBase64url } from '../../encoding/base64url.ts'
import { SEQUENCE } from '../../encoding/der.ts'
import { createDerReader, readCount, readUnsigned } from '../../encoding/der-reader.ts'
import { writeDer, writeUnsigned } from '../../encoding/der-writer.ts'
import { JoseError } from '../../errors.ts'
import { type Jwk, member } from '../jwk.ts'

const where = 'PKCS #1'
const publicNames = ['n', 'e'] as const
const privateNames = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const

/** The JWK of an RSAPublicKey. @throws {JoseError} `key_invalid` */
export function readPkcs1Public(der: Uint8Array): Jwk {
  return readNumbers(der, publicNames)
}

/** The JWK of an RSAPrivateKey. @throws {JoseError} `key_invalid`; `unsupported` for more primes than two */
export function readPkcs1Private(der: Uint8Array): Jwk {
  return readNumbers(der, privateNames, true)
}

function readNumbers(der: Uint8Array, names: readonly string[], hasVersion = false): Jwk {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  if (hasVersion && readCount(reader, where) !== 0)
    throw new JoseError('unsupported', `${where}: expected a key of two primes, got one of more`)
  const members = names.map((name) => [name, encodeBase64url(readUnsigned(reader, where))])
  reader.close()
  return { kty: 'RSA', ...Object.fromEntries(members) }
}

/** The RSAPublicKey of a JWK that passed its checks. */
export function writePkcs1Public(jwk: Jwk): Uint8Array {
  return writeDer(SEQUENCE, ...publicNames.map((name) => writeUnsigned(member(jwk, name))))
}

/** The RSAPrivateKey of a JWK that passed its checks. */
export function writePkcs1Private(jwk: Jwk): Uint8Array {
  const version = writeUnsigned(Uint8Array.of(0))
  return writeDer(SEQUENCE, version, ...privateNames.map((name) => writeUnsigned(member(jwk, name))))
}
