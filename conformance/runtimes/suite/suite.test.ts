/** The runner that stands in for Vitest, and the comparison of what it reports. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contentEncryptionAlgorithms } from '../../../packages/jose/src/jwa/content-encryption-algorithms.ts'
import { keyManagementAlgorithms } from '../../../packages/jose/src/jwa/key-management-algorithms.ts'
import { signatureAlgorithms } from '../../../packages/jose/src/jwa/signature-algorithms.ts'
import { compareReports } from '../compare.js'
import { pageFaults, renderPage, renewPage } from '../support-page.js'
import * as api from './collect.js'
import { runFiles } from './run-suite.js'
import { titleOf } from './titles.js'
import { Unavailable } from './unavailable.js'

const outcomesOf = async (load: () => void | Promise<void>): Promise<string[]> => {
  const outcomes = await runFiles({ file: async () => load() })
  return outcomes.map(({ id, outcome, reason }) => [outcome, id, reason ?? ''].join(' | '))
}
const fail = (error: Error) => (): never => {
  throw error
}

describe('the runner', () => {
  test('runs tests in order, with hooks around them, and bodies of suites after the file', async () => {
    const calls: string[] = []
    const note = (text: string) => (): void => void calls.push(text)
    await outcomesOf(() => {
      api.describe('a', async () => {
        await Promise.resolve()
        note('body of a')()
        api.beforeAll(note('beforeAll'))
        api.beforeEach(note('beforeEach'))
        api.afterEach(note('afterEach'))
        api.afterAll(note('afterAll'))
        api.test('1', note('1'))
        api.describe('inner', () => api.test('2', note('2')))
      })
      note('file')()
    })
    expect(calls.join(', ')).toBe(
      'file, body of a, beforeAll, beforeEach, 1, afterEach, beforeEach, 2, afterEach, afterAll',
    )
  })

  test('tells passed, failed and skipped apart, and why', async () => {
    const missing = new Unavailable('needs a moon')
    const lacking = Object.assign(new Error('Moon 1 has no ES256K'), { code: 'unsupported' })
    const outcomes = await outcomesOf(() => {
      api.test('good', () => undefined)
      api.test('bad', fail(new Error('no')))
      api.test('later', () => Promise.reject(new TypeError('nor then')))
      api.test('without', fail(missing))
      api.test('lacking', fail(lacking))
      api.test.runIf(false)('left out', fail(new Error('ran')))
      api.describe.skipIf(true)('suite', () => api.test('inside', fail(new Error('ran'))))
    })
    expect(outcomes.map((line) => line.replace(/ at .*/, '').trim())).toEqual([
      'passed | file › good |',
      expect.stringMatching(/^failed \| file › bad \| Error: no/),
      expect.stringMatching(/^failed \| file › later \| TypeError: nor then/),
      'skipped | file › without | needs a moon',
      'skipped | file › lacking | has no ES256K',
      'skipped | file › left out | left out by its own condition',
      'skipped | file › suite › inside | left out by its own condition',
    ])
  })

  test('skips a test that caught what it lacks as an outcome, and fails one that did not', async () => {
    const outcomes = await outcomesOf(() => {
      api.test('caught', () => {
        try {
          throw new Unavailable('needs a moon')
        } catch {
          throw new Error('expected accepted')
        }
      })
      api.test('next', fail(new Error('expected accepted')))
    })
    expect(outcomes[0]).toBe('skipped | file › caught | needs a moon')
    expect(outcomes[1]).toMatch(/^failed/)
  })

  test('a file, a suite or a hook that throws fails what depends on it, and the rest goes on', async () => {
    const outcomes = await outcomesOf(() => {
      api.describe('broken body', fail(new Error('body')))
      api.describe('broken hook', () => {
        api.beforeAll(fail(new Error('hook')))
        api.test('inside', () => undefined)
      })
      api.test('outside', () => undefined)
    })
    expect(outcomes.map((line) => line.replace(/(\w+: \w+) .*/, '$1'))).toEqual([
      'failed | file › broken body | Error: body',
      'failed | file › broken hook › inside | Error: hook',
      'passed | file › outside | ',
    ])
    expect((await outcomesOf(fail(new Error('file'))))[0]).toMatch(/^failed \| file \| Error: file/)
  })

  test('numbers titles that come twice', async () => {
    const outcomes = await outcomesOf(() => {
      api.test.each([1, 1])('%s', () => undefined)
    })
    expect(outcomes).toEqual(['passed | file › 1 | ', 'passed | file › 1 (2) | '])
  })

  test('spreads rows as Vitest does: when all of them are lists', async () => {
    const seen: unknown[][] = []
    const note = (...values: unknown[]): void => void seen.push(values)
    await outcomesOf(() => {
      api.test.each([
        [1, 2],
        [3, 4],
      ])('lists', note)
      api.test.each([[5], 'text'])('mixed', note)
      api.test.for([[6, 7]])('one value, and it is %s', note)
    })
    expect(seen).toEqual([[1, 2], [3, 4], [[5]], ['text'], [[6, 7]]])
  })

  test('has every form of test and describe that the tests of jose use', () => {
    const folder = new URL('../../../packages/jose/test/', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.test.ts'),
    )
    const used = files.flatMap((path) => [
      ...readFileSync(new URL(path, folder), 'utf8').matchAll(/\b(test|describe)\.([a-zA-Z]+)\(/g),
    ])
    expect(used.length).toBeGreaterThan(100)
    for (const [, kind, form] of used) {
      const registrar = (kind === 'test' ? api.test : api.describe) as Record<string, unknown>
      expect(typeof registrar[String(form)], `${kind}.${form} in suite/collect.js`).toBe('function')
    }
  })
})

