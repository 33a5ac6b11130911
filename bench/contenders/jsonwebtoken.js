// @ts-check
/** npm `jsonwebtoken`: with a key object, and with a secret as text, as its README has it. */
import library from 'jsonwebtoken'

/** @type {import('./libraries.js').Peer} */
export const jsonwebtoken = {
  verifiers: ({ algorithm, verifying }, expected) => {
    if (algorithm === 'EdDSA') return []
    const options = { algorithms: [algorithm], ...expected }
    const withKey = {
      name: 'jsonwebtoken',
      act: (/** @type {string} */ token) => library.verify(token, verifying.keyObject, options),
    }
    if (algorithm !== 'HS256') return [withKey]
    return [
      { ...withKey, name: 'jsonwebtoken, KeyObject' },
      { name: 'jsonwebtoken, text secret', act: (token) => library.verify(token, verifying.text, options) },
    ]
  },
  signers: ({ algorithm, signing }) => {
    if (algorithm === 'EdDSA') return []
    const name = algorithm === 'HS256' ? 'jsonwebtoken, KeyObject' : 'jsonwebtoken'
    return [
      { name, act: (claims) => library.sign(claims, signing.keyObject, { algorithm, noTimestamp: true }) },
    ]
  },
  decoders: () => [
    { name: 'jsonwebtoken', act: (token) => library.decode(token, { complete: true })?.payload },
  ],
}
