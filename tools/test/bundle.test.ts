import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePackage, nodeEntries } from '../bundle.js'
import { root } from '../setup.js'

const jose = join(root, 'packages/jose')
const entries = nodeEntries(jose)
const names = entries.map(({ output }) => basename(output, '.js'))
// Inside the checkout, so that the sources lie where the maps say.
const folder = join(root, '.tessera', 'bundle-test')
let output: string

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  output = mkdtempSync(join(folder, 'run-'))
  writeFileSync(join(output, 'left-over.js'), 'from an earlier build')
  await bundlePackage(jose, output)
  writeFileSync(join(output, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a module prints that runs beside the built files. */
function run(code: string, flags: readonly string[] = []): string {
  const program = join(output, 'program.js')
  writeFileSync(program, code)
  return execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' })
}

const filesOf = (place: string): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => /\.js(\.map)?$/.test(name))

describe('the files of jose for Node', () => {
  test('are what `exports` names, for every entry, and after what bundlers take', () => {
    const { exports } = JSON.parse(readFileSync(join(jose, 'package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string>>
    }
    expect(entries).toHaveLength(Object.keys(exports).length)
    for (const conditions of Object.values(exports)) {
      expect(Object.keys(conditions)).toEqual(['types', '@tessera/source', 'module', 'node', 'default'])
      expect(conditions['module']).toBe(conditions['default'])
      expect(existsSync(join(jose, conditions['@tessera/source'] ?? ''))).toBe(true)
    }
  })

  test.each(entries)('have the exports of $source', async ({ source, output: file }) => {
    const [built = {}, own = {}] = await Promise.all(
      [join(output, basename(file)), join(jose, source)].map(
        (path) => import(/* @vite-ignore */ pathToFileURL(path).href) as Promise<object>,
      ),
    )
    expect(Object.keys(built).toSorted()).toEqual(Object.keys(own).toSorted())
  })

  test('are loaded once each, whichever entries a program imports: an error of one is an error of all', () => {
    const imports = names.map((name, index) => `import * as m${index} from './${name}.js'`).join('\n')
    const code = `${imports}
      const { JoseError, isJoseError, secret } = m${names.indexOf('index')}
      const { decodeUnverified } = m${names.indexOf('unverified')}
      const { verifyCompact } = m${names.indexOf('jws')}
      const { createDpopProof } = m${names.indexOf('dpop')}
      const key = secret('HS256', 'a secret of thirty-two octets or more')
      const attempts = [() => decodeUnverified('x'), () => verifyCompact('x', key), () => createDpopProof({})]
      for (const attempt of attempts) {
        try { await attempt() } catch (error) { console.log(error instanceof JoseError, isJoseError(error)) }
      }`
    expect(run(code)).toBe('true true\n'.repeat(3))
  })

  test('lead a stack back to the sources', () => {
    const code = `import { decode, secret } from './index.js'
      try { decode('x', secret('HS256', 'a secret of thirty-two octets or more')) } catch (error) { console.log(error.stack) }`
    const paths = [...run(code, ['--enable-source-maps']).matchAll(/\((\/.*?\.ts):\d+:\d+\)/g)].map(
      ([, at = '']) => at,
    )
    expect(paths).toContain(join(jose, 'src/jwt/decode.ts'))
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
  })

  test('name the functions of a stack as the sources do, without the maps too', () => {
    const code = `import { decode, secret } from './index.js'
      try { decode('x', secret('HS256', 'a secret of thirty-two octets or more')) } catch (error) { console.log(error.stack) }`
    expect(run(code)).toMatch(/^JoseError: [^]* at (?:Module\.)?decode \(/)
  })

  test('hold nothing of an earlier build, and come out the same from the same sources', async () => {
    const again = mkdtempSync(join(folder, 'run-'))
    await bundlePackage(jose, again)
    const [first = [], second = []] = [output, again].map((place) =>
      filesOf(place).filter((name) => name !== 'program.js'),
    )
    expect(first).not.toContain('left-over.js')
    expect(first).toEqual(second)
    for (const name of second)
      expect(readFileSync(join(output, name))).toEqual(readFileSync(join(again, name)))
  })

  test('are two for whoever imports the package', () => {
    const importsOf = (name: string) =>
      [
        ...readFileSync(join(output, name), 'utf8').matchAll(
          /(?:^|;)(?:im|ex)port\s?[^;]*?from\s?["'`](.*?)["'`]/g,
        ),
      ].map(([, from]) => from)
    expect(importsOf('index.js')).toEqual(['./parts/index.js'])
    expect(importsOf('parts/index.js')).toEqual([])
  })

  test('keep the WebAssembly engine apart, for programs that verify many tokens', () => {
    const loaded = filesOf(output).filter((name) => name.endsWith('.js') && !name.includes('wasm'))
    const texts = loaded.map((name) => readFileSync(join(output, name), 'utf8'))
    expect(texts.filter((text) => /import\(["'`]\.\/wasm-token-engine\.js["'`]\)/.test(text))).toHaveLength(1)
    expect(texts.filter((text) => /from\s?["'`]\.[^"'`]*wasm/.test(text))).toEqual([])
  })
})
