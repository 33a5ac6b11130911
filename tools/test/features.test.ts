/** docs/features.md: everything that is asked of a token server has its row, and the tests that it names are there. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../setup.js'

const page = join(root, 'docs/features.md')
const text = readFileSync(page, 'utf8')

/** Rows of a page's tables whose last cells name tests: “title” in [file](path). */
const rows = [...text.matchAll(/^\| (?!feature |---)([^|]+) \| ([^|]+) \| (.+) \|$/gm)].map(
  ([, name = '', , shown = '']) => ({
    name,
    named: [...shown.matchAll(/“([^”]+)” in \[[^\]]+\]\(([^)]+)\)/g)].map(([, title = '', path = '']) => ({
      title,
      path: join(dirname(page), path),
    })),
  }),
)

/** What people compare token servers by, in the order of the page. */
const asked = [
  'Sign-up and log-in',
  'Password hash',
  'Password policy',
  'Guessing',
  'Who has an account, nobody learns',
  'Reset and e-mail verification',
  'Reserved for second factors',
  'Access tokens of RFC 9068',
  'Lifetimes',
  'Refresh with rotation',
  'Reuse ends the session',
  'Grace for concurrent refreshes',
  'Absolute and idle ends',
  'Sessions listed and ended',
  'Log-out that reaches issued tokens',
  'Revocation (RFC 7009)',
  'Introspection (RFC 7662)',
  'JWK Set',
  'Key rotation',
  'Keys encrypted at rest',
  'Metadata (RFC 8414)',
  'client_credentials',
  'Roles and scopes',
  'Private claims',
  'Several issuers at one guard',
  'No password grant',
  'Embedded',
  'Stand-alone',
  'Storage',
  'Migrations',
  'From SQLite to PostgreSQL',
  'Users with hashes of other systems',
  'Any number of processes',
  'Cookies or bearer',
  'CSRF and CORS',
  'Audit trail and events',
  'Admin API',
  'Metrics',
  'Traces',
  'Health',
  'Rate limits',
  'Documents',
]

/** The text of a test file as a title stands in it. */
function titlesOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll("\\'", "'")
}

test('every feature has its row, and each row names a test at least', () => {
  expect(rows.slice(0, asked.length).map(({ name }) => name)).toEqual(asked)
  expect(rows.filter(({ named }) => named.length === 0).map(({ name }) => name)).toEqual([])
})

test.each(rows)('$name: the tests that are named are there, under these titles', ({ named }) => {
  for (const { title, path } of named) {
    expect([path, existsSync(path)]).toEqual([path, true])
    expect(path).toMatch(/\.test\.ts$|-suite\.ts$|-contract\.ts$/)
    expect([path, title, titlesOf(path).includes(title)]).toEqual([path, title, true])
  }
})

test('no test is named twice in one row', () => {
  for (const { name, named } of rows) {
    const all = named.map(({ title, path }) => `${title} ${path}`)
    expect([name, new Set(all).size]).toEqual([name, all.length])
  }
})

test('the threat model names tests that there are, each with the number of its rule', () => {
  const model = join(root, 'docs/threat-model.md')
  const links = readFileSync(model, 'utf8').matchAll(/(P\d+)?[^|[]*\[[^\]]+\]\((\.\.\/packages[^)]+)\)/g)
  const named = [...links].map(([, rule = '', path = '']) => ({ rule, path: join(dirname(model), path) }))
  expect(named.length).toBeGreaterThan(30)
  for (const { rule, path } of named) {
    expect([path, existsSync(path)]).toEqual([path, true])
    expect([path, rule, titlesOf(path).includes(rule)]).toEqual([path, rule, true])
  }
})
