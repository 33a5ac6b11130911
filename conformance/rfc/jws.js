// @ts-check
/** The examples of JWS: RFC 7515 §A, RFC 7797, RFC 8037 §A.4, RFC 8812, RFC 9964. */
import { NotDriven } from '../not-driven.js'
import { missingAlgorithms, naturalAlgorithm, whyMissing } from '../signature-algorithms.js'
import { decodeHeader, headerOf, publicHalf, refusal } from './expectations.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** A secret for tokens that no key may make good. */
export const anySecret = new Uint8Array(Buffer.from('any secret of at least thirty-two bytes'))

/** A JWS of whatever serialization; text is compact. @param {Surface} surface @param {any} jws @param {any} key @param {any} [options] @returns {Promise<Uint8Array>} */
export async function verifyAnyJws({ jws: room }, jws, key, options = {}) {
  const verify =
    typeof jws === 'string'
      ? room.verifyCompact
      : jws.signatures === undefined
        ? room.verifyFlattened
        : room.verifyGeneral
  return (await verify(jws, key, options)).payload
}

/** Verifies, and signs again where that gives the same octets. @param {Surface} surface @param {any} entry */
export async function checkCompact(surface, { key, expected, input }) {
  const compact = expected.compact ?? input.compact
  const { alg } = headerOf(compact)
  if (missingAlgorithms.includes(alg)) throw new NotDriven(whyMissing(alg))
  const verificationKey = await surface.jose.importKey(publicHalf(key), { algorithm: alg })
  const payload = Buffer.from(await verifyAnyJws(surface, compact, verificationKey)).toString('utf8')
  if (payload !== (input.payloadRaw ?? expected.payloadRaw ?? payload)) return 'the payload differs'
  // ML-DSA is signed with fresh randomness (FIPS 204 §3.4, the hedged form); the example left it out.
  if (!expected.deterministic || alg.startsWith('ML-DSA')) return undefined
  const signingKey = await surface.jose.importKey(key, { algorithm: alg })
  const [header, body, signature] = compact.split('.')
  const again = await surface.signRaw(signingKey, new Uint8Array(Buffer.from(`${header}.${body}`)))
  return surface.encodeBase64url(again) === signature ? undefined : 'signing again gives another signature'
}

/** @param {Surface} surface @param {any} entry */
export async function checkRefusedJws(surface, { key, input }) {
  const jws = input.jws ?? input.compact
  const { alg } = decodeHeader(jws.protected ?? jws.signatures?.[0]?.protected ?? String(jws).split('.')[0])
  return refusal(surface, async () => {
    const verificationKey =
      key === null
        ? surface.jose.secret('HS256', anySecret)
        : await surface.jose.importKey(publicHalf(key), { algorithm: alg ?? naturalAlgorithm(key) })
    await verifyAnyJws(surface, jws, verificationKey, detachedPayload(jws, input))
  })
}

/** JSON, detached, unencoded. @param {Surface} surface @param {any} entry */
export async function checkJsonJws(surface, { key, input, expected }) {
  const jws = input.jws ?? input.compact
  const options = jws.signatures === undefined ? {} : { policy: 'all' }
  const keys = await openKeys(surface, key, headersOf(jws))
  const payload = await verifyAnyJws(surface, jws, keys, {
    ...options,
    ...detachedPayload(jws, input, expected),
  })
  const wanted = expected.payloadRaw ?? input.payloadRaw ?? input.payload
  return wanted === undefined || Buffer.from(payload).toString('utf8') === wanted
    ? undefined
    : 'the payload differs'
}

/** The payload that travels beside a JWS which holds none, as text. @param {any} jws @param {any} input @param {any} [expected] */
function detachedPayload(jws, input, expected) {
  const inside = typeof jws === 'string' ? jws.split('.')[1] : jws.payload
  if (inside !== undefined && inside !== '') return {}
  const { payloadRaw, payload, detachedPayload: detached, payloadB64, payloadHex } = { ...expected, ...input }
  const text = payloadRaw ?? payload ?? detached
  if (text !== undefined) return { payload: text }
  const bytes =
    payloadB64 === undefined
      ? payloadHex && Buffer.from(payloadHex, 'hex')
      : Buffer.from(payloadB64, 'base64url')
  return bytes === undefined ? {} : { payload: new Uint8Array(bytes) }
}

/** @param {any} jws @returns {any[]} */
export function headersOf(jws) {
  if (typeof jws === 'string') return [headerOf(jws)]
  return (jws.signatures ?? [jws]).map((/** @type {any} */ item) => ({
    ...item.header,
    ...decodeHeader(item.protected),
  }))
}

/** A key, or keys by their key ID. @param {Surface} surface @param {any} key @param {any[]} headers */
function openKeys(surface, key, headers) {
  return key.kty === undefined
    ? openKeySet(
        surface,
        Object.entries(key).map(([kid, jwk]) => ({ ...jwk, kid })),
        headers,
      )
    : openKeySet(surface, [key], headers)
}

/** A key set as an application writes one: the keys that have the key ID and the algorithm. @param {Surface} surface @param {any[]} jwks @param {any[]} headers */
export async function openKeySet({ jose }, jwks, headers) {
  const keys = await Promise.all(
    jwks.map(async (jwk, index) => {
      const alg = headers.length === jwks.length ? headers[index].alg : headers[0].alg
      const key = await jose.importKey(jwk, { algorithm: alg })
      return key.publicKey ?? key
    }),
  )
  return {
    selectKeys: (/** @type {any} */ { kid, alg }) =>
      keys.filter(
        (key) => key.algorithm === alg && (kid === undefined || key.kid === undefined || key.kid === kid),
      ),
  }
}
