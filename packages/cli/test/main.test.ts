import { describe, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

describe('the command line', () => {
  test('lists the commands and exit codes with --help', async () => {
    const { code, stdout } = await runCli(['--help'])
    expect(code).toBe(0)
    for (const command of ['decode', 'encode', 'verify', 'keygen', 'serve'])
      expect(stdout).toContain(`  ${command} `)
    expect(stdout).toContain('Exit codes: 0 ok, 1 token refused, 2 usage, 3 keys or server unreachable.')
  })

  test('says its version', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([
    ['command', ['verfy', 'x'], 'verify'],
    ['option', ['verify', 'x', '--isuer', 'y'], '--issuer'],
  ])('suggests the nearest %s for a misspelt one', async (_kind, argv, nearest) => {
    const { code, stderr } = await runCli(argv)
    expect(code).toBe(2)
    expect(stderr).toContain(`Did you mean ${nearest}?`)
  })

  test.each([
    ['no command', []],
    ['no token', ['decode']],
    ['a token too many', ['decode', 'a', 'b']],
    ['an option without its value', ['verify', 'x', '--issuer']],
  ])('answers %s with exit code 2 and no stack', async (_title, argv) => {
    const { code, stdout, stderr } = await runCli(argv)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
    expect(stderr).not.toContain('    at ')
  })
})
