// @ts-check
/** Holds every package, as npm would pack it, against the rules of published packages (publint, strict). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { root } from './setup.js'

/** @param {string} name the folder of a package @returns {Promise<string[]>} */
async function faultsOf(name) {
  const pkgDir = join(root, 'packages', name)
  const manifest = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir, strict: true, pack: 'npm' })
  return messages.map((message) => `packages/${name}/package.json: ${formatMessage(message, manifest)}`)
}

// A package without sources has nothing to publish yet.
const names = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src')),
)
const faults = (await Promise.all(names.map(faultsOf))).flat()
for (const fault of faults) console.log(fault)
if (faults.length > 0) process.exitCode = 1