test.each([
  ['%s and %s', ['a', 1], 'a and 1'],
  ['%j', [{ a: 1n, b: new Uint8Array(2), c: () => 1 }], '{"a":"1n","b":"[2 octets]","c":"[function]"}'],
  ['%# of 100%%', ['x'], '7 of 100%'],
  ['$name.first of $other', [{ name: { first: 'x' } }], 'x of $other'],
  ['%d', ['5'], '5'],
  ['%s', [undefined], 'undefined'],
])('the title %j', (template, values, title) => {
  expect(titleOf(template, values, 7)).toBe(title)
})

describe('the comparison', () => {
  const passed = (id: string) => ({ id, outcome: 'passed' as const, ms: 0 })
  const skipped = (id: string, reason: string) => ({ id, outcome: 'skipped' as const, reason, ms: 0 })
  const line = { runtimes: ['b'], tests: /ES256K/, why: 'about ES256K' }

  test('is content with the same tests, or with a written reason', () => {
    const verdicts = compareReports(
      [
        { id: 'a', outcomes: [passed('1'), passed('ES256K'), passed('2')] },
        { id: 'b', outcomes: [passed('1'), skipped('2', 'has no ES256K')] },
      ],
      [line],
    )
    expect(verdicts.get('a')).toEqual({ passed: 3, failures: [], skipped: {} })
    expect(verdicts.get('b')).toEqual({ passed: 1, failures: [], skipped: { 'about ES256K': 2 } })
  })

  test('fails a test that is skipped or missing without one, and a reason that is none any more', () => {
    const verdicts = compareReports(
      [
        { id: 'a', outcomes: [passed('1'), passed('2')] },
        { id: 'b', outcomes: [skipped('1', 'too hot')] },
      ],
      [line],
    )
    expect(verdicts.get('b')?.failures).toEqual([
      '1: too hot, and differences.js does not say why',
      '2: is not there, and differences.js does not say why',
      'differences.js: /ES256K/ (about ES256K) explains nothing on b any more',
    ])
  })
})

describe('docs/runtimes.md', () => {
  const support = (es256k: 'sync' | 'async' | 'no') => ({
    signatures: { HS256: 'sync', HS384: 'sync', ES256K: es256k } as const,
    keyManagement: { dir: 'async' } as const,
    curves: { X448: 'no' } as const,
    content: { A192GCM: 'async' } as const,
  })
  const columns = [
    { title: 'A', version: '1', support: support('sync') },
    { title: 'B', version: '2', support: support('no') },
  ]
  const page = renderPage(columns)

  test('has a column for every runtime, and one row for neighbours that are alike', () => {
    expect(page).toContain('| `alg` of a JWS | A | B |')
    expect(page).toContain('| `HS256` `HS384` | yes | yes |')
    expect(page).toContain('| `ES256K` | yes | – |')
  })

  test('agrees with what it was written from, and with nothing else', () => {
    for (const column of columns) expect(pageFaults(page, column)).toEqual([])
    expect(pageFaults(page, { title: 'B', version: '3', support: support('async') })).toEqual([
      '– of ES256K, and it is async',
    ])
    expect(pageFaults(page, { title: 'C', version: '1', support: support('sync') })).toHaveLength(6)
  })

  test('takes new columns in place of those of the same runtimes, and keeps the others', () => {
    const renewed = renewPage(
      page,
      [{ title: 'B', version: '3', support: support('async') }],
      ['B', 'A', 'C'],
    )
    expect(renewed).toContain('| `ES256K` | async | yes |')
    expect(renewed).toContain('| B | 3 |\n| A | 1 |')
  })

  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  const published = read('../../../docs/runtimes.md')

  test('names every algorithm of the library', () => {
    for (const name of [...signatureAlgorithms, ...keyManagementAlgorithms, ...contentEncryptionAlgorithms])
      expect(published).toContain(`\`${name}\``)
  })

  test('was written with the runtimes that are pinned', () => {
    const { dependencies } = JSON.parse(read('../package.json')) as { dependencies: Record<string, string> }
    const pinned = Object.entries({
      'Node 20': 'node20',
      'Node 22': 'node22',
      'Node 24': 'node24',
      'Node 26': 'node26',
      Deno: '@deno/linux-x64-glibc',
      Bun: '@oven/bun-linux-x64',
    }).map(([title, name]) => `| ${title} | ${dependencies[name]?.split('@').at(-1)} |`)
    const [, year, month, day] =
      /(\d{4})(\d\d)(\d\d)/.exec(dependencies['@cloudflare/workerd-linux-64'] ?? '') ?? []
    for (const text of [...pinned, `| workerd | ${year}-${month}-${day} |`]) expect(published).toContain(text)
  })
})
