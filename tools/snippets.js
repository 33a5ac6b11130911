// @ts-check
/** The code blocks of the documentation: read from the pages, so that they can be compiled and run. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** @typedef {{ page: string, number: number, language: string, library: string, code: string }} Snippet */

/** The fenced blocks of a page; language and library are the words behind the fence. @param {string} path @returns {Snippet[]} */
export function snippetsOf(path) {
  const page = basename(path, '.md')
  const blocks = readFileSync(path, 'utf8').matchAll(/^```([a-z]+)(?: ([a-z-]+))?\n([^]*?)^```$/gm)
  return [...blocks].map(([, language = '', library = '', code = ''], index) => ({
    page,
    number: index + 1,
    language,
    library,
    code,
  }))
}

/** The pages of a folder. @param {string} folder @returns {string[]} */
export function pagesOf(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'))
  return names.sort().map((name) => join(folder, name))
}

/** Whether a block is a whole program that uses Tessera. @param {Snippet} snippet */
export function isTessera({ language, library, code }) {
  return language === 'ts' && (library === '' || library === 'tessera') && code.includes("from '@tessera/")
}

/**
 * Writes blocks as modules into an empty folder and gives their paths.
 *
 * @param {readonly Snippet[]} snippets @param {string} folder
 */
export function writeSnippets(snippets, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return snippets.map((snippet) => {
    const path = join(folder, `${snippet.page}-${snippet.number}.ts`)
    writeFileSync(path, snippet.code)
    return path
  })
}
