// @ts-check
/** npm `jose`. */
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'

/** @type {import('./libraries.js').Peer} */
export const jose = {
  verifiers: ({ algorithm, verifying }, expected) => {
    const options = { algorithms: [algorithm], ...expected }
    return [
      {
        name: 'jose',
        asynchronous: true,
        act: async (token) => (await jwtVerify(token, verifying.cryptoKey, options)).payload,
      },
    ]
  },
  signers: ({ algorithm, signing }) => [
    {
      name: 'jose',
      asynchronous: true,
      act: (claims) =>
        new SignJWT(/** @type {any} */ (claims))
          .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
          .sign(signing.cryptoKey),
    },
  ],
  decoders: () => [
    {
      name: 'jose',
      act: (token) => {
        decodeProtectedHeader(token)
        return decodeJwt(token)
      },
    },
    { name: 'jose, claims alone', act: decodeJwt },
  ],
}
