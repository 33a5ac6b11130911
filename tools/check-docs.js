// @ts-check
/**
 * Holds the documentation against the code, in both directions: every error code has a page and every page a
 * code, every environment name a row and every row a name; links inside the repository lead somewhere; no text holds
 * a path of the machine it was written on.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { maskSource } from './read-source.js'

const skippedFolders = new Set([
  'node_modules',
  'dist',
  '.git',
  '.tessera',
  '.blocks',
  'artifacts',
  'coverage',
])

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** The texts of `export const <name> = [ '…', … ]`. @param {string} source @param {string} name */
function listedIn(source, name) {
  const { code, strings } = maskSource(source)
  const list =
    new RegExp(`export const ${name}\\b[^=]*=\\s*(?:Object\\.freeze\\()?\\[([^\\]]*)\\]`).exec(code)?.[1] ??
    ''
  return [...list.matchAll(/§(\d+)§/g)].map((match) => strings[Number(match[1])] ?? '')
}

/**
 * Both directions of "the same set of names".
 * @param {{ code: Iterable<string>, docs: Iterable<string>, page: string, what: string }} sets
 */
function differences({ code, docs, page, what }) {
  const [inCode, inDocs] = [new Set(code), new Set(docs)]
  return [
    ...[...inCode]
      .filter((name) => !inDocs.has(name))
      .map((name) => `${page}: the ${what} ${name} is missing`),
    ...[...inDocs]
      .filter((name) => !inCode.has(name))
      .map((name) => `${page}: the code has no ${what} ${name}`),
  ]
}

/**
 * Every code has a page with its name as heading, and a row in the list of all.
 * @param {string} root @returns {string[]}
 */
function errorCodeFaults(root) {
  const folder = 'docs/errors'
  const list = `${folder}/README.md`
  const code = [
    ...listedIn(read(join(root, 'packages/jose/src/errors.ts')), 'tokenErrorCodes'),
    ...listedIn(read(join(root, 'packages/guard/src/problem.ts')), 'requestErrorCodes'),
  ]
  const pages = filesBelow(join(root, folder))
    .map((path) => basename(path, '.md'))
    .filter((name) => name !== 'README')
  const rows = [...read(join(root, list)).matchAll(/^\| \[`([a-z_]+)`\]\(\1\.md\)/gm)].map(
    (match) => match[1] ?? '',
  )
  return [
    ...differences({ code, docs: pages, page: folder, what: 'code' }),
    ...differences({ code, docs: rows, page: list, what: 'code' }),
    ...rows.filter((name, index) => rows.indexOf(name) !== index).map((name) => `${list}: ${name} twice`),
    ...pages
      .filter((name) => !read(join(root, folder, `${name}.md`)).startsWith(`# \`${name}\`\n`))
      .map((name) => `${folder}/${name}.md: the heading is not the code`),
  ]
}

/** @param {string} root @returns {string[]} */
function environmentFaults(root) {
  const page = 'docs/configuration.md'
  const sources = filesBelow(join(root, 'packages/server/src')).filter((path) => path.endsWith('.ts'))
  const inCode = sources.flatMap((path) => {
    const { code, strings } = maskSource(read(path))
    return [code, ...strings].flatMap(environmentNames)
  })
  const rows = [...read(join(root, page)).matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1] ?? '')
  // HOST, PORT and LOG_LEVEL are words of every program; only our own names can be told from others in the code.
  return differences({ code: inCode, docs: rows.flatMap(environmentNames), page, what: 'variable' })
}

/** @param {string} text */
function environmentNames(text) {
  const names = text.match(/\bTESSERA_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g) ?? []
  // `…_FILE` reads the same setting from a file; the page says so once.
  return names.map((name) => name.replace(/_FILE$/, ''))
}

/** The anchor that a heading gets. @param {string} heading */
function anchorOf(heading) {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** The page without its code blocks and code spans. @param {string} markdown */
const prose = (markdown) => markdown.replace(/^(```|~~~)[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')

/** @param {string} path @returns {Set<string>} */
function anchorsOf(path) {
  const text = read(path).replace(/^(```|~~~)[^]*?^\1/gm, '')
  return new Set([...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map((match) => anchorOf(match[1] ?? '')))
}

/** @param {{ root: string, page: string, link: string }} where @returns {string | undefined} */
function linkFault({ root, page, link }) {
  const [path = '', anchor] = decodeURI(link).split('#')
  const target = path === '' ? page : resolve(dirname(page), path)
  if (relative(root, target).startsWith('..')) return 'leaves the repository'
  if (!existsSync(target)) return 'leads nowhere'
  // A folder is a page on some hosts, and nothing in the built documentation.
  if (statSync(target).isDirectory()) return 'leads to a folder: name a file of it'
  if (anchor && extname(target) === '.md' && !anchorsOf(target).has(anchor))
    return `has no heading #${anchor}`
  return undefined
}

/** @param {string} root @returns {string[]} */
function linkFaults(root) {
  return filesBelow(root)
    .filter((path) => path.endsWith('.md'))
    .flatMap((page) => {
      const links = [...prose(read(page)).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(
        (match) => match[1] ?? '',
      )
      return links
        .filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link))
        .flatMap((link) => {
          const fault = linkFault({ root, page, link })
          return fault ? [`${fromRoot(root, page)}: the link ${link} ${fault}`] : []
        })
    })
}

/** @param {string} root @param {string} path */
const fromRoot = (root, path) => relative(root, path).split(sep).join('/')

/** @param {string} root @returns {string[]} */
function machinePathFaults(root) {
  const home = homedir()
  const own = [resolve(root), ...(home.split(sep).length > 2 ? [home] : [])]
  const personal = /(?:\/home|\/Users|C:\\Users)[/\\][A-Za-z0-9._-]+/
  return filesBelow(root)
    .filter((path) => statSync(path).size < 1_000_000)
    .flatMap((path) => {
      const text = read(path)
      const found = own.find((name) => text.includes(name)) ?? personal.exec(text)?.[0]
      return found === undefined ? [] : [`${fromRoot(root, path)}: holds a path of one machine: ${found}`]
    })
}

/**
 * Every disagreement between documentation and code.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkDocs(root) {
  return [
    ...errorCodeFaults(root),
    ...environmentFaults(root),
    ...linkFaults(root),
    ...machinePathFaults(root),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = checkDocs(resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))))
  for (const fault of faults) console.log(fault)
  if (faults.length > 0) process.exitCode = 1
}
