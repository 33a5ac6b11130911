// @ts-check
/** Ports for servers that tests start as processes of their own, and that have to say where they will listen. */
import { createServer } from 'node:net'

/** Below those that Linux (from 32768) and others (from 49152) give to whoever asks for any port, or connects. */
const lowest = 20_000
const count = 12_000

/**
 * A port of the loopback address on which nobody listens. Nobody is given it unasked: while a server that was killed is
 * down, no other test takes its place.
 *
 * @param {() => number} [random] from 0 to below 1
 * @returns {Promise<number>}
 * @throws {Error} when fifty in a row are taken
 */
export async function freePort(random = Math.random) {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = lowest + Math.floor(random() * count)
    if (await isFree(port)) return port
  }
  throw new Error('expected a free port on 127.0.0.1, found fifty that are taken')
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
