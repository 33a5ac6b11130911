// @ts-check
/**
 * Folders with a `package.json` and a lock file of their own, outside the workspaces: peers to compare with, runtimes,
 * heavy tools. They are installed when a command needs them, and never weigh on whoever wants the product alone.
 */
import { spawnSync } from 'node:child_process'
import { npmCommand } from './run-command.js'
import { installedByNpm } from './setup.js'

/** Installs what the lock file of a folder names, unless exactly that is there. @param {string} folder */
export function installOwn(folder) {
  if (installedByNpm(folder)) return
  const [command, ...args] = npmCommand()
  runOrExit(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
}

/**
 * Runs a program on our own terminal, and ends this process with its code when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder the working directory
 */
export function runOrExit(command, args, folder) {
  const { status } = spawnSync(command, args, { cwd: folder, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
