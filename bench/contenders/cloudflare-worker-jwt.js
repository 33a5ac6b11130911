// @ts-check
/** npm `@tsndr/cloudflare-worker-jwt`. */
import { decode, sign, verify } from '@tsndr/cloudflare-worker-jwt'
import { expectClaims } from './expect-claims.js'

const name = 'cloudflare-worker-jwt'
const known = ['HS256', 'RS256', 'ES256']

/** @type {import('./libraries.js').Peer} */
export const cloudflareWorkerJwt = {
  verifiers: ({ algorithm, verifying }, expected) => {
    if (!known.includes(algorithm)) return []
    const options = { algorithm, throwError: true }
    const act = async (/** @type {string} */ token) =>
      expectClaims((await verify(token, verifying.cryptoKey, options))?.payload, expected)
    return [{ name, asynchronous: true, act }]
  },
  signers: ({ algorithm, signing }) => {
    if (!known.includes(algorithm)) return []
    return [{ name, asynchronous: true, act: (claims) => sign(claims, signing.cryptoKey, { algorithm }) }]
  },
  decoders: () => [{ name, act: (token) => decode(token).payload }],
}
