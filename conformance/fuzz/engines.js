// @ts-check
/**
 * The library as several runtimes have it, in one process: `node` uses `node:crypto`; `portable` finds neither that nor
 * WebAssembly and computes HMAC with its own SHA-2; `wasm` finds WebAssembly alone.
 */
import { register } from 'node:module'

/** @typedef {Awaited<ReturnType<typeof loadEngine>>} Library */
/** @typedef {'node' | 'portable' | 'wasm'} EngineName */

/** @type {readonly EngineName[]} */
export const engineNames = ['node', 'portable', 'wasm']

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
 * The exports of every room. One engine is loaded at a time: what it finds in the process while it loads is what it uses.
 *
 * @param {EngineName} name
 * @returns {Promise<{ name: EngineName } & Record<string, any>>}
 */
export function loadEngine(name) {
  const loading = lastLoad.then(() => load(name))
  lastLoad = loading.catch(() => undefined)
  return loading
}

/** @param {EngineName} name */
async function load(name) {
  if (!registered) register(new URL('engine-hooks.js', import.meta.url))
  registered = true
  const { getBuiltinModule } = process
  const { WebAssembly } = globalThis
  try {
    if (name !== 'node') process.getBuiltinModule = () => undefined
    if (name === 'portable') Reflect.deleteProperty(globalThis, 'WebAssembly')
    const built = new URL('../../packages/jose/dist/', import.meta.url)
    const modules = await Promise.all(
      rooms.map((room) => import(new URL(`${room}.js?engine=${name}`, built).href)),
    )
    return Object.assign({ name }, ...modules)
  } finally {
    process.getBuiltinModule = getBuiltinModule
    globalThis.WebAssembly = WebAssembly
  }
}
