import { expect, test } from 'vitest'
import { codeBesideReexports, maskSource, mentionedNames, readImports } from '../read-source.js'

test('reads every form of import with its kind', () => {
  const text = [
    "import a, { b } from './a.ts'",
    "import type { C } from './c.ts'",
    "import { type D, type E } from './d.ts'",
    "import { type F, g } from './f.ts'",
    "import * as h from './h.ts'",
    "import './side-effect.ts'",
    "export { i } from './i.ts'",
    "export type { J } from './j.ts'",
    "export * from './k.ts'",
    "const l = await import('./l.ts')",
    "let m: import('./m.ts').M",
    'import {\n  n,\n  o,\n} from "./n.ts";',
  ].join('\n')
  const found = readImports(text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`)
  expect(found.toSorted()).toEqual([
    './a.ts',
    './c.ts type',
    './d.ts type',
    './f.ts',
    './h.ts',
    './i.ts',
    './j.ts type',
    './k.ts',
    './l.ts',
    './m.ts type',
    './n.ts',
    './side-effect.ts',
  ])
})

test('sees no import in comments, strings, templates and regular expressions', () => {
  const text = [
    "// import a from './a.ts'",
    "/* import b from './b.ts' */",
    'const c = "import c from \'./c.ts\'"',
    "const d = `import d from './d.ts' ${e('x')} import './f.ts'`",
    "const g = /import '.\\/g.ts'[/]'/.test(h)",
    "const i = j / k / import.meta.url.length // './l.ts'",
  ].join('\n')
  expect(readImports(text)).toEqual([])
})

test('finds an import after a template that holds templates', () => {
  const text = "const a = `x ${b({ c: `y ${d} z` })} w`\nimport e from './e.ts'\n"
  expect(readImports(text)).toEqual([{ specifier: './e.ts', typeOnly: false }])
})

test('keeps the expressions of a template as code', () => {
  expect(maskSource('const a = `secret ${Buffer.from(x)} words`').code).toContain('Buffer.from(x)')
  expect(maskSource('const a = `secret ${x} words`').code).not.toContain('secret')
})

test('tells the word from longer words', () => {
  expect(mentionedNames('const b = new ArrayBuffer(processId)', ['Buffer', 'process'])).toEqual([])
  expect(mentionedNames('globalThis.process?.exit()', ['Buffer', 'process'])).toEqual(['process'])
})

test('leaves nothing of a file that only re-exports', () => {
  expect(
    codeBesideReexports("/** Face. */\nexport { a } from './a.ts'\nexport type { B } from './b.ts'\n"),
  ).toBe('')
  expect(codeBesideReexports("export { a } from './a.ts'\nexport const b = 1\n")).toBe('export const b = 1')
})
