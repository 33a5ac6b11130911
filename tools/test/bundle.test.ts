import { execFileSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => /\.c?js(\.map)?$/.test(name))

describe('the files of jose for Node', () => {
  test('are what `exports` names, for every entry, and after what bundlers take', () => {
    const { exports } = JSON.parse(readFileSync(join(jose, 'package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string>>
    }
    expect(entries).toHaveLength(Object.keys(exports).length)
    for (const conditions of Object.values(exports)) {
      const names = ['types', '@tessera/source', 'module', 'deno', 'bun', 'module-sync', 'default']
      expect(Object.keys(conditions)).toEqual(names)
      const { module, deno, bun, default: many } = conditions
      expect([module, deno, bun]).toEqual([many, many, many])
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

  test('are the same library for `import` and `require`', () => {
    const exports = { 'module-sync': './index.js', default: './another.js' }
    const manifest = { type: 'module', name: '@tessera/jose', exports }
    writeFileSync(join(output, 'package.json'), JSON.stringify(manifest))
    const code = `import { createRequire } from 'node:module'
      import { JoseError } from '@tessera/jose'
      console.log(createRequire(import.meta.url)('@tessera/jose').JoseError === JoseError)`
    expect(run(code, ['--no-warnings'])).toBe('true\n')
  })
})

describe('the late part', () => {
  const late = (): string => filesOf(output).find((name) => /late-[0-9a-f]{12}\.cjs$/.test(name)) ?? ''
  const head = `import { createRequire } from 'node:module'
    import * as jose from './index.js'
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).length
    const key = jose.secret('HS256', 'a secret of thirty-two octets or more')
    const policy = { issuer: null, audience: null }`
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = JSON.stringify({ ...pair.publicKey.export({ format: 'jwk' }), alg: 'ES256' })
  const signed = [{ alg: 'ES256' }, { sub: 'x', exp: 4_000_000_000 }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(signed), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  const token = `${signed}.${signature.toString('base64url')}`

  test('is not loaded by a program that signs, and verifies with a secret, a key set or a remote one', () => {
    const code = `${head}
      const { encode, signJwt, decode, verifyJwt, createVerifier, createLocalJwkSet, createRemoteJwkSet } = jose
      decode(encode({ sub: 'x' }, key), key)
      await verifyJwt(await signJwt({ sub: 'x' }, key, { expiresIn: '1m' }), key, policy)
      const keys = createLocalJwkSet({ keys: [${jwk}] })
      createVerifier({ keys: createRemoteJwkSet('https://issuer.example/jwks'), ...policy })
      const { claims } = createVerifier({ keys, ...policy }).verifySync('${token}')
      console.log(claims.sub, loaded())`
    expect(run(code)).toBe('x 0\n')
  })

  test('is loaded once, by the first who calls a function of it, and gives and takes keys and errors of the other', () => {
    const code = `${head}
      const before = loaded()
      const pair = await jose.generateKey('ES256', { extractable: true })
      const pem = await jose.importKey(await jose.exportPem(pair))
      const token = await jose.signJwt({ sub: 'x' }, pem, { expiresIn: '1m' })
      const signed = await jose.verifyJwt(token, pair.publicKey, policy)
      const shared = jose.encryptionSecret('A256GCM', new Uint8Array(32).map((_, index) => index))
      const jwe = await jose.encryptJwt({ sub: 'y' }, shared, { expiresIn: '1m' })
      const opened = await jose.decryptJwt(jwe, shared, policy)
      const seconds = { publishAheadSeconds: 600, retireAfterSeconds: 600 }
      const ring = jose.createKeyRing({ algorithm: 'ES256', ...seconds })
      const fromRing = await jose.signJwt({ sub: 'z' }, ring, { expiresIn: '1m' })
      const verified = await jose.verifyJwt(fromRing, ring, policy)
      const error = await jose.importKey('-----BEGIN').catch((error) => error)
      console.log(signed.claims.sub + opened.claims.sub + verified.claims.sub)
      console.log(before, loaded(), error instanceof jose.JoseError, error.code)`
    expect(run(code)).toBe('xyz\n0 1 true key_invalid\n')
  })

  test('leads a stack back to the sources, through the function that stands in', () => {
    const code = `${head}
      await jose.importKey('-----BEGIN').catch((error) => console.log(error.stack))`
    const stack = run(code, ['--enable-source-maps'])
    const lines = [...stack.matchAll(/at (?:Module\.)?(\w+) \((\/.*?\.ts):(\d+):/g)].map(
      ([, name, path = '', line]) => ({
        name,
        path: path.slice(jose.length + 1),
        line: Number(line),
      }),
    )
    const declaration = readFileSync(join(jose, 'src/jwk/import.ts'), 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith('export async function importKey'))
    expect(lines.map(({ path }) => path)).toContain('src/encoding/pem.ts')
    expect(lines).toContainEqual({ name: 'importKey', path: 'src/jwk/import.ts', line: declaration + 1 })
  })

  test('that is gone says so, as a rejection where a promise was expected', () => {
    const code = `${head}
      import { rmSync } from 'node:fs'
      rmSync(new URL('./moved/${late()}', import.meta.url))
      const moved = await import('./moved/index.js')
      const told = (error) => console.log(error.message)
      moved.importKey({}).catch(told)
      try { moved.createKeyRing({ algorithm: 'ES256' }) } catch (error) { told(error) }`
    cpSync(join(output, 'parts'), join(output, 'moved/parts'), { recursive: true })
    cpSync(join(output, 'index.js'), join(output, 'moved/index.js'))
    const message = `@tessera/jose: expected its file ${basename(late())}, got none: if the package was replaced under this process, restart it\n`
    expect(run(code)).toBe(message.repeat(2))
    rmSync(join(output, 'moved'), { recursive: true })
  })

  test('has a name that changes with what is in it', () => {
    const text = readFileSync(join(output, late()), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n$/, '')
    expect(basename(late())).toBe(`late-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.cjs`)
  })
})
