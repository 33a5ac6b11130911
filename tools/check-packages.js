// @ts-check
/** Holds every package, as npm would pack it, against the rules of published packages (publint, strict). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { npmCommand, runCommand } from './run-command.js'
import { root } from './setup.js'

/** `browser` maps files to files, so that pages without a bundler need nothing for it (docs/decisions/0030-what-bundles-weigh.md). */
const allowed = ['USE_EXPORTS_OR_IMPORTS_BROWSER']

/** @typedef {{ name: string, files: { path: string }[] }} Packed  one entry of `npm pack --json` */

/** What npm would pack of each folder, asked once for all. @param {string[]} folders @returns {Promise<Packed[]>} */
async function pack(folders) {
  const [command, ...args] = npmCommand()
  const workspaces = folders.flatMap((folder) => ['--workspace', folder])
  const packing = [
    ...args,
    'pack',
    '--dry-run',
    '--json',
    '--ignore-scripts',
    '--loglevel=error',
    ...workspaces,
  ]
  const { code, output } = await runCommand(command, packing, root)
  if (code !== 0) throw new Error(`npm pack ended with code ${code}\n${output}`)
  // npm 11 prints a list; later ones an object by name.
  return Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))))
}

/** @param {string} folder @param {Packed} packed @returns {Promise<string[]>} */
async function faultsOf(folder, packed) {
  const files = packed.files.map(({ path }) => ({
    name: `package/${path}`,
    data: readFileSync(join(root, folder, path)),
  }))
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: 'package', strict: true, pack: { files } })
  const faults = messages.filter(({ code }) => !allowed.includes(code))
  return faults.map((message) => `${folder}/package.json: ${formatMessage(message, manifest)}`)
}

// A package without sources has nothing to publish yet.
const folders = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, 'src')))
const packed = await pack(folders)
const faults = await Promise.all(
  folders.map(async (folder) => {
    const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const found = packed.find((entry) => entry.name === name)
    return found ? faultsOf(folder, found) : [`${folder}: npm packs nothing of it`]
  }),
)
for (const fault of faults.flat()) console.log(fault)
if (faults.flat().length > 0) process.exitCode = 1
