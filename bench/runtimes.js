// @ts-check
/** The same benchmark on other runtimes: those that conformance/runtimes installs from npm. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programOf, runtimes } from '../conformance/runtimes/runtimes.js'

/** @typedef {import('./report.js').Report} Report */

/** @param {string[]} names such as `20` or `bun` @param {{ only?: string, rounds?: string }} options @returns {Report[]} */
export function measureOn(names, { only, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'))
  const file = join(folder, 'report.json')
  const options = [
    ...(only === undefined ? [] : ['--only', only]),
    ...(rounds === undefined ? [] : ['--rounds', rounds]),
  ]
  try {
    return names.flatMap((name) => {
      const args = [
        '--no-warnings',
        fileURLToPath(new URL('run.js', import.meta.url)),
        '--json',
        file,
        ...options,
      ]
      const { status } = spawnSync(programNamed(name), args, {
        stdio: 'inherit',
        env: { ...process.env, TESSERA_BENCH_PART: '1' },
      })
      if (status !== 0) throw new Error(`${name}: expected code 0, got ${status}`)
      return JSON.parse(readFileSync(file, 'utf8'))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param {string} name */
function programNamed(name) {
  const runtime = runtimes.find(({ id }) => id === name || id === `node${name}`)
  const program = runtime && programOf(runtime)
  if (program === undefined)
    throw new Error(`${name} is not there: \`npm ci\` in conformance/runtimes installs it`)
  return program
}
