// @ts-check
/**
 * `npm run build:wasm`: compiles tools/wasm with the compiler that its lock file names, and writes the result as text into
 * the product. The same source gives the same octets on every machine.
 *   -- --check   compares instead of writing: what is committed must be what the source gives
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installOwn, runOrExit } from './own-tools.js'
import { root } from './setup.js'

const folder = join(root, 'tools/wasm')
const target = 'packages/jose/src/crypto/wasm-module.ts'
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })

installOwn(folder)
runOrExit(
  process.execPath,
  [
    'node_modules/assemblyscript/bin/asc.js',
    '--config',
    'asconfig.json',
    '--outFile',
    'node_modules/.token-engine.wasm',
  ],
  folder,
)
const module = readFileSync(join(folder, 'node_modules/.token-engine.wasm'))
const text = `/** ${module.length} octets of WebAssembly from tools/wasm. Made by \`npm run build:wasm\`; not edited by hand. */
export const wasmModule: string =
  '${module.toString('base64url')}'
`
if (values.check === true) {
  const isSame = readFileSync(join(root, target), 'utf8') === text
  console.log(
    isSame ? `ok: ${target} is what the source gives` : `FAILED: ${target} is not what the source gives`,
  )
  console.log(isSame ? '1 passed, 0 failed' : '0 passed, 1 failed')
  process.exitCode = isSame ? 0 : 1
} else {
  writeFileSync(join(root, target), text)
  console.log(`${target}: ${module.length} octets`)
}
