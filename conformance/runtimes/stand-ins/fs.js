/** The files that tests read, as the bundle carries them; the same on every runtime. */
import files from 'virtual:files'
import { Buffer } from './buffer.js'

/** @param {unknown} path */
const nameOf = (path) => (path instanceof URL ? path.pathname : String(path))

/** @param {unknown} path */
export function existsSync(path) {
  const name = nameOf(path)
  return Object.keys(files).some((file) => file === name || file.startsWith(`${name}/`))
}

/** @param {unknown} path */
export function readFileSync(path) {
  const found = files[nameOf(path)]
  if (found === undefined) throw new Error(`the bundle carries no ${nameOf(path)}: name it in bundle.js`)
  return String(path).endsWith('.gz') ? Buffer.from(found, 'base64') : found
}

/** @param {unknown} path */
export function readdirSync(path) {
  const folder = `${nameOf(path)}/`
  const below = Object.keys(files).filter((file) => file.startsWith(folder))
  return [...new Set(below.map((file) => file.slice(folder.length).split('/')[0]))]
}
