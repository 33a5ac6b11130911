// @ts-check
/** Loading a library and verifying the first token, each time in a new process. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeKeys, makeTokens, standardClaims } from '../tokens.js'

const title = 'cold process: load and first verify'
const names = ['tessera', 'fast-jwt', 'jsonwebtoken', 'jose', 'hono/jwt']
const program = fileURLToPath(new URL('cold-start.js', import.meta.url))

export const cold = { title, run }

/** @param {{ rounds: number }} effort @returns {Promise<import('../measure.js').Table>} */
async function run({ rounds }) {
  const keys = await makeKeys('HS256')
  const [token = ''] = makeTokens(keys, standardClaims)
  const rows = names.map((name) => ({ name, samples: /** @type {number[]} */ ([]) }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [turn] of rows.entries()) {
      const row = rows[(turn + round) % rows.length]
      const ms = Number(execFileSync(process.execPath, [program, row?.name ?? '', keys.signing.text, token]))
      // The first round fills the file cache.
      if (round > 0) row?.samples.push(ms * 1000)
    }
  }
  return { title, reference: 'fast-jwt', unit: 'µs', rows }
}
