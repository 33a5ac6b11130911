/**
 * A bundle: what one store gives to another, as lines of text. Encrypted and authenticated line by line under a key of one of
 * the server's own secrets (P9): whoever finds one can read nothing, and none that was cut, reordered or altered is taken in.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { ServerSecret, ServerSecrets } from '../keys/server-secrets.ts'
import { StartError } from '../start-error.ts'
import { migrations } from '../store/migrations/all.ts'
import type { TransferPage } from '../store/transfer-store.ts'

/** The first line, in the open; every other line is bound to it. */
export interface BundleHeader {
  readonly format: 'tessera-bundle'
  readonly version: 1
  readonly id: string
  /** The secret whose bundle key it is under. */
  readonly kid: string
  readonly salt: string
  /** NumericDate. */
  readonly createdAt: number
  /** Whether it hands sessions over. */
  readonly hasSessions: boolean
  /** The migrations of the store that it came from. */
  readonly schema: readonly string[]
}

const ivBytes = 12
const tagBytes = 16
const schema: readonly string[] = migrations.map(({ name }) => name)

export function makeHeader(secret: ServerSecret, createdAt: number, hasSessions: boolean): BundleHeader {
  const [id, salt] = [randomBytes(16).toString('base64url'), randomBytes(16).toString('base64url')]
  return {
    format: 'tessera-bundle',
    version: 1,
    id,
    kid: secret.kid,
    salt,
    createdAt,
    hasSessions,
    schema,
  }
}

export interface BundleWriter {
  readonly header: string
  page(page: TransferPage): string
  /** The last line, without which no bundle is whole. */
  end(): string
}

export function createBundleWriter(header: BundleHeader, secret: ServerSecret): BundleWriter {
  const text = JSON.stringify(header)
  const key = bundleKey(secret, header.salt)
  let count = 0
  const seal = (content: unknown, isLast: boolean): string => {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(lineBinding(text, count, isLast))
    count += 1
    const parts = [iv, cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()]
    return Buffer.concat(parts).toString('base64url')
  }
  return { header: text, page: (page) => seal(page, false), end: () => seal({}, true) }
}

/** @throws {StartError} `bundle_refused` when the first line is none of a bundle that this server may read */
export function readHeader(line: string | undefined, secrets: ServerSecrets): BundleHeader {
  const header = parseHeader(line)
  if (header === undefined) throw refused('expected a bundle of tessera data export, got another text')
  if (JSON.stringify(header.schema) !== JSON.stringify(schema)) {
    throw refused('it was written by another version of Tessera: export and import with the same one')
  }
  if (secrets.get(header.kid) === undefined) {
    throw refused(
      `it is under the secret ${header.kid}: set TESSERA_SECRETS to those of the server that it came from`,
    )
  }
  return header
}

function parseHeader(line: string | undefined): BundleHeader | undefined {
  try {
    const header = JSON.parse(line ?? '') as BundleHeader
    return header.format === 'tessera-bundle' && header.version === 1 ? header : undefined
  } catch {
    return undefined
  }
}

/**
 * The pages of a bundle, each once it has been authenticated.
 *
 * @throws {StartError} `bundle_refused` at the first line that is not the next of this bundle, and when the last is missing
 */
export async function* readPages(
  headerLine: string,
  lines: AsyncIterator<string>,
  secret: ServerSecret,
): AsyncGenerator<TransferPage> {
  const { salt } = JSON.parse(headerLine) as BundleHeader
  const key = bundleKey(secret, salt)
  for (let count = 0; ; count += 1) {
    const { value: line, done } = await lines.next()
    if (done === true) throw refused('it is cut off')
    const page = open(line, key, lineBinding(headerLine, count, false))
    if (page === undefined) {
      if (open(line, key, lineBinding(headerLine, count, true)) !== undefined) return
      throw refused('it was altered')
    }
    yield JSON.parse(page) as TransferPage
  }
}

function open(line: string, key: KeyObject, binding: Buffer): string | undefined {
  const bytes = Buffer.from(line, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(binding).setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString(
      'utf8',
    )
  } catch {
    return undefined
  }
}

function bundleKey({ bundleKey: secret }: ServerSecret, salt: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, 'tessera/bundle', 32)))
}

function lineBinding(header: string, count: number, isLast: boolean): Buffer {
  const digest = createHash('sha256').update(header).digest('base64url')
  return Buffer.from(JSON.stringify([digest, count, isLast]))
}

function refused(why: string): StartError {
  return new StartError('bundle_refused', `the bundle cannot be taken in: ${why}`)
}
