// @ts-check
/** `hono/jwt`. */
import { decode, sign, verify } from 'hono/jwt'

/** @type {import('./libraries.js').Peer} */
export const hono = {
  verifiers: ({ algorithm, verifying }, expected) => {
    const options = { alg: algorithm, ...(expected && { iss: expected.issuer, aud: expected.audience }) }
    return [
      { name: 'hono/jwt', asynchronous: true, act: (token) => verify(token, verifying.cryptoKey, options) },
    ]
  },
  signers: ({ algorithm, signing }) => [
    {
      name: 'hono/jwt',
      asynchronous: true,
      act: (claims) => sign(/** @type {any} */ (claims), signing.cryptoKey, algorithm),
    },
  ],
  decoders: () => [{ name: 'hono/jwt', act: (token) => decode(token).payload }],
}
