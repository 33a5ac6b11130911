/**
 * `npm run sizes`: what the library weighs in a browser's bundle, minified and gzipped, beside its peers.
 *   -- --write        the table into docs/sizes.md
 *   -- --files NAME   what the source files of one case weigh in it
 */
import { readFileSync, writeFileSync } from 'node:fs'
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
    plugins: [withoutWebAssembly],
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

/**
 * The octets of the WebAssembly engine are not counted: they are one constant, and a choice of their own.
 * @type {import('esbuild').Plugin}
 */
const withoutWebAssembly = {
  name: 'without WebAssembly',
  setup: ({ onLoad }) => {
    onLoad({ filter: /wasm-module\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll(/'[\w+/=-]{200,}'/g, "''")
      return { contents, loader: 'ts' }
    })
  },
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
async function rowsOf({ name, code, limit, wish, without = [], peers = [] }) {
  const present = presentOnly(code)
  if (present === undefined) return []
  const own = await sizeOf(present)
  check(
    own.gzipped <= limit * 1024,
    `${name}: ${kilobytes(own.gzipped)} KB, expected at most ${limit} KB: say in measures/sizes/cases.js why it may grow`,
  )
  for (const text of without) check(!text.test(own.text), `${name}: the bundle holds ${text.source}`)
  if (values.files === name) printFiles(own)
  const rows = [row(name, 'Tessera', own, `${limit} | ${wish ?? ''}`)]
  for (const peer of peers) rows.push(row('', peer.name, await sizeOf(peer.code), ' | '))
  return rows
}

/** @param {string} name @param {string} library @param {Size} size @param {string} bounds */
function row(name, library, { minified, gzipped }, bounds) {
  return `| ${name} | ${library} | ${kilobytes(minified)} | ${kilobytes(gzipped)} | ${bounds} |`
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
  '| import | library | KB minified | KB gzipped | limit | asked |',
  '|---|---|---|---|---|---|',
  ...(await Promise.all(cases.map(rowsOf))).flat(),
].join('\n')
console.log(table)

const page = `${root}/docs/sizes.md`
if (values.write === true) await writePage()
for (const fault of faults) console.log(`FAILED  ${fault}`)
console.log(`${checks - faults.length} passed, ${faults.length} failed`)
process.exitCode = faults.length === 0 ? 0 : 1

/** What the first case is made of, room by room, and the five largest files of each. */
async function partsTable() {
  const { files, minified } = await sizeOf(cases[0]?.code ?? '')
  /** @type {Map<string, [string, number][]>} */
  const rooms = new Map()
  for (const [path, bytes] of files) {
    const [room = '', name = room] = path.replace(/^.*packages\/jose\/src\//, '').split('/')
    rooms.set(room, [...(rooms.get(room) ?? []), [name, bytes]])
  }
  const weight = (/** @type {[string, number][]} */ own) => own.reduce((sum, [, bytes]) => sum + bytes, 0)
  return [
    '| room | KB minified | share | largest files |',
    '|---|---|---|---|',
    ...[...rooms]
      .sort(([, a], [, b]) => weight(b) - weight(a))
      .map(([room, own]) => {
        const largest = own.sort((a, b) => b[1] - a[1]).slice(0, 5)
        const list = largest
          .map(([name, bytes]) => `${name.replace('.ts', '')} ${kilobytes(bytes)}`)
          .join(', ')
        return `| ${room.replace('.ts', '')} | ${kilobytes(weight(own))} | ${((100 * weight(own)) / minified).toFixed(0)} % | ${list} |`
      }),
  ].join('\n')
}

async function writePage() {
  const parts = await partsTable()
  const filled = (/** @type {string} */ text, /** @type {string} */ name, /** @type {string} */ content) =>
    text.replace(
      new RegExp(`<!-- ${name} -->[^]*<!-- end of ${name} -->`),
      `<!-- ${name} -->\n\n${content}\n\n<!-- end of ${name} -->`,
    )
  writeFileSync(page, filled(filled(readFileSync(page, 'utf8'), 'sizes', table), 'parts', parts))
}
