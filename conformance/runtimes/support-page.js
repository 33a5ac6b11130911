// @ts-check
/** `docs/runtimes.md`: what every runtime supports, written from what the runtimes answered, and held against it. */

/** @typedef {import('./suite/describe-runtime.js').RuntimeSupport} RuntimeSupport */
/** @typedef {{ title: string, version: string, support: RuntimeSupport }} Column */

/** @type {Record<import('./suite/describe-runtime.js').Support, string>} */
const words = { sync: 'yes', async: 'async', no: '–' }
const versions = 'Written with'

/** @type {[keyof RuntimeSupport, string, string][]} */
const sections = [
  ['signatures', 'Signatures', '`alg` of a JWS'],
  ['keyManagement', 'Key management', '`alg` of a JWE'],
  ['curves', 'Key agreement: the curves of ECDH-ES', '`crv`'],
  ['content', 'Content encryption', '`enc` of a JWE'],
]

/** The page. @param {Column[]} columns */
export function renderPage(columns) {
  return `# What every runtime supports

One library, one behaviour: the same tests run on every runtime below, and each comes out the same or is on a written list
of differences ([conformance/runtimes/differences.js](../conformance/runtimes/differences.js)). What a runtime lacks is
refused with the code \`unsupported\` and the runtime's name; \`await supports('ES256K')\` asks beforehand.

- **yes**: also in \`encode\`, \`decode\` and \`verifySync\`, which answer at once. HMAC does so everywhere, by code of our own.
- **async**: in the functions that answer with a promise (\`signJwt\`, \`verifyJwt\`, \`encryptJwt\`, …).
- **–**: the runtime does not have it.

\`npm run test:runtimes -- all --write\` writes this page (or \`-- deno bun --write\` some columns of it); the same without
\`--write\`, and \`npm run test:browser\`, fail where a runtime says something else.

${sections.map((section) => renderSection(section, columns)).join('\n\n')}

## ${versions}

| runtime | version |
| --- | --- |
${columns.map(({ title, version }) => `| ${title} | ${version} |`).join('\n')}
`
}

/** The page with new columns in place of those of the same runtimes. @param {string} page @param {Column[]} columns @param {string[]} titles every runtime, in order */
export function renewPage(page, columns, titles) {
  const known = new Map([...readColumns(page), ...columns].map((column) => [column.title, column]))
  return renderPage(titles.flatMap((title) => known.get(title) ?? []))
}

/** @param {string} page @returns {Column[]} */
function readColumns(page) {
  const rows = readRows(page, versions).slice(1)
  return rows.map(([title = '', version = '']) => ({ title, version, support: readSupport(page, title) }))
}

/** @param {string} page @param {string} title @returns {RuntimeSupport} */
function readSupport(page, title) {
  const answers = new Map(Object.entries(words).map(([answer, word]) => [word, answer]))
  const tables = sections.map(([key, heading]) => [
    key,
    Object.fromEntries(
      [...readTable(page, heading, title)].map(([name, word]) => [name, answers.get(word ?? '') ?? 'no']),
    ),
  ])
  return Object.fromEntries(tables)
}

/** @param {(typeof sections)[number]} section @param {Column[]} columns */
function renderSection([key, heading, label], columns) {
  const names = Object.keys(columns[0]?.support[key] ?? {})
  const cellsOf = (/** @type {string} */ name) =>
    columns.map(({ support }) => words[support[key][name] ?? 'no'])
  const rows = mergeRows(names.map((name) => ({ names: [name], cells: cellsOf(name) })))
  const lines = [
    [label, ...columns.map(({ title }) => title)],
    ['---', ...columns.map(() => ':-:')],
    ...rows.map((row) => [row.names.map((name) => `\`${name}\``).join(' '), ...row.cells]),
  ]
  return `## ${heading}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`
}

/** @typedef {{ names: string[], cells: string[] }} Row */

/** Neighbours with the same answers share a row. @param {Row[]} rows @returns {Row[]} */
function mergeRows(rows) {
  /** @type {Row[]} */
  const merged = []
  for (const row of rows) {
    const last = merged.at(-1)
    if (last !== undefined && last.cells.join() === row.cells.join()) last.names.push(...row.names)
    else merged.push({ ...row })
  }
  return merged
}

/** Where the page and a runtime disagree; none when it is up to date. @param {string} page @param {Column} column @returns {string[]} */
export function pageFaults(page, { title, support }) {
  return sections.flatMap(([key, heading]) => {
    const table = readTable(page, heading, title)
    return Object.entries(support[key]).flatMap(([name, answer]) => {
      const said = table.get(name) ?? 'nothing'
      return said === words[answer] ? [] : [`${said} of ${name}, and it is ${words[answer]}`]
    })
  })
}

/** The column of a runtime in the table under a heading, by name. @param {string} page @param {string} heading @param {string} title */
function readTable(page, heading, title) {
  const [head = [], ...rows] = readRows(page, heading)
  const index = head.indexOf(title)
  return new Map(
    rows.flatMap((row) => {
      const names = [...(row[0] ?? '').matchAll(/`([^`]+)`/g)].map((match) => String(match[1]))
      return names.map((name) => /** @type {const} */ ([name, row[index]]))
    }),
  )
}

/** The cells of the table under a heading, without the line below its head. @param {string} page @param {string} heading */
function readRows(page, heading) {
  const text = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^[|: -]+$/.test(line))
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}
