// @ts-check
/** npm `jwt-simple`. */
import library from 'jwt-simple'
import { expectClaims } from './expect-claims.js'

const known = ['HS256', 'RS256']

/** @type {import('./libraries.js').Peer} */
export const jwtSimple = {
  verifiers: ({ algorithm, verifying }, expected) => {
    if (!known.includes(algorithm)) return []
    const act = (/** @type {string} */ token) =>
      expectClaims(library.decode(token, verifying.text, false, /** @type {any} */ (algorithm)), expected)
    return [{ name: 'jwt-simple', act }]
  },
  signers: ({ algorithm, signing }) => {
    if (!known.includes(algorithm)) return []
    return [
      {
        name: 'jwt-simple',
        act: (claims) => library.encode(claims, signing.text, /** @type {any} */ (algorithm)),
      },
    ]
  },
  decoders: () => [{ name: 'jwt-simple, claims alone', act: (token) => library.decode(token, '', true) }],
}
