/** The header parameters of key management (RFC 7518 §4.6.1, §4.7.1, §4.8.1), read and bounded before any of them is used. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { minimumPbes2Iterations } from './decrypt-options.ts'
import { wrong } from './header.ts'

/** Octets of a PBES2 salt input (RFC 7518 §4.8.1.1: eight or more). */
const saltBytes = { least: 8, most: 1024 } as const

/** AES-GCM key wrap: its own iv and tag. @throws {JoseError} `malformed` */
export function readWrapParameters(header: JsonObject): { iv: Uint8Array; tag: Uint8Array } {
  return { iv: octets(header, 'iv', 12), tag: octets(header, 'tag', 16) }
}

/** Key agreement: the ephemeral public key and the names of the parties. @throws {JoseError} `malformed` */
export function readAgreementParameters(header: JsonObject): {
  epk: JsonObject
  partyU: Uint8Array
  partyV: Uint8Array
} {
  const epk = header['epk']
  if (!isObject(epk)) throw wrong('epk', 'an object', epk)
  const { kty, crv, d } = epk as { kty?: unknown; crv?: unknown; d?: unknown }
  if (typeof kty !== 'string') throw wrong('epk.kty', 'text', kty)
  if (typeof crv !== 'string') throw wrong('epk.crv', 'text', crv)
  if (d !== undefined)
    throw new JoseError('malformed', 'header: "epk": expected a public key, got a private one')
  return { epk: epk as JsonObject, ...readParties(header) }
}

/**
 * `apu` and `apv`, empty when absent (RFC 7518 §4.6.1.2, §4.6.1.3).
 *
 * @throws {JoseError} `malformed`, also when both are there and the same: they MUST be distinct (§4.6.2), or what one party
 *   sent could be sent back to it
 */
export function readParties(header: JsonObject): { partyU: Uint8Array; partyV: Uint8Array } {
  const read = (name: string): Uint8Array =>
    header[name] === undefined ? new Uint8Array() : octets(header, name, undefined)
  if (header['apu'] !== undefined && header['apu'] === header['apv'])
    throw new JoseError('malformed', 'header: "apu" and "apv": expected two parties, got one twice')
  return { partyU: read('apu'), partyV: read('apv') }
}

/**
 * A password's salt and iterations.
 *
 * @throws {JoseError} `malformed`; `too_large` for more iterations than the reader will do (CVE-2022-36083 and its like)
 */
export function readPasswordParameters(
  header: JsonObject,
  maxIterations: number,
): { saltInput: Uint8Array; iterations: number } {
  const saltInput = octets(header, 'p2s', undefined)
  if (saltInput.length < saltBytes.least || saltInput.length > saltBytes.most) {
    throw new JoseError(
      'malformed',
      `header: "p2s": expected ${saltBytes.least} to ${saltBytes.most} octets, got ${saltInput.length}`,
    )
  }
  const iterations = header['p2c']
  if (
    typeof iterations !== 'number' ||
    !Number.isInteger(iterations) ||
    iterations < minimumPbes2Iterations
  ) {
    const got = typeof iterations === 'number' ? 'another number' : kindOf(iterations)
    throw new JoseError(
      'malformed',
      `header: "p2c": expected ${minimumPbes2Iterations} iterations or more (RFC 7518 §4.8.1.2), got ${got}`,
    )
  }
  if (iterations > maxIterations)
    throw new JoseError('too_large', `header: "p2c": expected at most ${maxIterations} iterations, got more`)
  return { saltInput, iterations }
}

function octets(header: JsonObject, name: string, length: number | undefined): Uint8Array {
  const value = header[name]
  if (typeof value !== 'string') throw wrong(name, 'base64url text', value)
  const bytes = decodeBase64url(value, `header: "${name}"`)
  if (length !== undefined && bytes.length !== length)
    throw new JoseError('malformed', `header: "${name}": expected ${length} octets, got ${bytes.length}`)
  return bytes
}
