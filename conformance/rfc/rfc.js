// @ts-check
/** The examples of the RFCs, and the cookbook of RFC 7520, by what each entry says that it is. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NotDriven } from '../not-driven.js'
import { readOrFail } from '../vectors.js'
import { describe } from '../verdict.js'
import {
  checkCookbookJwe,
  checkCookbookJws,
  checkCookbookNested,
  checkRefusedCookbook,
  cookbookKind,
} from './cookbook.js'
import { checkBadProof, checkProof } from './dpop.js'
import { checkAead, checkAgreement, checkJwe } from './jwe.js'
import {
  checkBase64url,
  checkCertificates,
  checkJwk,
  checkJwks,
  checkThumbprint,
  checkThumbprintUri,
} from './jwk.js'
import { checkCompact, checkJsonJws, checkRefusedJws } from './jws.js'
import { checkAccessToken, checkBadAccessToken, checkJwt, checkNested, checkRefusedJwt } from './jwt.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('../tally.js').Tally} Tally
 *
 * A driver gives the fault that it found, or undefined; it throws `NotDriven` for what it has no answer to.
 * @typedef {(surface: Surface, entry: any) => Promise<string | undefined>} ExampleDriver
 */

/** @type {Readonly<Record<string, ExampleDriver>>} */
const drivers = {
  'jws-compact': checkCompact,
  'jws-general': checkJsonJws,
  'jws-flattened': checkJsonJws,
  'jws-detached': checkJsonJws,
  'jws-compact-unencoded': checkJsonJws,
  'jws-negative': checkRefusedJws,
  'jws-unsecured': checkRefusedJws,
  'jwe-compact': checkJwe,
  'jwe-flattened': checkJwe,
  'jwe-general': checkJwe,
  'jwe-negative': checkJwe,
  'aes-cbc-hmac': checkAead,
  ecdh: checkAgreement,
  'ecdh-es-kdf': checkAgreement,
  jwt: checkJwt,
  'jwt-unsecured': checkRefusedJwt,
  'jwt-negative': checkRefusedJwt,
  'jwt-nested': checkNested,
  'access-token': checkAccessToken,
  'access-token-negative': checkBadAccessToken,
  'dpop-proof': checkProof,
  'dpop-negative': checkBadProof,
  thumbprint: checkThumbprint,
  'thumbprint-uri': checkThumbprintUri,
  x5c: checkCertificates,
  jwk: checkJwk,
  jwks: checkJwks,
  base64url: checkBase64url,
  'cookbook-jws': checkCookbookJws,
  'cookbook-refused': checkRefusedCookbook,
  'cookbook-jwe': checkCookbookJwe,
  'cookbook-nested': checkCookbookNested,
}

/**
 * @param {Surface} surface
 * @param {string} directory
 * @param {Tally} tally
 */
export async function runRfcs(surface, directory, tally) {
  const folder = join(directory, 'rfc')
  for (const file of jsonFilesOf(folder)) {
    const group = file.replace(/^rfc(\d+)\.json$/, 'RFC $1')
    for (const [index, entry] of readOrFail({ folder, file, group }, tally).flat().entries()) {
      const id = `${file} ${entry.name ?? index}`
      await run(surface, { group, id, entry: { key: null, input: {}, expected: {}, ...entry } }, tally)
    }
  }
  await runCookbook(surface, join(directory, 'cookbook'), tally)
}

/** @param {string} folder */
function jsonFilesOf(folder) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.json')).sort()
}

/**
 * @param {Surface} surface
 * @param {string} folder
 * @param {Tally} tally
 */
async function runCookbook(surface, folder, tally) {
  const group = 'RFC 7520 cookbook'
  for (const file of jsonFilesOf(folder)) {
    const [vector] = readOrFail({ folder, file, group }, tally)
    if (vector === undefined) continue
    const id = `cookbook ${file}`
    const kind = cookbookKind(vector)
    const entry = kind === 'jwk' ? { kind, input: { jwk: vector }, expected: {} } : { ...vector, kind }
    await run(surface, { group, id, entry }, tally)
    if (kind === 'cookbook-jws' && isWholeCompact(vector))
      await run(surface, { group, id: `${id} (compact)`, entry: compactEntry(vector) }, tally)
  }
}

/** Whether the compact form holds an encoded payload, so that it can be signed again. @param {any} vector */
function isWholeCompact({ output, signing }) {
  return (
    typeof output.compact === 'string' &&
    output.compact.split('.')[1] !== '' &&
    signing.protected?.b64 !== false
  )
}

/** @param {any} vector */
function compactEntry({ input, output, reproducible }) {
  const expected = { compact: output.compact, deterministic: reproducible === true }
  return { kind: 'jws-compact', key: input.key, input: { payloadRaw: input.payload }, expected }
}

/**
 * @param {Surface} surface
 * @param {{ group: string, id: string, entry: any }} example
 * @param {Tally} tally
 */
async function run(surface, { group, id, entry }, tally) {
  const driver = Object.hasOwn(drivers, entry.kind) ? drivers[entry.kind] : undefined
  if (driver === undefined) return tally.skip(group, id, `examples of kind ${entry.kind} have no driver`)
  try {
    const fault = await driver(surface, entry)
    if (fault === undefined) tally.pass(group, id)
    else tally.fail(group, id, fault)
  } catch (error) {
    if (error instanceof NotDriven) tally.skip(group, id, error.message)
    else tally.fail(group, id, describe(error))
  }
  return undefined
}
