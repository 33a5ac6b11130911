/** Another realm, in browsers: that of a frame. */
import { Unavailable } from '../suite/unavailable.js'

/** @param {string} source */
export function runInNewContext(source) {
  const { document } = /** @type {any} */ (globalThis)
  if (document === undefined) throw new Unavailable('needs another realm')
  const frame = document.createElement('iframe')
  document.body.append(frame)
  return frame.contentWindow.eval(`(${source})`)
}
