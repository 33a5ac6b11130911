// @ts-check
/** npm `fast-jwt`. */
import { createDecoder, createSigner, createVerifier } from 'fast-jwt'

/** @param {import('../tokens.js').Keys} keys @param {import('../tokens.js').Expected} expected @param {object} cache */
export function makeFastVerifier({ algorithm, verifying }, expected, cache) {
  const claims = expected && { allowedIss: expected.issuer, allowedAud: expected.audience }
  return createVerifier({ key: verifying.bytes, algorithms: [algorithm], ...claims, ...cache })
}

/** @type {import('./libraries.js').Peer} */
export const fastJwt = {
  verifiers: (keys, expected) => [
    { name: 'fast-jwt', act: makeFastVerifier(keys, expected, { cache: false }) },
  ],
  signers: ({ algorithm, signing }) => [
    { name: 'fast-jwt', act: createSigner({ key: signing.bytes, algorithm, noTimestamp: true }) },
  ],
  decoders: () => {
    const decode = createDecoder({ complete: true })
    return [
      { name: 'fast-jwt', act: (token) => decode(token).payload },
      { name: 'fast-jwt, claims alone', act: createDecoder() },
    ]
  },
}
