// @ts-check
/**
 * `npm run build:wasm`: compiles tools/wasm with the compiler that its lock file names, and writes the results as text into
 * the product. The same source gives the same octets on every machine.
 *   -- --check   compares instead of writing: what is committed must be what the source gives
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installOwn, runOrExit } from './own-tools.js'
import { root } from './setup.js'

/**
 * What is compiled to what. `pages` of 64 KiB are all the memory that a module ever has.
 *
 * @typedef {{ source: string, pages: number, target: string, name: string }} Module
 * @type {readonly Module[]}
 */
const modules = [
  { source: 'assembly/index.ts', pages: 2, target: 'wasm-module.ts', name: 'wasmModule' },
  { source: 'curves/ed25519.ts', pages: 67, target: 'ed25519-module.ts', name: 'ed25519Module' },
  { source: 'curves/p256.ts', pages: 45, target: 'p256-module.ts', name: 'p256Module' },
]

const folder = join(root, 'tools/wasm')
const compiled = 'node_modules/.compiled.wasm'
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })

/** The text of a module as the product holds it. @param {Module} module */
function compile({ source, pages, name }) {
  const memory = ['--initialMemory', String(pages), '--maximumMemory', String(pages)]
  const compiler = 'node_modules/assemblyscript/bin/asc.js'
  runOrExit(
    process.execPath,
    [compiler, source, '--config', 'asconfig.json', ...memory, '--outFile', compiled],
    folder,
  )
  const octets = readFileSync(join(folder, compiled))
  return `/** ${octets.length} octets of WebAssembly from tools/wasm. Made by \`npm run build:wasm\`; not edited by hand. */
export const ${name}: string =
  '${octets.toString('base64url')}'
`
}

installOwn(folder)
let failed = 0
for (const module of modules) {
  const target = `packages/jose/src/crypto/${module.target}`
  const text = compile(module)
  const isSame = values.check === true && readFileSync(join(root, target), 'utf8') === text
  if (values.check !== true) writeFileSync(join(root, target), text)
  else if (!isSame) failed += 1
  const verdict = isSame ? 'ok: is what the source gives' : 'FAILED: is not what the source gives'
  console.log(`${target}: ${values.check === true ? verdict : 'written'}`)
}
if (values.check === true) console.log(`${modules.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
