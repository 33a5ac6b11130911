// @ts-check
/** A lock between processes: a folder, which only one of them can make. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 100
const heartbeatMs = 2_000
/** A lock that nobody touched for so long belongs to nobody, whatever now runs under its owner's process number. */
const abandonedMs = 30_000

/** @param {string} path @returns {{ pid: number, host: string } | undefined} */
function readOwner(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** Whether the process that made the lock is gone. @param {string} path */
function isStale(path) {
  const owner = readOwner(path)
  if (owner?.host === hostname() && (owner.pid === process.pid || !isAlive(owner.pid))) return true
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > abandonedMs
}

/**
 * Takes a stale lock away. The rename lets one of several waiting processes win; when the folder turns out to be a
 * new owner's, made between the look and the rename, it is put back.
 * @param {string} path
 */
function removeStale(path) {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (isStale(aside)) rmSync(aside, { recursive: true, force: true })
  else renameSync(aside, path)
}

/** @param {string} path @returns {boolean} whether this process now holds the lock */
function tryTake(path) {
  try {
    mkdirSync(path)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
  const owner = { pid: process.pid, host: hostname() }
  writeFileSync(join(path, 'owner.json'), JSON.stringify(owner))
  return true
}

/**
 * Runs `work` while no other process that asks for the same lock does.
 *
 * @template T
 * @param {string} path the folder that is the lock; its parent must exist
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  let told = false
  while (!tryTake(path)) {
    if (isStale(path)) {
      removeStale(path)
      continue
    }
    if (!told) console.log(`waiting for another run (process ${readOwner(path)?.pid ?? 'unknown'}) …`)
    told = true
    await sleep(pollMs)
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // Taken away by hand: there is nothing left to keep fresh.
    }
  }, heartbeatMs)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    rmSync(path, { recursive: true, force: true })
  }
}
