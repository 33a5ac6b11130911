// @ts-check
/** Every serialization of a JWS, as each library makes it and reads it. */
import { jose, tessera } from './libraries.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */

/**
 * @typedef {object} Jws
 * @property {any} value text, or an object
 * @property {Uint8Array} [detached] the payload, where it travels apart
 */

/**
 * @typedef {object} JwsContent
 * @property {Uint8Array} payload
 * @property {Record<string, any>} header further parameters of the protected header
 * @property {SharedKey} other a second signer, for the general serialization
 */

/**
 * A serialization. Reading gives the payload, the protected header and the unprotected one.
 *
 * @typedef {object} JwsForm
 * @property {string} name
 * @property {'octets' | 'printable' | 'text'} payload
 * @property {boolean} [isUnencoded]
 * @property {Record<'tessera' | 'jose', (key: SharedKey, content: JwsContent) => Promise<Jws>>} make
 * @property {Record<'tessera' | 'jose', (key: SharedKey, jws: Jws) => Promise<any>>} read
 */

const base64url = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64url')

/** @param {SharedKey} key @param {Record<string, any>} header @param {boolean} isEncoded */
const joseHeader = ({ alg, jwk }, header, isEncoded) => ({
  alg,
  ...(jwk.kid === undefined ? {} : { kid: jwk.kid }),
  ...header,
  ...(isEncoded ? {} : { b64: false, crit: ['b64'] }),
})

/** @param {SharedKey} key */
const joseOptions = ({ alg }) => ({
  algorithms: alg === 'Ed25519' || alg === 'EdDSA' ? ['Ed25519', 'EdDSA'] : [alg],
})

/** @param {any} result @param {any} header @param {any} [unprotectedHeader] */
const asRead = ({ payload }, header, unprotectedHeader = {}) => ({
  payload: base64url(payload),
  header,
  unprotectedHeader,
})

/** @param {SharedKey} key @param {JwsContent} content @param {boolean} isEncoded */
const joseFlattened = (key, { payload, header }, isEncoded) =>
  new jose.FlattenedSign(payload).setProtectedHeader(joseHeader(key, header, isEncoded)).sign(key.theirs.make)

/** npm `jose` wants a detached payload where it would stand. @param {Jws} jws @param {boolean} isEncoded */
function attached({ value, detached }, isEncoded) {
  if (detached === undefined) return value
  if ('payload' in value) throw new Error('expected a detached payload, got one inside')
  return { ...value, payload: isEncoded ? base64url(detached) : detached }
}

/** A compact JWS without its payload as an object. @param {string} text */
function detachedCompact(text) {
  const [header, payload, signature, ...more] = text.split('.')
  if (payload !== '' || more.length > 0) throw new Error('expected two segments')
  return { protected: header, signature }
}

/** @param {boolean} isEncoded @param {boolean} isDetached @returns {JwsForm} */
function compact(isEncoded, isDetached) {
  return {
    name: nameOf('compact', isEncoded, isDetached),
    isUnencoded: !isEncoded,
    payload: isEncoded || isDetached ? 'octets' : 'printable',
    make: {
      tessera: async (key, { payload, header }) => {
        const options = { header, detached: isDetached, b64: isEncoded }
        return {
          value: await tessera['signCompact'](payload, key.ours.make, options),
          ...detachedOf(payload, isDetached),
        }
      },
      jose: async (key, content) => {
        const { payload } = content
        const made = await joseFlattened(key, content, isEncoded)
        const inside = isDetached ? '' : isEncoded ? made.payload : Buffer.from(payload).toString()
        return { value: `${made.protected}.${inside}.${made.signature}`, ...detachedOf(payload, isDetached) }
      },
    },
    read: {
      tessera: async (key, { value, detached }) => {
        const options = detached === undefined ? {} : { payload: detached }
        const result = await tessera['verifyCompact'](value, key.ours.read, options)
        return asRead(result, result.header)
      },
      jose: async (key, jws) => {
        const { value, detached } = jws
        const result =
          detached === undefined
            ? await jose.compactVerify(value, key.theirs.read, joseOptions(key))
            : await jose.flattenedVerify(
                attached({ value: detachedCompact(value), detached }, isEncoded),
                key.theirs.read,
                joseOptions(key),
              )
        return asRead(result, result.protectedHeader)
      },
    },
  }
}

/** @param {boolean} isEncoded @param {boolean} isDetached @returns {JwsForm} */
function flattened(isEncoded, isDetached) {
  return {
    name: nameOf('flattened', isEncoded, isDetached),
    isUnencoded: !isEncoded,
    payload: isEncoded || isDetached ? 'octets' : 'text',
    make: {
      tessera: async (key, { payload, header }) => {
        const options = { header, detached: isDetached, b64: isEncoded, unprotectedHeader: { note: 'x' } }
        return {
          value: await tessera['signFlattened'](payload, key.ours.make, options),
          ...detachedOf(payload, isDetached),
        }
      },
      jose: async (key, content) => {
        const made = await joseFlattened(key, content, isEncoded)
        const inside = isEncoded ? made.payload : Buffer.from(content.payload).toString()
        const value = { ...made, payload: inside, header: { note: 'x' } }
        if (isDetached) Reflect.deleteProperty(value, 'payload')
        return { value, ...detachedOf(content.payload, isDetached) }
      },
    },
    read: {
      tessera: async (key, { value, detached }) => {
        const options = detached === undefined ? {} : { payload: detached }
        const result = await tessera['verifyFlattened'](value, key.ours.read, options)
        return asRead(result, result.protectedHeader, result.unprotectedHeader)
      },
      jose: async (key, jws) => {
        const result = await jose.flattenedVerify(attached(jws, isEncoded), key.theirs.read, joseOptions(key))
        return asRead(result, result.protectedHeader, result.unprotectedHeader)
      },
    },
  }
}

/** Signed by two; each of them finds its own. @type {JwsForm} */
const general = {
  name: 'general',
  payload: 'octets',
  make: {
    tessera: async (key, { payload, header, other }) => ({
      value: await tessera['signGeneral'](payload, [
        { key: other.ours.make },
        { key: key.ours.make, header },
      ]),
    }),
    jose: async (key, { payload, header, other }) => ({
      value: await new jose.GeneralSign(payload)
        .addSignature(other.theirs.make)
        .setProtectedHeader(joseHeader(other, {}, true))
        .addSignature(key.theirs.make)
        .setProtectedHeader(joseHeader(key, header, true))
        .sign(),
    }),
  },
  read: {
    tessera: async (key, { value }) => {
      const { payload, signatures } = await tessera['verifyGeneral'](value, key.ours.read, { policy: 'any' })
      return asRead({ payload }, signatures[0].protectedHeader)
    },
    jose: async (key, { value }) => {
      const result = await jose.generalVerify(value, key.theirs.read, joseOptions(key))
      return asRead(result, result.protectedHeader)
    },
  },
}

/** @param {string} name @param {boolean} isEncoded @param {boolean} isDetached */
const nameOf = (name, isEncoded, isDetached) =>
  [name, ...(isEncoded ? [] : ['b64: false']), ...(isDetached ? ['detached'] : [])].join(', ')

/** @param {Uint8Array} payload @param {boolean} isDetached */
const detachedOf = (payload, isDetached) => (isDetached ? { detached: payload } : {})

/** @type {readonly JwsForm[]} */
export const jwsForms = [
  compact(true, false),
  compact(true, true),
  compact(false, false),
  compact(false, true),
  flattened(true, false),
  flattened(true, true),
  flattened(false, false),
  flattened(false, true),
  general,
]
