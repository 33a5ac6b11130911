// @ts-check
/** Finds and reads the folder of vectors. The format is described in `conformance/README.md`. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))

/** How many vectors the folder holds, for the line that says how many were left out when it is absent. */
export const usualVectorCount = 3835

/**
 * The folder to read: what the caller named, else `TESSERA_VECTORS`, else `../shared/vectors` beside the repository.
 *
 * @param {string | undefined} named
 * @returns {{ directory: string, named: boolean, found: boolean }}
 */
export function findVectors(named) {
  const asked = named ?? process.env['TESSERA_VECTORS']
  const directory = asked === undefined ? resolve(root, '../shared/vectors') : resolve(asked)
  return { directory, named: asked !== undefined, found: existsSync(directory) }
}

/**
 * Reads a JSON file of the folder, or gives undefined when the folder has no such file.
 *
 * @param {string} directory
 * @param {string} name
 * @returns {any}
 */
export function readVectors(directory, name) {
  const path = join(directory, name)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * The content of a file of the folder in a list, or an empty list where it is no JSON, which is a failure of its own.
 *
 * @param {{ folder: string, file: string, group: string }} place
 * @param {import('./tally.js').Tally} tally
 * @returns {any[]}
 */
export function readOrFail({ folder, file, group }, tally) {
  try {
    return [readVectors(folder, file)]
  } catch (error) {
    tally.fail(group, file, `cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

/**
 * The tokens of an attack entry, in the form in which the library is handed them: text, or for `jsInput` any value.
 *
 * @param {any} entry
 * @param {string} directory
 * @returns {unknown[]}
 */
export function tokensOf(entry, directory) {
  if (entry.tokens !== undefined) return entry.tokens
  if (entry.tokenFile !== undefined) return [readTokenFile(entry, directory)]
  if (entry.jsInput !== undefined) return [evaluate(entry.jsInput, { TOKEN: entry.token })]
  return [entry.token]
}

/**
 * @param {any} entry
 * @param {string} directory
 */
function readTokenFile(entry, directory) {
  const stored = readFileSync(tokenPath(entry.tokenFile, directory))
  const bytes = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored
  const { tokenLength = bytes.length, tokenSha256 } = entry
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (bytes.length !== tokenLength || digest !== (tokenSha256 ?? digest)) {
    throw new Error(`vector file ${entry.tokenFile} does not match its stated length and SHA-256`)
  }
  return bytes.toString('utf8')
}

/**
 * @param {string} name
 * @param {string} directory
 */
function tokenPath(name, directory) {
  const direct = join(directory, name)
  return existsSync(direct) ? direct : join(directory, 'attacks-big', name)
}

/**
 * Evaluates an expression of a vector file. Vector files are code as much as data: run only folders that you trust.
 *
 * @param {string} expression
 * @param {Record<string, unknown>} names
 * @returns {unknown}
 */
export function evaluate(expression, names) {
  return new Function(...Object.keys(names), `'use strict'; return (${expression})`)(...Object.values(names))
}
