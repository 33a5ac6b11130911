/** A key in DER, in whichever of the structures that keys travel in. */
import { copyBytes, isBytes } from '../../encoding/bytes.ts'
import { BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE } from '../../encoding/der.ts'
import { createDerReader } from '../../encoding/der-reader.ts'
import { encodeUtf8, hasLoneSurrogate } from '../../encoding/utf8.ts'
import type { PemBlock } from '../../encoding/pem.ts'
import { isJoseError, JoseError } from '../../errors.ts'
import type { Jwk } from '../jwk.ts'
import { readCertificate } from './certificate.ts'
import { decryptPkcs8 } from './encrypted-pkcs8.ts'
import { unknownLabel } from './other-forms.ts'
import { readPkcs1Private, readPkcs1Public } from './pkcs1.ts'
import { readPkcs8 } from './pkcs8.ts'
import { readParameters, readSec1 } from './sec1.ts'
import { readSpki } from './spki.ts'

/** The structures by the labels that PEM gives them. */
const readers = {
  'PUBLIC KEY': readSpki,
  'PRIVATE KEY': readPkcs8,
  'RSA PUBLIC KEY': readPkcs1Public,
  'RSA PRIVATE KEY': readPkcs1Private,
  'EC PRIVATE KEY': readSec1,
  CERTIFICATE: readCertificate,
} as const

const ENCRYPTED = 'ENCRYPTED PRIVATE KEY'
type Form = keyof typeof readers | typeof ENCRYPTED

/**
 * The JWK of a key in PEM. Private keys may lack their public half still.
 *
 * @throws {JoseError} `key_invalid`, also for content that is not what the label says; `unsupported`; `option_invalid`
 *   for an encrypted key without a passphrase
 */
export async function readPemKey({ label, der, parameters }: PemBlock, passphrase: unknown): Promise<Jwk> {
  if (label !== ENCRYPTED && !Object.hasOwn(readers, label)) throw unknownLabel(label)
  const form = formOf(der)
  if (form !== label)
    throw new JoseError('key_invalid', `importKey: a PEM block ${label} holds ${form ?? 'something else'}`)
  if (form === 'EC PRIVATE KEY' && parameters !== undefined) return readSec1(der, readParameters(parameters))
  return readForm(form, der, passphrase)
}

/** The JWK of a key in DER, by its structure. Throws as `readPemKey`. */
export async function readDerKey(der: Uint8Array, passphrase: unknown): Promise<Jwk> {
  const form = formOf(der)
  if (form === undefined)
    throw new JoseError('key_invalid', `importKey: expected the DER of a key, got ${describeBytes(der)}`)
  return readForm(form, der, passphrase)
}

async function readForm(form: Form, der: Uint8Array, passphrase: unknown): Promise<Jwk> {
  if (form !== ENCRYPTED) return readers[form](der)
  const opened = await decryptPkcs8(der, readPassphrase(passphrase))
  if (opened === undefined || formOf(opened) !== 'PRIVATE KEY')
    throw new JoseError('key_invalid', 'importKey: the passphrase does not open this key, or it is damaged')
  return readPkcs8(opened)
}

function readPassphrase(passphrase: unknown): Uint8Array {
  const isText = typeof passphrase === 'string' && !hasLoneSurrogate(passphrase)
  const octets = isText
    ? encodeUtf8(passphrase, 'passphrase')
    : isBytes(passphrase)
      ? copyBytes(passphrase)
      : undefined
  if (octets !== undefined && octets.length > 0) return octets
  throw new JoseError('option_invalid', 'importKey: this key is encrypted: give its passphrase')
}

/** The structure that these bytes have, by the tags of its parts; undefined when it is that of no key. */
function formOf(der: Uint8Array): Form | undefined {
  try {
    const file = createDerReader(der, 'key')
    const [first, second, third, ...more] = file.open().tags()
    file.close()
    if (first === SEQUENCE) {
      if (second === BIT_STRING && third === undefined) return 'PUBLIC KEY'
      if (second === OCTET_STRING && third === undefined) return ENCRYPTED
      return second === SEQUENCE && third === BIT_STRING && more.length === 0 ? 'CERTIFICATE' : undefined
    }
    if (first !== INTEGER) return undefined
    if (second === SEQUENCE && third === OCTET_STRING) return 'PRIVATE KEY'
    if (second === OCTET_STRING) return 'EC PRIVATE KEY'
    if (second !== INTEGER) return undefined
    return third === undefined ? 'RSA PUBLIC KEY' : 'RSA PRIVATE KEY'
  } catch (error) {
    if (isJoseError(error)) return undefined
    throw error
  }
}

function describeBytes(bytes: Uint8Array): string {
  const dashes = bytes.subarray(0, 5).every((byte) => byte === 0x2d)
  return dashes && bytes.length > 5 ? 'PEM as bytes: pass it as text' : 'other bytes'
}
