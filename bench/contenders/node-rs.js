// @ts-check
/**
 * npm `@node-rs/jsonwebtoken`: Rust behind N-API. Its binary is named itself, because the lock of the package around it
 * lists binaries for other machines that not every registry has; elsewhere it is left out.
 */
import { createRequire } from 'node:module'

const name = '@node-rs/jsonwebtoken'

/** @returns {any} */
function load() {
  try {
    return createRequire(import.meta.url)('@node-rs/jsonwebtoken-linux-x64-gnu')
  } catch {
    return undefined
  }
}

const library = load()

/** @type {import('./libraries.js').Peer} */
export const nodeRs = {
  verifiers: ({ algorithm, verifying }, expected) => {
    if (library === undefined) return []
    const claims = expected && { iss: [expected.issuer], aud: [expected.audience] }
    const options = { algorithms: [algorithm], leeway: 0, ...claims }
    return [{ name, native: true, act: (token) => library.verifySync(token, verifying.text, options) }]
  },
  signers: ({ algorithm, signing }) => {
    if (library === undefined) return []
    return [{ name, native: true, act: (claims) => library.signSync(claims, signing.text, { algorithm }) }]
  },
  decoders: () => [],
}
