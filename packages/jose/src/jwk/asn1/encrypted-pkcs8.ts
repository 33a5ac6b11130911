/**
 * Encrypted PKCS #8 (RFC 5958 §3; PEM `ENCRYPTED PRIVATE KEY`) in the one form that is still made: PBES2 with PBKDF2 and
 * AES-CBC (RFC 8018 §6.2, §A.2, §A.4).
 */
import { decryptCbc } from '../../crypto/aes-cbc.ts'
import { derivePasswordKey, type Pbkdf2Hash } from '../../crypto/pbkdf2.ts'
import { INTEGER, NULL, OCTET_STRING, SEQUENCE } from '../../encoding/der.ts'
import { createDerReader, type DerReader, readCount, readOid } from '../../encoding/der-reader.ts'
import { JoseError } from '../../errors.ts'
import { convertEncrypted } from './other-forms.ts'

const where = 'encrypted PKCS #8'

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'

/** HMAC with each hash. WebCrypto has no SHA-224. */
const hashes: ReadonlyMap<string, Pbkdf2Hash> = new Map<string, Pbkdf2Hash>([
  ['1.2.840.113549.2.7', 'SHA-1'],
  ['1.2.840.113549.2.9', 'SHA-256'],
  ['1.2.840.113549.2.10', 'SHA-384'],
  ['1.2.840.113549.2.11', 'SHA-512'],
])

/** AES-CBC: octets of the key. */
const ciphers: ReadonlyMap<string, number> = new Map([
  ['2.16.840.1.101.3.4.1.2', 16],
  ['2.16.840.1.101.3.4.1.22', 24],
  ['2.16.840.1.101.3.4.1.42', 32],
])

/** A file may ask for no more work than this, two seconds or so. It is the most that OWASP asks for (of SHA-1); openssl makes 2048. */
const maximumIterations = 1_300_000

interface Plan {
  readonly hash: Pbkdf2Hash
  readonly salt: Uint8Array
  readonly iterations: number
  readonly keyBytes: number
  readonly iv: Uint8Array
}

/**
 * What a passphrase opens; undefined for a wrong one, mostly: one wrong passphrase in some hundred gives octets, which
 * are then no key.
 *
 * @throws {JoseError} `key_invalid` for a damaged file or one that asks for too much work, `unsupported` for other
 *   encryption, and where the runtime has no AES of that size
 */
export async function decryptPkcs8(der: Uint8Array, passphrase: Uint8Array): Promise<Uint8Array | undefined> {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  const { iv, ...derivation } = readPlan(reader.open())
  const ciphertext = reader.read(OCTET_STRING)
  reader.close()
  return decryptCbc(await derivePasswordKey(passphrase, derivation), iv, ciphertext)
}

function readPlan(algorithm: DerReader): Plan {
  if (readOid(algorithm) !== PBES2) throw unsupported('another scheme than PBES2')
  const parameters = algorithm.open()
  algorithm.close()
  const derivation = parameters.open()
  const cipher = parameters.open()
  parameters.close()
  const keyBytes = ciphers.get(readOid(cipher))
  if (keyBytes === undefined) throw unsupported('another cipher than AES-CBC')
  const iv = cipher.read(OCTET_STRING)
  cipher.close()
  if (iv.length !== 16)
    throw new JoseError('key_invalid', `${where}: expected an IV of 16 octets, got ${iv.length}`)
  return { ...readDerivation(derivation, keyBytes), keyBytes, iv }
}

function readDerivation(derivation: DerReader, keyBytes: number): Pick<Plan, 'hash' | 'salt' | 'iterations'> {
  if (readOid(derivation) !== PBKDF2) throw unsupported('another derivation than PBKDF2')
  const parameters = derivation.open()
  derivation.close()
  const salt = parameters.read(OCTET_STRING)
  const iterations = readCount(parameters, where)
  const length = parameters.has(INTEGER) ? readCount(parameters, where) : keyBytes
  const hash = parameters.has(SEQUENCE) ? readHash(parameters.open()) : 'SHA-1'
  parameters.close()
  if (length !== keyBytes || iterations === 0)
    throw new JoseError('key_invalid', `${where}: its parameters contradict each other`)
  if (iterations > maximumIterations)
    throw new JoseError('key_invalid', `${where}: expected at most ${maximumIterations} iterations, got more`)
  return { hash, salt, iterations }
}

function readHash(reader: DerReader): Pbkdf2Hash {
  const hash = hashes.get(readOid(reader))
  if (reader.has(NULL)) reader.read(NULL)
  reader.close()
  if (hash === undefined) throw unsupported('another hash than SHA-1, SHA-256, SHA-384 and SHA-512')
  return hash
}

function unsupported(got: string): JoseError {
  return new JoseError(
    'unsupported',
    `${where}: expected PBES2 with PBKDF2 and AES-CBC, got ${got}: ${convertEncrypted}`,
  )
}
