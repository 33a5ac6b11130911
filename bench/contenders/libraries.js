// @ts-check
/** What a library looks like to the benchmark, and the list of all of them. */
import { cloudflareWorkerJwt } from './cloudflare-worker-jwt.js'
import { fastJwt } from './fast-jwt.js'
import { hono } from './hono.js'
import { jose } from './jose.js'
import { jsonwebtoken } from './jsonwebtoken.js'
import { jwtSimple } from './jwt-simple.js'
import { nodeRs } from './node-rs.js'
import { tessera, tesseraWithoutWebAssembly, tesseraWithTables } from './tessera.js'

/** @typedef {import('../tokens.js').Keys} Keys */
/** @typedef {import('../tokens.js').Expected} Expected */
/**
 * One way to do it.
 * @template Input
 * @typedef {object} Contender
 * @property {string} name
 * @property {(input: Input) => any} act  verified or decoded claims, or a token; throws what it refuses
 * @property {boolean} [asynchronous]     gives a promise
 * @property {boolean} [native]           has machine code of its own
 */
/**
 * A library in its best practice: keys imported once, options prepared, `exp`, issuer and audience checked. An empty list
 * is an algorithm that it does not know.
 * @typedef {object} Peer
 * @property {(keys: Keys, expected: Expected) => Contender<string>[] | Promise<Contender<string>[]>} verifiers
 * @property {(keys: Keys) => Contender<object>[] | Promise<Contender<object>[]>} signers
 * @property {() => Contender<string>[]} decoders
 */

/** @type {readonly Peer[]} */
const libraries = [
  tessera,
  tesseraWithoutWebAssembly,
  tesseraWithTables,
  fastJwt,
  jsonwebtoken,
  jose,
  nodeRs,
  hono,
  jwtSimple,
  cloudflareWorkerJwt,
]

/** @param {Keys} keys @param {Expected} expected */
export async function verifiersOf(keys, expected) {
  const contenders = []
  for (const library of libraries) contenders.push(...(await library.verifiers(keys, expected)))
  return contenders
}

/** @param {Keys} keys */
export async function signersOf(keys) {
  const contenders = []
  for (const library of libraries) contenders.push(...(await library.signers(keys)))
  return contenders
}

export const decodersOf = () => libraries.flatMap((library) => library.decoders())
