// @ts-check
/** The examples of JWS in JSON, detached and unencoded: RFC 7515 §A.6, RFC 7797, RFC 7520 §4. */

/** @typedef {import('./surface.js').Surface} Surface */

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

/** @param {Surface} surface @param {any} entry */
export async function checkJsonJws(surface, { key, input, expected }) {
  const jws = input.jws ?? input.compact
  const options = jws.signatures === undefined ? {} : { policy: 'all' }
  const keys = await openKeys(surface, key, headersOf(jws))
  const payload = await verifyAnyJws(surface, jws, keys, options)
  return Buffer.from(payload).toString('utf8') === expected.payloadRaw ? undefined : 'the payload differs'
}

/** Every serialization of an example of RFC 7520, inside and detached. @param {Surface} surface @param {any} vector */
export async function checkCookbookJws(surface, { input, signing, output }) {
  const keys = [input.key].flat()
  const parts = [signing].flat()
  // The second of several signatures has its algorithm in a header that nothing protects, and does not count.
  const policy = parts.every((part) => part.protected?.alg !== undefined) ? 'all' : 'any'
  const headers = parts.map((part) => ({ ...part.unprotected, ...part.protected }))
  const keySet = await openKeySet(surface, keys, headers)
  for (const jws of [output.compact, output.json_flat, output.json]) {
    if (jws === undefined) continue
    const options = jws.signatures === undefined ? {} : { policy }
    const payload = await verifyAnyJws(surface, jws, keySet, options)
    if (Buffer.from(payload).toString('utf8') !== input.payload) return 'the payload differs'
    await verifyAnyJws(surface, withoutPayload(jws), keySet, { ...options, payload: input.payload })
  }
  return undefined
}

/** @param {any} jws */
function withoutPayload(jws) {
  if (typeof jws !== 'string') return { ...jws, payload: undefined }
  const [header, , signature] = jws.split('.')
  return `${header}..${signature}`
}

/** @param {any} jws @returns {any[]} */
function headersOf(jws) {
  if (typeof jws === 'string') return [decodeHeader(jws.split('.')[0])]
  return (jws.signatures ?? [jws]).map((/** @type {any} */ item) => ({
    ...item.header,
    ...decodeHeader(item.protected),
  }))
}

/** @param {string | undefined} segment */
const decodeHeader = (segment) =>
  segment === undefined ? {} : JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))

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
async function openKeySet({ jose }, jwks, headers) {
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
