/**
 * `npm run sizes`: what the library weighs in a browser's bundle, minified and gzipped, beside its peers.
 *   -- --write        the table into docs/sizes.md
 *   -- --files NAME   what the source files of one case weigh in it
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { cases } from './cases.js'

/** @typedef {import('./cases.js').Case} Case */
/** @typedef {{ minified: number, gzipped: number, files: [string, number][], text: string }} Size */

const { values } = parseArgs({ options: { write: { type: 'boolean' }, files: { type: 'string' } } })
const folder = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const { exports: subpaths } = JSON.parse(readFileSync(`${root}/packages/jose/package.json`, 'utf8'))

/** @param {string} code @returns {Promise<Size>} */
async function sizeOf(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    // Peers that need Node's modules are measured without them.
    platform: code.includes('@tessera') ? 'browser' : 'node',
    conditions: ['@tessera/source'],
    logLevel: 'error',
  })
  const output = Object.values(metafile.outputs)[0]
  const bytes = /** @type {{ contents: Uint8Array, text: string }} */ (outputFiles[0])
  const files = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput])
  return {
    minified: bytes.contents.length,
    gzipped: gzipSync(bytes.contents, { level: 9 }).length,
    files: /** @type {[string, number][]} */ (files),
    text: bytes.text,
  }
}

const kilobytes = (/** @type {number} */ bytes) => (bytes / 1024).toFixed(1)

/** The modules that are there; rooms that a version lacks are left out. @param {string} code */
function presentOnly(code) {
  const lines = code.split('\n').filter((line) => {
    const subpath = /'@tessera\/jose(\/\w+)'/.exec(line)?.[1]
    return subpath === undefined || `.${subpath}` in subpaths
  })
  return lines.length === 0 ? undefined : lines.join('\n')
}

/** @type {string[]} */
const faults = []
let checks = 0

/** @param {boolean} ok @param {string} message */
function check(ok, message) {
  checks += 1
  if (!ok) faults.push(message)
}

/** @param {Case} given @returns {Promise<string[]>} */
async function rowsOf({ name, code, goal, without = [], peers = [] }) {
  const present = presentOnly(code)
  if (present === undefined) return []
  const own = await sizeOf(present)
  if (goal !== undefined) {
    check(
      own.gzipped <= goal,
      `${name}: ${kilobytes(own.gzipped)} KB, expected at most ${kilobytes(goal)} KB`,
    )
  }
  for (const text of without) check(!text.test(own.text), `${name}: the bundle holds ${text.source}`)
  if (values.files === name) printFiles(own)
  const rows = [row(name, 'Tessera', own, goal === undefined ? '' : `≤ ${kilobytes(goal)}`)]
  for (const peer of peers) rows.push(row('', peer.name, await sizeOf(peer.code), ''))
  return rows
}

/** @param {string} name @param {string} library @param {Size} size @param {string} goal */
function row(name, library, { minified, gzipped }, goal) {
  return `| ${name} | ${library} | ${kilobytes(minified)} | ${kilobytes(gzipped)} | ${goal} |`
}

/** @param {Size} size */
function printFiles({ files }) {
  for (const [path, bytes] of files.toSorted((a, b) => b[1] - a[1])) {
    if (bytes > 0)
      console.log(`${String(bytes).padStart(7)}  ${path.replace(/^.*packages\/jose\/src\//, '')}`)
  }
}

const { sideEffects } = JSON.parse(readFileSync(`${root}/packages/jose/package.json`, 'utf8'))
check(sideEffects === false, 'package.json: expected "sideEffects": false')

const table = [
  '| import | library | KB minified | KB gzipped | goal |',
  '|---|---|---|---|---|',
  ...(await Promise.all(cases.map(rowsOf))).flat(),
].join('\n')
console.log(table)

const page = `${root}/docs/sizes.md`
if (values.write === true) writePage()
for (const fault of faults) console.log(fault)
console.log(`${checks - faults.length} passed, ${faults.length} failed`)
process.exitCode = faults.length === 0 ? 0 : 1

function writePage() {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '# Sizes\n\n<!-- table -->\n<!-- end -->\n'
  writeFileSync(
    page,
    text.replace(/<!-- table -->[^]*<!-- end -->/, `<!-- table -->\n\n${table}\n\n<!-- end -->`),
  )
}
