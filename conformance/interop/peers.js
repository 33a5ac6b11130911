// @ts-check
/** Gets the peers ready: those of npm beside this file, Debian's PyJWT. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { npmCommand, runCommand } from '../../tools/run-command.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Installs what `package-lock.json` says, unless it is there. @throws {Error} with npm's own words */
export async function installNpmPeers() {
  if (Object.entries(readManifest('.').dependencies).every(([name, version]) => isInstalled(name, version)))
    return
  const [command, ...args] = npmCommand()
  const { code, output } = await runCommand(command, [...args, 'ci', '--no-audit', '--no-fund'], folder)
  if (code !== 0)
    throw new Error(`npm ci in conformance/interop ended with code ${code}\n${output.trimEnd()}`)
}

/** @param {string} place */
function readManifest(place) {
  return JSON.parse(readFileSync(new URL(`${place}/package.json`, import.meta.url), 'utf8'))
}

/** @param {string} name @param {unknown} version */
function isInstalled(name, version) {
  const place = `node_modules/${name}`
  const isThere = existsSync(new URL(`${place}/package.json`, import.meta.url))
  return isThere && readManifest(place).version === version
}

/**
 * A Python that has PyJWT and cryptography. As root on Debian they are installed when they are missing.
 *
 * @returns {Promise<string>} its path
 * @throws {Error} saying what to install
 */
export async function findPython() {
  const found = await pythonWithJwt()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const install = ['install', '-y', '--no-install-recommends', 'python3-jwt', 'python3-cryptography']
    const first = await runCommand('/usr/bin/apt-get', install, folder)
    if (first.code !== 0) {
      await runCommand('/usr/bin/apt-get', ['update'], folder)
      await runCommand('/usr/bin/apt-get', install, folder)
    }
  }
  const installed = await pythonWithJwt()
  if (installed !== undefined) return installed
  throw new Error(
    'expected PyJWT and cryptography for Python 3: apt-get install python3-jwt python3-cryptography',
  )
}

/** Debian's Python first: another one on the path may lack the packages. */
async function pythonWithJwt() {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { code } = await runCommand(python, ['-c', 'import jwt, cryptography'], folder)
    if (code === 0) return python
  }
  return undefined
}

/**
 * Has PyJWT do what the tasks say.
 *
 * @param {string} python
 * @param {object[]} tasks
 * @returns {Promise<{ version: string, answers: any[] }>}
 */
export function askPyJwt(python, tasks) {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('pyjwt_peer.py', import.meta.url))
    const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output))
      else reject(new Error(`pyjwt_peer.py ended with code ${code}`))
    })
    child.stdin.end(JSON.stringify(tasks))
  })
}
