// @ts-check
/** Every table of the benchmark: those of interleaved cases, and those that need processes of their own. */
import { caching } from './cases/cached.js'
import { decoding } from './cases/decode.js'
import { growing } from './cases/growth.js'
import { refusing } from './cases/refuse.js'
import { signing } from './cases/sign.js'
import { verifyAsymmetric } from './cases/verify-asymmetric.js'
import { verifyHs256 } from './cases/verify-hs256.js'
import { cold } from './whole/cold.js'
import { http } from './whole/http.js'
import { memory } from './whole/memory.js'

/** @typedef {{ title: string, build: () => Promise<import('./measure.js').Group> }} Plan */

/** @type {Plan[]} */
const plans = [
  ...verifyHs256,
  ...signing,
  ...decoding,
  ...refusing,
  ...verifyAsymmetric,
  ...caching,
  ...growing,
]

/** @param {string} title @param {string | undefined} only */
const isWanted = (title, only) => only === undefined || title.toLowerCase().includes(only.toLowerCase())

/** The groups whose title contains a text. @param {string | undefined} only */
export async function buildGroups(only) {
  const groups = []
  for (const { title, build } of plans) if (isWanted(title, only)) groups.push(await build())
  return groups
}

/**
 * The tables that need processes of their own, one after the other.
 *
 * @param {string | undefined} only @param {{ rounds: number, sliceMs: number }} effort
 */
export async function measureProcesses(only, effort) {
  const tables = []
  for (const { title, run } of [http, cold, memory]) if (isWanted(title, only)) tables.push(await run(effort))
  return tables
}
