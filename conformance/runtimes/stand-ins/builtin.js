/**
 * The modules of Node that tests import, on runtimes that have them, others, or none. `bundle.js` writes one module for
 * each import of `node:…`, which asks here for every name.
 */
import { Unavailable } from '../suite/unavailable.js'

/** What the host script says of the runtime before the suite is loaded. @type {{ isNode?: boolean, builtin?: (name: string) => any }} */
const host = /** @type {any} */ (globalThis).tesseraHost ?? {}

/**
 * Node's own module as a reference wherever Node is what runs; elsewhere what we bring along, which is the same on every
 * runtime, and only then the runtime's imitation.
 *
 * @param {string} module  such as `node:crypto`
 * @param {Record<string, unknown>} own
 * @param {'ours' | 'node'} first
 * @returns {(name: string) => any}
 */
export function choose(module, own, first) {
  const real = host.builtin?.(module)
  const order = first === 'node' && host.isNode ? [real, own] : [own, real]
  return (name) => {
    const found = order.find((from) => from?.[name] !== undefined)
    return found === undefined ? missing(`${name} of ${module}`) : found[name]
  }
}

/** @param {string} what */
function missing(what) {
  return function unavailable() {
    throw new Unavailable(`needs ${what}`)
  }
}
