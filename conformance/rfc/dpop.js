// @ts-check
/** The examples of DPoP proofs: RFC 9449 §4.1, §5, §7.1, and proofs that are wrong in one thing. */

/** @typedef {import('../surface.js').Surface} Surface */

/**
 * What a request like the example's expects of its proof. The bound key is known only where the entry names it.
 *
 * @param {any} entry
 */
function expectedOf({ input, expected }) {
  const request = input.request ?? {}
  const accessToken = request.accessToken ?? input.accessToken ?? null
  const nonce = request.nonce ?? input.nonce
  return {
    method: request.htm ?? expected.htm,
    url: request.htu ?? expected.htu,
    accessToken,
    expectedThumbprint: request.jkt ?? expected.jkt ?? null,
    replayStore: null,
    now: request.now ?? expected.iat,
    ...(nonce === undefined ? {} : { nonce }),
  }
}

/** A good proof passes once, and is of no use for any other request. @param {Surface} surface @param {any} entry */
export async function checkProof(surface, entry) {
  const { dpop } = surface
  const { input, expected } = entry
  const options = expectedOf(entry)
  const replayStore = dpop.createMemoryReplayStore({ now: options.now })
  const { thumbprint, claims } = await dpop.verifyDpopProof(input.proof, { ...options, replayStore })
  if (thumbprint !== expected.jkt) return `expected the thumbprint ${expected.jkt}, got ${thumbprint}`
  for (const name of ['jti', 'htm', 'htu', 'iat', 'ath']) {
    if (claims[name] !== expected[name]) return `the claim ${name} differs`
  }
  const others = [
    { replayStore },
    { method: 'PATCH' },
    { url: `${options.url}/other` },
    { now: options.now + 3600 },
    { nonce: 'asked for' },
    { accessToken: `${input.accessToken ?? ''}x` },
    { expectedThumbprint: 'of another key' },
  ]
  for (const other of others) {
    const fault = await refusedProof(surface, input.proof, { ...options, ...other })
    if (fault !== undefined) return `with another ${Object.keys(other).join()}: ${fault}`
  }
  return undefined
}

/** @param {Surface} surface @param {any} entry */
export function checkBadProof(surface, entry) {
  return refusedProof(surface, entry.input.proof, expectedOf(entry))
}

/** @param {Surface} surface @param {string} proof @param {object} options */
async function refusedProof({ dpop, jose }, proof, options) {
  try {
    await dpop.verifyDpopProof(proof, options)
    return 'accepted, expected a refusal'
  } catch (error) {
    const code = jose.isJoseError(error) ? /** @type {any} */ (error).code : undefined
    return code !== undefined && code !== 'option_invalid'
      ? undefined
      : `expected the proof to be refused, got ${String(error)}`
  }
}
