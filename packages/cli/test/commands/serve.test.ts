import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { runCli, type Ran } from '../run-cli.ts'
import { serveGuide } from '../../src/serve-guide.ts'

/** Settings under which a server leaves nothing behind. */
const env = {
  TESSERA_DATABASE: 'sqlite::memory:',
  TESSERA_SECRETS: 'a-server-secret-of-at-least-thirty-two-bytes',
  LOG_LEVEL: 'silent',
}

interface Served {
  readonly output: string
  readonly stop: () => Promise<Ran>
}

/** Starts the command; resolves once it has said that it serves, or has ended. */
function startServe(argv: readonly string[], more: Record<string, string> = {}): Promise<Served> {
  const controller = new AbortController()
  return new Promise((resolve, reject) => {
    const stop = (): Promise<Ran> => {
      controller.abort()
      return ran
    }
    const ran = runCli(['serve', '--port', '0', ...argv], {
      env: { ...env, ...more },
      signal: controller.signal,
      onStdout: (output) => resolve({ output, stop }),
    })
    void ran.then((ended) => resolve({ output: ended.stdout, stop: () => Promise.resolve(ended) }), reject)
  })
}

describe('serve', () => {
  test('serves, prints the addresses and what to try next, and ends with code 0', async () => {
    const { output, stop } = await startServe([])
    const [, url] = /serves at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(output) ?? []
    expect(output).toContain(`curl -s ${url}/login`)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(
      ((await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: unknown[] }).keys.length,
    ).toBeGreaterThan(0)
    expect((await stop()).code).toBe(0)
  })

  test('says where it serves as JSON with --json', async () => {
    const { output, stop } = await startServe(['--json'])
    expect(JSON.parse(output)).toMatchObject({
      url: expect.stringMatching(/^http:/),
      issuer: expect.stringMatching(/^http:/),
    })
    expect((await stop()).code).toBe(0)
  })

  test('with --migrate-only brings the database up to date and ends', async () => {
    const ended = await (await startServe(['--migrate-only'])).stop()
    expect(ended).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' })
    const json = await (await startServe(['--migrate-only', '--json'])).stop()
    expect(JSON.parse(json.stdout)).toEqual({ status: 'migrated' })
    const wrong = await (await startServe(['--migrate-only'], { TESSERA_DATABASE: 'mysql:there' })).stop()
    expect(wrong.code).toBe(2)
  })

  test('an option goes before the setting of the environment', async () => {
    const { output, stop } = await startServe(['--issuer', 'https://one.example', '--json'], {
      TESSERA_ISSUER: 'https://two.example',
    })
    expect(JSON.parse(output)).toMatchObject({ issuer: 'https://one.example' })
    await stop()
  })

  test.each<[string, Record<string, string>, string[], number, string]>([
    ['an unknown setting', { TESSERA_AUDIANCE: 'x' }, [], 2, 'TESSERA_AUDIENCE'],
    [
      'a setting with a bad value',
      { TESSERA_ACCESS_TOKEN_SECONDS: 'soon' },
      [],
      2,
      'TESSERA_ACCESS_TOKEN_SECONDS',
    ],
    [
      'an issuer that is neither https nor on this machine',
      { TESSERA_ISSUER: 'http://auth.example' },
      [],
      2,
      'TESSERA_ISSUER',
    ],
    ['a port that is no port', {}, ['--port', '70000'], 2, 'PORT'],
    [
      'a database that cannot be opened',
      { TESSERA_DATABASE: `sqlite:${import.meta.filename}/tessera.db` },
      [],
      3,
      'serve.test.ts',
    ],
  ])('refuses %s in one clear line', async (...[, more, argv, code, part]) => {
    const { stop } = await startServe(argv, more)
    const ran = await stop()
    expect(ran.code).toBe(code)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toContain(part)
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
  })

  test('refuses a port that is in use in one clear line', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, stderr } = await (await startServe(['--port', String(port)])).stop()
    await new Promise((resolve) => taken.close(resolve))
    expect(code).toBe(3)
    expect(stderr).toMatch(/^tessera: cannot listen on 127\.0\.0\.1:\d+: .*in use.*\n$/)
  })
})

describe('what to try next', () => {
  const facts = {
    url: 'http://127.0.0.1:4480',
    issuer: 'http://127.0.0.1:4480',
    hasConsole: true,
    isProduction: false,
  }

  test('is what the README says, line by line', () => {
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
    const [, block = ''] = /from a second terminal:\n\n```sh\n(.*?)```/s.exec(readme) ?? []
    const commands = block.split('\n').map((line) => line.replace(/ {2,}#.*| # .*/, '').trimEnd())
    const guide = serveGuide(facts).join('\n')
    expect(commands.filter((line) => line !== '').length).toBeGreaterThan(8)
    for (const command of commands) expect(guide).toContain(command)
  })

  test('is left out in production', () => {
    expect(serveGuide({ ...facts, isProduction: true }).join('\n')).not.toContain('curl')
  })
})
