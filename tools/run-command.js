// @ts-check
/** Starting other programs: quietly for set-up, with the output kept for checks. */
import { spawn } from 'node:child_process'

/**
 * The command line of the npm that started us, or of the one on the path.
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const path = process.env['npm_execpath']
  if (path?.endsWith('.js')) return [process.execPath, path]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * Runs a program to its end and collects what it prints, both streams in order of arrival.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder the working directory
 * @returns {Promise<{ code: number, output: string }>} code 128 when a signal ended it, 127 when it did not start
 */
export function runCommand(command, args, folder) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 128, output }))
  })
}

/**
 * Runs a program whose output matters only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder
 * @throws {Error} holding the command line and all it printed
 */
export async function runQuietly(command, args, folder) {
  const { code, output } = await runCommand(command, args, folder)
  if (code === 0) return
  throw new Error(`${[command, ...args].join(' ')} ended with code ${code}\n${output.trimEnd()}`)
}
