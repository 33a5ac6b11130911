// @ts-check
/**
 * `node tools/common-passwords.js PASSWORDS.json`: writes packages/server/data/common-passwords.br, the passwords that the
 * server refuses, from the list of npm `@zxcvbn-ts/language-common` (`npm pack` it, `package/src/passwords.json`).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('expected the path of passwords.json')
const list = JSON.parse(readFileSync(path, 'utf8'))
if (!Array.isArray(list)) throw new Error('expected a JSON array of texts')

/** The form in which common-passwords.ts looks them up. */
const words = list.map((word) => String(word).normalize('NFKC').toLowerCase())
const text = [...new Set(words)].sort().join('\n')
const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
const target = new URL('../packages/server/data/common-passwords.br', import.meta.url)
writeFileSync(target, brotliCompressSync(text, { params }))
console.log(`${new Set(words).size} passwords`)
