// @ts-check
/** The examples of JWT and its profiles: RFC 7519, RFC 9068; nested tokens. */
import { NotDriven } from '../not-driven.js'
import { refusedAlgorithms } from '../policy.js'
import { naturalAlgorithm } from '../signature-algorithms.js'
import { headerOf, publicHalf, refusal, refusedOnPurpose, sameJson } from './expectations.js'
import { openDecryptionKey, optionsFor } from './jwe.js'
import { anySecret } from './jws.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** @param {string} compact */
const claimsOf = (compact) =>
  JSON.parse(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString('utf8'))

/** @param {Surface} surface @param {any} entry */
export async function checkRefusedJwt(surface, { input }) {
  const { jose } = surface
  const key = jose.secret('HS256', anySecret)
  const options = { issuer: null, audience: null, requireExp: false, now: 1_300_000_000 }
  return (
    (await refusal(surface, () => jose.verifyJwt(input.compact, key, options))) ??
    (await refusal(surface, () => jose.decode(input.compact, key, { now: 1_300_000_000 })))
  )
}

/** @param {Surface} surface @param {any} entry */
export async function checkJwt(surface, { key, input, expected }) {
  const { jose } = surface
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: headerOf(input.compact).alg })
  const at = (/** @type {number} */ now) =>
    jose.verifyJwt(input.compact, verificationKey, { issuer: null, audience: null, now })
  if (expected.valid === false)
    return refusal(surface, () => at(expected.checkAt ?? expected.validAt ?? claimsOf(input.compact).iat))
  const { claims } = await at(expected.validAt)
  if (!sameJson(claims, expected.claims ?? claims)) return 'the claims differ'
  const decoded = jose.decode(input.compact, verificationKey, { audience: null, now: expected.validAt })
  if (!sameJson(decoded, expected.claims ?? decoded)) return 'the claims of decode differ'
  return expected.expiredAt === undefined
    ? undefined
    : refusal(surface, () => at(expected.expiredAt), 'expired')
}

/** What RFC 9068 §4 asks of a resource server, in options. */
const accessToken = { typ: 'at+jwt', required: ['sub', 'client_id', 'iat', 'jti'] }

/** @param {Surface} surface @param {any} entry */
export async function checkAccessToken(surface, { key, input, expected }) {
  if (key === null) throw new NotDriven('the RFC gives no key for it')
  const { jose } = surface
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: headerOf(input.compact).alg })
  const { iss, aud } = claimsOf(input.compact)
  const at = (/** @type {number} */ now) =>
    jose.verifyJwt(input.compact, verificationKey, { ...accessToken, issuer: iss, audience: aud, now })
  const { claims } = await at(expected.validAt)
  if (input.claims !== undefined && !sameJson(claims, input.claims)) return 'the claims differ'
  return expected.expiredAt === undefined
    ? undefined
    : refusal(surface, () => at(expected.expiredAt), 'expired')
}

/** @param {Surface} surface @param {any} entry */
export async function checkBadAccessToken(surface, { key, input, expected }) {
  const { jose } = surface
  const { issuer, audience, checkAt: now } = expected
  const { alg } = headerOf(input.compact)
  const verificationKey = await jose.importKey(publicHalf(key), { algorithm: fitting(key, alg) })
  return refusal(surface, () =>
    jose.verifyJwt(input.compact, verificationKey, { ...accessToken, issuer, audience, now }),
  )
}

/** The algorithm of the token when the key can have it, else the key's own. @param {any} key @param {string} alg */
function fitting(key, alg) {
  return key.kty === 'RSA' && /^[RP]S/.test(alg) ? alg : naturalAlgorithm(key)
}

/** A token in a token (RFC 7519 §A.2). @param {Surface} surface @param {any} entry */
export async function checkNested(surface, { key, input, expected }) {
  const { jose } = surface
  const outer = headerOf(input.compact)
  const alg = headerOf(expected.inner ?? '').alg ?? naturalAlgorithm(key.verify)
  const verifyWith = await jose.importKey(publicHalf(key.verify), { algorithm: alg })
  const open = async (/** @type {any} */ header) =>
    jose.openJwt(input.compact, {
      decryptWith: await openDecryptionKey(surface, header, { jwk: key.decrypt, password: input.password }),
      verifyWith,
      issuer: null,
      audience: null,
      requireExp: false,
      now: expected.validAt ?? (expected.claims?.exp ?? 1) - 1,
      ...(refusedAlgorithms[header.alg] === undefined ? optionsFor(header) : {}),
    })
  if (refusedAlgorithms[outer.alg] !== undefined)
    return refusedOnPurpose(surface, outer.alg, () => open({ alg: 'RSA-OAEP' }))
  if (expected.valid === false) return refusal(surface, () => open(outer))
  const { claims } = await open(outer)
  return sameJson(claims, expected.claims ?? claims) ? undefined : 'the claims differ'
}
