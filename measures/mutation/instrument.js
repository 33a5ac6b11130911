/**
 * Mutants of the sources, all of them in one text: Stryker's instrumenter puts each behind a switch, so that nothing has
 * to be compiled again for the next one.
 */
import { readFileSync } from 'node:fs'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/**
 * @typedef {object} Mutant
 * @property {string} id
 * @property {string} fileName  an absolute path
 * @property {string} mutatorName  such as `ConditionalExpression`
 * @property {string} replacement  the text that stands in its place
 * @property {{ start: Position, end: Position }} location
 * @typedef {{ line: number, column: number }} Position  from 0
 */

const silent = Object.fromEntries(
  ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined]),
)
const logger = new Proxy(silent, {
  get: (target, name) => target[String(name)] ?? (() => false),
})

/**
 * @param {readonly string[]} files  absolute paths
 * @returns {Promise<{ sources: Map<string, string>, mutants: Mutant[] }>}
 */
export async function instrument(files) {
  const instrumenter = new Instrumenter(logger)
  const given = files.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }))
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false }
  const result = await instrumenter.instrument(given, options)
  return {
    sources: new Map(result.files.map(({ name, content }) => [name, content])),
    mutants: result.mutants,
  }
}
