// @ts-check
/**
 * `npm run test:migration`: compiles and runs every code block of docs/migration, those of the other libraries too, so
 * that both sides of each pair say what they do. Python blocks run with Debian's python3-jwt.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmCommand, runCommand, runQuietly } from '../../tools/run-command.js'
import { root, setupOrExit } from '../../tools/setup.js'
import { pagesOf, snippetsOf, writeSnippets } from '../../tools/snippets.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const sources = join(here, '.blocks')
const secret = 'a shared secret of thirty-two characters, or more'

await setupOrExit()
await installPeers()
const blocks = pagesOf(join(root, 'docs/migration')).flatMap(snippetsOf)
const faults = [...(await runTypeScript(blocks.filter(({ language }) => language === 'ts')))]
const python = blocks.filter(({ language }) => language === 'python')
for (const { page, number, code } of python) faults.push(...runPython(`${page}-${number}`, code))
const total = blocks.length
for (const fault of faults) console.log(`FAILED  ${fault}`)
console.log(`${total - faults.length} passed, ${faults.length} failed`)
if (faults.length > 0 || total === 0) process.exitCode = 1

async function installPeers() {
  if (existsSync(join(here, 'node_modules/fast-jwt'))) return
  const [command, ...args] = npmCommand()
  await runQuietly(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], here)
}

/** @param {import('../../tools/snippets.js').Snippet[]} snippets @returns {Promise<string[]>} */
async function runTypeScript(snippets) {
  const paths = writeSnippets(snippets, sources)
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    module: 'NodeNext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types'), join(here, 'node_modules/@types')],
    strict: true,
    skipLibCheck: true,
    outDir: 'out',
    rootDir: '.',
  }
  writeFileSync(join(sources, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  writeFileSync(join(sources, 'package.json'), '{ "type": "module" }')
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const compiled = await runCommand(process.execPath, [tsc, '-p', sources], root)
  if (compiled.code !== 0) return [compiled.output.trimEnd()]
  return paths.flatMap((path) => {
    const name = basename(path, '.ts')
    return outcome(name, process.execPath, [join(sources, 'out', `${name}.js`)])
  })
}

/** @param {string} name @param {string} code */
function runPython(name, code) {
  return outcome(name, '/usr/bin/python3', ['-c', code])
}

/** @param {string} name @param {string} command @param {string[]} args @returns {string[]} */
function outcome(name, command, args) {
  const env = { ...process.env, JWT_SECRET: secret }
  const { status, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 60_000 })
  return status === 0 ? [] : [`${name}: ${error?.message ?? stderr.slice(-2000)}`]
}
