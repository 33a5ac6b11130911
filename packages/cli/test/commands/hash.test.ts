import { configFromEnvironment } from '@tessera/server'
import { describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

// Less than any machine needs, so that a test costs three rounds of the least parameters.
const quick = ['hash', 'calibrate', '--target-ms', '1']

describe('hash calibrate', () => {
  test('prints settings that the server takes, never below the least, and its remarks beside them', async () => {
    const { code, stdout, stderr } = await runCli(quick)
    expect(code).toBe(0)
    expect(stdout).toBe('TESSERA_HASH_MEMORY_KIB=19456\nTESSERA_HASH_PASSES=2\nTESSERA_HASH_LANES=1\n')
    expect(stderr).toMatch(/The least that a server takes costs \d+ ms here/)
    expect(stderr).toContain('nothing weaker to choose')
    const environment = Object.fromEntries(
      stdout.split('\n').map((line) => line.split('=') as [string, string]),
    )
    delete environment['']
    const secrets = { TESSERA_SECRETS: 'a server secret of a test, 32 bytes and more' }
    expect(configFromEnvironment({ ...environment, ...secrets }).server).toMatchObject({
      hashMemoryKib: 19_456,
    })
  })

  test('prints one JSON document for machines', async () => {
    const { code, stdout } = await runCli([...quick, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ memory_kib: 19_456, passes: 2, lanes: 1 })
  })

  test.each([
    ['--target-ms', '0'],
    ['--target-ms', 'soon'],
    ['--memory-kib', '-5'],
    ['--memory', '1'],
  ])('refuses %s %s as usage', async (option, value) => {
    const { code, stdout } = await runCli(['hash', 'calibrate', option, value])
    expect([code, stdout]).toEqual([2, ''])
  })
})
