/** X.509 certificates (RFC 5280 §4.1; PEM `CERTIFICATE`): the public key is taken out, and nothing else is judged. */
import { BIT_STRING, INTEGER, SEQUENCE } from '../../encoding/der.ts'
import { createDerReader } from '../../encoding/der-reader.ts'
import { equalBytes } from '../../encoding/bytes.ts'
import { JoseError } from '../../errors.ts'
import type { Jwk } from '../jwk.ts'
import { readSpki } from './spki.ts'

const where = 'certificate'
/** The context-specific tag of the version, which a certificate of version 1 leaves out. */
const VERSION = 0xa0

/** The JWK of the subject's public key. @throws {JoseError} `key_invalid`, `unsupported` */
export function readCertificate(der: Uint8Array): Jwk {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  const signed = reader.open()
  const signedWith = reader.readWhole()
  reader.read(BIT_STRING)
  reader.close()
  if (signed.has(VERSION)) signed.read(VERSION)
  signed.read(INTEGER)
  // RFC 5280 §4.1.1.2: named inside and outside, alike. A request for a certificate has something else here.
  if (!equalBytes(signed.readWhole(), signedWith))
    throw new JoseError('key_invalid', `${where}: expected X.509, got another structure`)
  // The issuer, the validity and the subject.
  for (let index = 0; index < 3; index += 1) signed.read(SEQUENCE)
  return readSpki(signed.readWhole())
}
