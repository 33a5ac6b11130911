// @ts-check
/** Compiles every `ts` block of the documentation that imports a package of ours, on source, as strictly as the tests. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './run-command.js'
import { root } from './setup.js'
import { isTessera, pagesOf, snippetsOf, writeSnippets } from './snippets.js'

const folder = join(root, '.tessera/snippets')
const pages = ['docs', 'docs/errors', 'docs/migration'].flatMap((name) => pagesOf(join(root, name)))
const written = writeSnippets(pages.flatMap(snippetsOf).filter(isTessera), folder)
const options = { noUnusedLocals: false, declaration: false }
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ extends: '../../tsconfig.tests.json', compilerOptions: options, include: ['*.ts'] }),
)
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const { code, output } = await runCommand(process.execPath, [tsc, '-p', folder], root)
if (written.length === 0) console.log('the documentation has no code blocks: are the pages elsewhere now?')
if (code !== 0) console.log(output)
if (code !== 0 || written.length === 0) process.exitCode = 1
