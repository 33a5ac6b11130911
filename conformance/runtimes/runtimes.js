// @ts-check
/** The runtimes, and how the suite is run on each of them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../tools/run-command.js'
import { runInBrowser, runInChromium } from './hosts/browsers.js'
import { runInWorkerd } from './hosts/workerd.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const modules = join(here, 'node_modules')
const commandLine = join(here, 'hosts/command-line.js')

/**
 * @typedef {object} Place
 * @property {string} folder  where `suite.js` lies
 * @property {string | undefined} coverage
 */
/**
 * @typedef {object} Runtime
 * @property {string} id       as on the command line
 * @property {string} title    as in the table
 * @property {string[]} programs  of which one has to be there
 * @property {(program: string, place: Place) => Promise<any>} run
 */

/** The Node of an alias in `package.json`. @param {string} alias */
export const nodeOf = (alias) => join(modules, alias, 'bin/node')

/** @param {string} id @param {(suite: string, report: string) => string[]} args @returns {Runtime['run']} */
function byCommand(id, args) {
  return async (program, { folder }) => {
    const report = join(folder, `${id}.json`)
    const { code, output } = await runCommand(program, args(join(folder, 'suite.js'), report), here)
    if (code !== 0) throw new Error(`${program} ended with code ${code}\n${output.trimEnd().slice(-4000)}`)
    return JSON.parse(readFileSync(report, 'utf8'))
  }
}

/** @param {string} id @param {string} title @param {string[]} [mode] @returns {Runtime} */
const node = (id, title, mode = []) => ({
  id,
  title,
  programs: [nodeOf(id.split('-')[0] ?? id)],
  run: byCommand(id, (suite, report) => ['--no-warnings', commandLine, suite, report, ...mode]),
})

/** @type {Runtime[]} */
export const runtimes = [
  node('node20', 'Node 20'),
  node('node22', 'Node 22'),
  node('node24', 'Node 24'),
  node('node26', 'Node 26'),
  node('node24-web', 'Node 24, WebCrypto alone', ['web']),
  {
    id: 'deno',
    title: 'Deno',
    programs: [join(modules, '@deno/linux-x64-glibc/deno')],
    run: byCommand('deno', (suite, report) => ['run', '--quiet', '--allow-all', commandLine, suite, report]),
  },
  {
    id: 'bun',
    title: 'Bun',
    programs: [join(modules, '@oven/bun-linux-x64/bin/bun')],
    run: byCommand('bun', (suite, report) => ['run', commandLine, suite, report]),
  },
  {
    id: 'workerd',
    title: 'workerd',
    programs: [join(modules, '@cloudflare/workerd-linux-64/bin/workerd')],
    run: (program, { folder }) => runInWorkerd(program, folder),
  },
  {
    id: 'chromium',
    title: 'Chromium',
    programs: ['/usr/bin/chromium', process.env['CHROMIUM'] ?? ''],
    run: (_program, { folder, coverage }) => runInChromium(folder, coverage),
  },
  {
    id: 'firefox',
    title: 'Firefox',
    programs: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    run: (program, { folder }) =>
      runInBrowser(folder, (url, profile) => [
        program,
        ['--headless', '--no-remote', '--profile', profile, url],
      ]),
  },
]

/** The program of a runtime that is installed. @param {Runtime} runtime @returns {string | undefined} */
export const programOf = ({ programs }) => programs.find((program) => program !== '' && existsSync(program))

/** The version that a program tells. @param {string} program */
export function versionOf(program) {
  const output = execFileSync(program, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return /\d+[.-][\w.-]+/.exec(output)?.[0] ?? ''
}
