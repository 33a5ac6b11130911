// @ts-check
/**
 * Key agreements, through the front door: a token is made under the key that follows from the shared secret of the test,
 * and the private key of the test has to open it. A wrong secret opens nothing.
 */
import { concatKdf, makeJweUnderKey } from '../attacks/good-jwe.js'
import { notDriven } from '../not-driven.js'
import { openPrivateJwk, openPublicJwk } from './agreement-keys.js'
import { verdictOf } from './judge.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('./wycheproof.js').Prepared} Prepared
 */

/** @type {Readonly<Record<string, string>>} */
const curves = {
  curve25519: 'X25519',
  curve448: 'X448',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  'P-256': 'P-256',
  'P-384': 'P-384',
  'P-521': 'P-521',
}

/** @param {Surface} surface @param {import('./wycheproof.js').Source} source @returns {Prepared} */
export function prepareAgreement(surface, { group }) {
  const crv = curves[group.curve] ?? notDriven(`JOSE has no key agreement on ${group.curve}`)
  const context = { surface, crv, type: String(group.type) }
  // On these curves a shared secret of zeros is everybody's, whatever the label says (RFC 7748 §6, RFC 8037 §3.2).
  const isLowOrder = (/** @type {any} */ { shared }) => crv.startsWith('X') && /^(00)+$/.test(shared)
  return {
    labelOf: (test) => (isLowOrder(test) ? 'invalid' : test.result),
    verify: async (test) => {
      const fault = isLowOrder(test) ? await lowOrderFault(context, test) : undefined
      return fault === undefined ? agree(context, test) : { broken: fault }
    },
  }
}

/** @typedef {{ surface: Surface, crv: string, type: string }} Context */

/** @param {Context} context @param {any} test */
function agree(context, test) {
  const { jose, jwe } = context.surface
  return verdictOf(jose, async () => {
    const key = await jose.importKey(openPrivateJwk(context, test.private), {
      algorithm: 'ECDH-ES',
      type: 'private',
    })
    const { kty, crv, x, y } = await openPublicJwk(context, test.public)
    const epk = { kty, crv, x, ...(y === undefined ? {} : { y }) }
    const agreed = concatKdf(Buffer.from(test.shared, 'hex'), 'A256GCM', 32)
    await jwe.decryptCompact(makeJweUnderKey({ alg: 'ECDH-ES', enc: 'A256GCM', epk }, agreed, 'agreed'), key)
    return { accepted: true }
  })
}

/** A public key of low order cannot be imported either. @param {Context} context @param {any} test */
async function lowOrderFault(context, { public: source }) {
  const { jose } = context.surface
  const { accepted, broken } = await verdictOf(jose, async () => {
    await jose.importKey(await openPublicJwk(context, source), { algorithm: 'ECDH-ES' })
    return { accepted: true }
  })
  return accepted ? 'a public key of low order was imported' : broken
}
