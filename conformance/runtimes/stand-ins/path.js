/** `node:path` over the paths of `fs.js`. */

/** @param {...string} parts */
export const join = (...parts) => new URL(parts.join('/').replaceAll(/\/{2,}/g, '/'), 'file:///').pathname

/** @param {...string} parts */
export const resolve = (...parts) => join(...parts)
