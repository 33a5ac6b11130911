// @ts-check
/** What a cache of verified tokens weighs: heap before and after, in a process that can collect its garbage. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const title = 'memory of a cached token'
const program = fileURLToPath(new URL('cache-memory.js', import.meta.url))

export const memory = { title, run }

/** @returns {Promise<import('../measure.js').Table>} */
async function run() {
  const rows = []
  for (const name of ['tessera', 'fast-jwt']) {
    const bytes = Number(execFileSync(process.execPath, ['--expose-gc', '--no-warnings', program, name]))
    rows.push({ name, samples: [bytes] })
  }
  return { title, reference: 'fast-jwt', unit: 'bytes', rows }
}
