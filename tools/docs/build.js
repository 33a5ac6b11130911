// @ts-check
/**
 * Builds the documentation: every export of every package from its docstring, and every page of the repository that
 * is written for readers. A link that leads nowhere, or a reference to what is no longer there, is a failure.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Converter, LogLevel } from 'typedoc'

const root = fileURLToPath(new URL('../..', import.meta.url))
const output = join(root, 'dist/docs')

/** Pages in the order of the navigation. */
const pages = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'packages/*/README.md',
  'docs/*.md',
  'docs/{migration,errors,decisions}/*.md',
]

/** @type {ReadonlyMap<string, string>} */
const groups = new Map([
  ['docs', 'Pages'],
  ['packages', 'Packages'],
  ['docs/migration', 'Coming from'],
  ['docs/errors', 'Error codes'],
  ['docs/decisions', 'Decisions'],
])

/** What users import: its name, and the source that it is made of. @returns {{ name: string, source: string }[]} */
function entryPoints() {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const path = join(root, 'packages', folder)
    const { name, exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    return Object.entries(exports ?? {}).flatMap(([entry, target]) => {
      const source = target['@tessera/source']
      return source === undefined ? [] : [{ name: name + entry.slice(1), source: join(path, source) }]
    })
  })
}

/** A page's first heading, else its path. @param {string} path */
function titleOf(path) {
  const heading =
    /^# +(.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.replaceAll('`', '') ?? relative(root, path)
  // A package's page and its module would have one name.
  return heading.startsWith('@tessera/') ? `About ${heading}` : heading
}

/** The part of the navigation that a page stands in. @param {string} path */
function groupOf(path) {
  const folder = /^(packages|docs\/\w+)\//.exec(path)?.[1] ?? 'docs'
  return groups.get(folder) ?? folder
}

const entries = entryPoints()
const app = await Application.bootstrap({
  name: 'Tessera',
  tsconfig: join(root, 'tools/docs/tsconfig.json'),
  entryPoints: entries.map(({ source }) => source),
  projectDocuments: pages.map((pattern) => join(root, pattern)),
  readme: join(root, 'README.md'),
  out: output,
  customCss: join(root, 'tools/docs/style.css'),
  highlightLanguages: [
    'bash',
    'http',
    'javascript',
    'json',
    'python',
    'sql',
    'toml',
    'tsx',
    'typescript',
    'yaml',
  ],
  // `npm run check` compiles with the compiler that we use.
  skipErrorChecking: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideGenerator: true,
  navigation: { includeGroups: true, excludeReferences: true },
  groupOrder: [...groups.values(), '*'],
  logLevel: LogLevel.Warn,
  // Most are types of no interest by themselves, whose shape is shown where they stand.
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
})
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
  const path = page.name
  page.frontmatter['group'] = groupOf(path)
  page.name = titleOf(join(root, `${path}.md`))
})
const project = await app.convert()
if (project === undefined) throw new Error('the sources could not be read')

// A module is named after its file. Readers know another name.
const nameOf = new Map(
  entries.map(({ name, source }) => [
    relative(join(root, 'packages'), source).replace(/(\/index)?\.ts$/, ''),
    name,
  ]),
)
for (const module of project.children ?? []) module.name = nameOf.get(module.name) ?? module.name

// The theme writes the name itself.
const [first] = project.readme ?? []
if (first !== undefined) first.text = first.text.replace(/^# .*\n/, '')

app.validate(project)
await app.generateOutputs(project)

const made = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.html'),
)
const faults = app.logger.errorCount + app.logger.warningCount
console.log(`${relative(root, output)}/index.html`)
console.log(`${made.length} passed, ${faults} failed`)
process.exitCode = faults > 0 ? 1 : 0
