// @ts-check
/** What must stay as it is while hostile inputs are read: the built-in prototypes, and the memory. */

const watched = [Object, Array, String, Function, Promise, Map, Set, Uint8Array, Error].map(
  (type) => type.prototype,
)

/** A text that changes when a built-in prototype does. */
export function prototypeState() {
  return watched
    .map((prototype) =>
      Reflect.ownKeys(prototype)
        .map((key) => String(key))
        .join(),
    )
    .join('|')
}

const collectGarbage = /** @type {{ gc?: () => void }} */ (globalThis).gc

/** Octets in use after a full collection; undefined without `--expose-gc`. */
export function memoryInUse() {
  if (collectGarbage === undefined) return undefined
  collectGarbage()
  collectGarbage()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

/**
 * By how many octets memory grew, from the least of the second quarter of the samples to the least of the last one: caches
 * fill in the first, and the least is what does not depend on when the collector came.
 *
 * @param {readonly number[]} samples
 */
export function growthOf(samples) {
  if (samples.length < 4) return 0
  const quarter = Math.floor(samples.length / 4)
  return Math.min(...samples.slice(-quarter)) - Math.min(...samples.slice(quarter, 2 * quarter))
}
