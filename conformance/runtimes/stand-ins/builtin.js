/**
 * The modules of Node that tests import, on runtimes that have them, others, or none. `bundle.js` writes one module for
 * each import of `node:…`, which asks here for every name.
 */
import { Unavailable } from '../suite/unavailable.js'

/** What the host script says of the runtime before the suite is loaded. @type {{ isNode?: boolean, builtin?: (name: string) => any }} */
const host = /** @type {any} */ (globalThis).tesseraHost ?? {}

/**
 * Where a module of Node comes from. `ours`: from what we bring along. `reference`: Node's own where Node is what runs,
 * elsewhere ours, never the runtime's imitation, which would agree with the runtime's faults. `runtime`: the runtime's own
 * where it has one, elsewhere ours.
 *
 * @param {string} module  such as `node:crypto`
 * @param {Record<string, unknown>} own
 * @param {'ours' | 'reference' | 'runtime'} from
 * @returns {(name: string) => any}
 */
export function choose(module, own, from) {
  const mayBeReal = from === 'runtime' || (from === 'reference' && host.isNode)
  const source = (mayBeReal ? host.builtin?.(module) : undefined) ?? own
  return (name) => source[name] ?? missing(`${name} of ${module}`)
}

/** What fails when it is used: called, made anew, or asked for a member that is. @param {string} what */
function missing(what) {
  // No arrow function: it may be made anew.
  function fail() {
    throw new Unavailable(`needs ${what}`)
  }
  return new Proxy(fail, { construct: fail, get: () => missing(what) })
}
