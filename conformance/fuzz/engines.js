// @ts-check
/**
 * The library as several runtimes have it, in one process: `node` uses `node:crypto`, as for the first tokens of a process;
 * `one-shot` and `wasm` use a token engine, that for where no code may be compiled and that in WebAssembly, from the first
 * token; `portable` finds none of them and computes HMAC with its own SHA-2.
 */
import { register } from 'node:module'

/** @typedef {Awaited<ReturnType<typeof loadEngine>>} Library */
/** @typedef {'node' | 'one-shot' | 'portable' | 'wasm'} EngineName */

/** @type {readonly EngineName[]} */
export const engineNames = ['node', 'one-shot', 'portable', 'wasm']

const rooms = [
  'index',
  'unverified',
  'jws/index',
  'jwe/index',
  'jwk/index',
  'jwt/index',
  'dpop/index',
  'errors',
]
let registered = false

/** @type {Promise<unknown>} */
let lastLoad = Promise.resolve()

/**
 * The exports of every room.
 *
 * @param {EngineName} name
 * @returns {Promise<{ name: EngineName } & Record<string, any>>}
 */
export async function loadEngine(name) {
  const load = await openEngine(name)
  return Object.assign({ name }, ...(await Promise.all(rooms.map(load))))
}

/**
 * What loads modules of the library, by their path below `src`, as one engine has them.
 *
 * @param {EngineName} name
 * @returns {Promise<(path: string) => Promise<any>>}
 */
export async function openEngine(name) {
  if (!registered) register(new URL('engine-hooks.js', import.meta.url))
  registered = true
  const load = (/** @type {string} */ path) => loadAlone(name, path)
  await chooseTokenEngine(name, load)
  return load
}

/** One module is loaded at a time: what it finds in the process while it loads is what it uses. @param {EngineName} name @param {string} path */
function loadAlone(name, path) {
  const loading = lastLoad.then(() => load(name, path))
  lastLoad = loading.catch(() => undefined)
  return loading
}

/** @param {EngineName} name @param {string} path */
async function load(name, path) {
  const { getBuiltinModule } = process
  try {
    if (name === 'portable') process.getBuiltinModule = () => undefined
    return await importModule(path, name)
  } finally {
    process.getBuiltinModule = getBuiltinModule
  }
}

/** @param {string} path @param {EngineName} name */
function importModule(path, name) {
  const built = new URL('../../packages/jose/dist/', import.meta.url)
  return import(new URL(`${path}.js?engine=${name}`, built).href)
}

/** Which token engine each has. @type {Record<EngineName, string>} */
const tokenEngines = { node: 'none', 'one-shot': 'node', portable: 'none', wasm: 'wasm' }

/**
 * A token engine comes late by itself; here it is there from the first token, or never.
 *
 * @param {EngineName} name
 * @param {(path: string) => Promise<any>} load
 */
async function chooseTokenEngine(name, load) {
  const { useTokenEngine } = await load('crypto/token-engine').catch(() => ({}))
  const isThere = (await useTokenEngine?.(tokenEngines[name])) === true
  if (isThere !== (tokenEngines[name] !== 'none')) throw new Error(`the engine ${name} is not here`)
}
