// @ts-check
/**
 * Lays out a user's project: the packages as they are published (their declarations alone), and programs that use them,
 * among them the type tests of `packages/jose/test/types`, whose imports are turned into those of a user.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../tools/setup.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const typeTests = join(root, 'packages/jose/test/types')

/** Where the project is laid out. It stands inside the repository, so that third parties are found in `node_modules`. */
export const consumer = join(here, '.consumer')

/** @typedef {{ name: string, text: string }} Program  a file of the project */

/** What the type tests want of vitest: the assertions about types, and functions that are never called here. */
const vitest = `export { expectTypeOf } from 'expect-type'
export declare function test(title: string, body: () => void): void
export declare function expect(value: unknown): { toBe(value: unknown): void; toHaveLength(length: number): void }
`

/** Lays the project out anew. @returns {Program[]} its programs */
export function layOutConsumer() {
  rmSync(consumer, { recursive: true, force: true })
  for (const name of ['jose', 'guard', 'client', 'server', 'cli']) copyPackage(name)
  writeModule('vitest', vitest)
  const programs = [...programsOf(join(here, 'programs')), ...programsOf(typeTests).map(asUser)]
  for (const { name, text } of programs) writeFileSync(join(consumer, name), text)
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }\n')
  return programs
}

/** @param {string} name */
function copyPackage(name) {
  const [from, to] = [join(root, 'packages', name), join(consumer, 'node_modules/@tessera', name)]
  mkdirSync(to, { recursive: true })
  cpSync(join(from, 'package.json'), join(to, 'package.json'))
  cpSync(join(from, 'dist'), join(to, 'dist'), {
    recursive: true,
    filter: (path) => !/\.(?:js|map|tsbuildinfo)$/.test(path),
  })
}

/** @param {string} name @param {string} types */
function writeModule(name, types) {
  const folder = join(consumer, 'node_modules', name)
  mkdirSync(folder, { recursive: true })
  const manifest = { name, type: 'module', exports: { '.': { types: './index.d.ts' } } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'index.d.ts'), types)
}

/** @param {string} folder @returns {Program[]} */
function programsOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/** A type test as a user would write it. @param {Program} program @returns {Program} */
function asUser({ name, text }) {
  const asPackage = text.replaceAll(
    /'\.\.\/\.\.\/src\/(?:(\w+)\/)?(\w+)\.ts'/g,
    (_, /** @type {string | undefined} */ room, /** @type {string} */ file) =>
      `'@tessera/jose${room === undefined ? (file === 'index' ? '' : `/${file}`) : `/${room}`}'`,
  )
  return { name, text: asPackage }
}
