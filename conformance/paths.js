// @ts-check
/**
 * The ways that a token can take through the library, each of which has to come to the same verdicts: the engines, a
 * verifier that remembers the tokens which it accepted, and one that verifies signatures by tables of its own.
 */
import { isDeepStrictEqual } from 'node:util'
import { engineNames, openEngine } from './fuzz/engines.js'
import { goWithout } from './signature-algorithms.js'
import { openSurface } from './surface.js'

/** @typedef {import('./surface.js').Surface} Surface */
/** @typedef {{ claims: unknown } | { error: unknown }} Outcome */

export const pathNames = [...engineNames, 'cached', 'tables']

/** The library as a path has it. @param {string} name one of `pathNames` @returns {Promise<Surface>} */
export async function openPath(name) {
  // WebCrypto, which signs and verifies where there is no `node:crypto`, has no secp256k1.
  goWithout(name === 'portable' ? ['ES256K'] : [])
  if (name === 'cached') return withCache(await openSurface(await openEngine('node')))
  if (name === 'tables') return withTables(await openEngine('node'))
  const engine = engineNames.find((known) => known === name)
  if (engine === undefined) throw new Error(`--engine: expected ${pathNames.join(', ')} or all`)
  const surface = await openSurface(await openEngine(engine))
  return engine === 'portable' ? withPromises(surface) : surface
}

/**
 * The synchronous verbs, waiting where the cryptography of the runtime has to be waited for; `decode` is then `verifyJwt`
 * under the policy of `decode`.
 *
 * @param {Surface} surface
 * @returns {Surface}
 */
function withPromises(surface) {
  const { jose } = surface
  /** @param {() => unknown} now @param {() => unknown} later */
  const orLater = (now, later) => {
    try {
      return now()
    } catch (error) {
      if (jose.isJoseError(error) && /need a promise/.test(String(error))) return later()
      throw error
    }
  }
  const createVerifier = (/** @type {object} */ options) => {
    const verifier = jose.createVerifier(options)
    const verify = (/** @type {unknown} */ token) => verifier.verify(token)
    const verifySync = (/** @type {unknown} */ token) =>
      orLater(
        () => verifier.verifySync(token),
        () => verify(token),
      )
    return { verify, verifySync }
  }
  const anyPolicy = { issuer: null, audience: null, requireExp: false, typ: null }
  /** @param {unknown} token @param {unknown} key @param {object} [options] */
  const decode = (token, key, options) =>
    orLater(
      () => jose.decode(token, key, options),
      async () => (await jose.verifyJwt(token, key, { ...anyPolicy, ...options })).claims,
    )
  return { ...surface, jose: { ...jose, createVerifier, decode } }
}

/** Every verifier remembers, and is asked twice. @param {Surface} surface @returns {Surface} */
function withCache(surface) {
  const { jose } = surface
  const createVerifier = (/** @type {object} */ options) => {
    const verifier = jose.createVerifier({ cache: true, ...options })
    return {
      verify: (/** @type {unknown} */ token) => askTwice(() => verifier.verify(token)),
      verifySync: (/** @type {unknown} */ token) => askTwice(() => verifier.verifySync(token)),
    }
  }
  /** @param {unknown} token @param {unknown} keys @param {object} options */
  const verifyJwt = (token, keys, options) =>
    typeof options === 'object' && options !== null
      ? askTwice(() => jose.createVerifier({ cache: true, ...options, keys }).verify(token))
      : jose.verifyJwt(token, keys, options)
  return { ...surface, jose: { ...jose, createVerifier, verifyJwt } }
}

/**
 * Every verifier has the option `signatures: 'webassembly'`, and raw signatures are verified as there; the tables are there
 * from the first signature on.
 *
 * @param {(path: string) => Promise<any>} load
 * @returns {Promise<Surface>}
 */
async function withTables(load) {
  const surface = await openSurface(load)
  const { useTablesAtOnce, withTables: tabled } = await load('crypto/signature-tables')
  const [{ verifyBytes }, { requireMaterial }] = [await load('crypto/signature'), await load('jwk/key')]
  if (!(await useTablesAtOnce(true))) throw new Error('the tables are not here')
  const { jose } = surface
  const createVerifier = (/** @type {object} */ options) =>
    jose.createVerifier({ signatures: 'webassembly', ...options })
  /** @param {unknown} token @param {unknown} keys @param {object} options */
  const verifyJwt = (token, keys, options) =>
    typeof options === 'object' && options !== null
      ? createVerifier({ cache: false, ...options, keys }).verify(token)
      : jose.verifyJwt(token, keys, options)
  return {
    ...surface,
    jose: { ...jose, createVerifier, verifyJwt },
    verifyRaw: async (key, data, signature) => verifyBytes(tabled(requireMaterial(key)), data, signature),
  }
}

/** The outcome of a question, which is the same the second time. @param {() => any} ask */
export async function askTwice(ask) {
  const [first, second] = [await outcomeOf(ask), await outcomeOf(ask)]
  const isSame =
    'error' in first
      ? 'error' in second && codeOf(first.error) === codeOf(second.error)
      : 'claims' in second && isDeepStrictEqual(first.claims, second.claims)
  if (!isSame) throw new Error('the second time it came to another verdict')
  if ('error' in first) throw first.error
  return first
}

/** @param {() => any} ask @returns {Promise<Outcome>} */
async function outcomeOf(ask) {
  try {
    return await ask()
  } catch (error) {
    return { error }
  }
}

/** @param {any} error */
const codeOf = (error) => error?.code ?? String(error)
