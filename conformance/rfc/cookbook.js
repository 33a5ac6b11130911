// @ts-check
/** RFC 7520, and the further examples of the same collection. Told apart by what a file holds, not by its name. */
import { NotDriven } from '../not-driven.js'
import { refusedAlgorithms } from '../policy.js'
import { decodeHeader, refusal, refusedOnPurpose, sameJson } from './expectations.js'
import { decryptAnyJwe, openDecryptionKey, optionsFor, recipientHeaders } from './jwe.js'
import { headersOf, openKeySet, verifyAnyJws } from './jws.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** The kind of a file of the collection. @param {any} vector @returns {string} */
export function cookbookKind(vector) {
  if (vector?.kty !== undefined) return 'jwk'
  if (vector?.sign !== undefined && vector?.encrypt !== undefined) return 'cookbook-nested'
  if (vector?.encrypting_content !== undefined) return 'cookbook-jwe'
  if (vector?.signing === undefined) return 'cookbook-unknown'
  return isWithoutCrit(vector) ? 'cookbook-refused' : 'cookbook-jws'
}

/**
 * The file of RFC 7797 §4.2 was signed without the `crit` that its own text shows and that §6 of the RFC asks for: it
 * must be refused.
 *
 * @param {any} vector
 */
function isWithoutCrit({ signing, output }) {
  const segment = output?.json_flat?.protected
  const isOther = segment !== undefined && decodeHeader(segment).crit === undefined
  return isOther && signing.protected?.crit !== undefined
}

/** @param {Surface} surface @param {any} vector */
export function checkRefusedCookbook(surface, { input, output }) {
  return refusal(
    surface,
    async () => verifyAnyJws(surface, output.json_flat, await surface.jose.importKey(input.key)),
    'malformed',
  )
}

/** Every serialization of an example, inside and detached. @param {Surface} surface @param {any} vector */
export async function checkCookbookJws(surface, { input, signing, output }) {
  const keys = [input.key].flat()
  const parts = [signing].flat()
  const headers = parts.map((part) => ({ ...part.unprotected, ...part.protected }))
  const keySet = await openKeySet(surface, keys, headers)
  const forms = [output.compact, output.json_flat, output.json].filter((jws) => jws !== undefined)
  if (parts.every(({ protected: names }) => names?.alg === undefined)) {
    for (const jws of forms) {
      const fault = await refusal(surface, () => verifyAnyJws(surface, jws, keySet))
      if (fault !== undefined) return fault
    }
    throw new NotDriven(
      'a signature whose alg nothing protects is refused on purpose (T8); tried, and refused',
    )
  }
  // The second of several signatures has its algorithm in a header that nothing protects, and does not count.
  const policy = parts.every((part) => part.protected?.alg !== undefined) ? 'all' : 'any'
  for (const jws of forms) {
    const options = jws.signatures === undefined ? {} : { policy }
    const detached = { ...options, payload: input.payload }
    const isDetached = typeof jws === 'string' ? jws.split('.')[1] === '' : jws.payload === undefined
    if (!isDetached) {
      const payload = await verifyAnyJws(surface, jws, keySet, options)
      if (Buffer.from(payload).toString('utf8') !== input.payload) return 'the payload differs'
    }
    await verifyAnyJws(surface, isDetached ? jws : withoutPayload(jws), keySet, detached)
  }
  return undefined
}

/** @param {any} jws */
function withoutPayload(jws) {
  if (typeof jws !== 'string') return { ...jws, payload: undefined }
  const [header, , signature] = jws.split('.')
  return `${header}..${signature}`
}

/** Every serialization of an example, by every recipient. @param {Surface} surface @param {any} vector */
export async function checkCookbookJwe(surface, { input, output }) {
  const jwks = [input.key].flat()
  const refused = [input.alg].flat().find((alg) => refusedAlgorithms[alg] !== undefined)
  for (const jwe of [output.compact, output.json_flat, output.json]) {
    if (jwe === undefined) continue
    for (const [index, header] of recipientHeaders(jwe).entries()) {
      if (refusedAlgorithms[header.alg] !== undefined) continue
      const jwk = jwks.length > 1 ? jwks[index] : jwks[0]
      const key = await openDecryptionKey(surface, header, { jwk, password: input.pwd })
      const { plaintext, aad } = await decryptAnyJwe(surface, jwe, key, optionsFor(header))
      if (Buffer.from(plaintext).toString('utf8') !== input.plaintext) return 'the plaintext differs'
      if (aad !== undefined && Buffer.from(aad).toString('utf8') !== input.aad)
        return 'the additional data differs'
    }
  }
  if (refused === undefined || jwks.length > 1) return undefined
  const key = await openDecryptionKey(surface, { alg: 'RSA-OAEP' }, { jwk: jwks[0] })
  return refusedOnPurpose(surface, refused, () => decryptAnyJwe(surface, output.compact, key))
}

/** RFC 7520 §6: a signed token inside an encrypted one. @param {Surface} surface @param {any} vector */
export async function checkCookbookNested(surface, { sign, encrypt }) {
  const { jose } = surface
  const { compact } = encrypt.output
  const [outer] = recipientHeaders(compact)
  const [inner] = headersOf(sign.output.compact)
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicJwk } = sign.input.key
  const wanted = JSON.parse(sign.input.payload)
  const { claims } = await jose.openJwt(compact, {
    decryptWith: await openDecryptionKey(surface, outer, { jwk: encrypt.input.key }),
    verifyWith: await jose.importKey(publicJwk, { algorithm: inner.alg }),
    issuer: wanted.iss ?? null,
    audience: wanted.aud ?? null,
    requireExp: false,
    now: (wanted.exp ?? 1) - 1,
  })
  return sameJson(claims, wanted) ? undefined : 'the claims differ'
}
