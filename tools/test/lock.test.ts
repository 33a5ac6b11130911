import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from '../lock.js'

let folder: string
let lock: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-lock-'))
  lock = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process that writes `in`, waits and writes `out` into one file while it holds the lock. */
function contender(): Promise<number | null> {
  const script = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(new URL('../lock.js', import.meta.url).href)}
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'in ')
      await sleep(50)
      appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'out ')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  return new Promise((resolve) => child.on('close', resolve))
}

test('lets one process in at a time', async () => {
  expect(await Promise.all([contender(), contender(), contender(), contender()])).toEqual([0, 0, 0, 0])
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('in out '.repeat(4))
  expect(existsSync(lock)).toBe(false)
})

test('gives the lock back when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(existsSync(lock)).toBe(false)
})

test('takes over the lock of a process that is gone', async () => {
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => gone.on('close', resolve))
  mkdirSync(lock)
  writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: gone.pid, host: hostname() }))
  expect(await withLock(lock, async () => 'done')).toBe('done')
})

test('takes over a lock that nobody has touched for half a minute', async () => {
  mkdirSync(lock)
  writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: process.ppid, host: hostname() }))
  const old = new Date(Date.now() - 31_000)
  utimesSync(lock, old, old)
  expect(await withLock(lock, async () => 'done')).toBe('done')
})

test('says plainly when the folder of the lock cannot be made', async () => {
  const inFile = join(fileURLToPath(import.meta.url), 'lock')
  await expect(withLock(inFile, async () => 'done')).rejects.toThrow('ENOTDIR')
})
