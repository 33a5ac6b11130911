// @ts-check
/**
 * Watches that verifying reaches for nothing: no network, no file, no process. A token names URLs and paths (`jku`,
 * `x5u`, `kid`); nothing is fetched because a token says so.
 */
import childProcess from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** @type {[string, Record<string, any>, string[]][]} */
const watched = [
  ['global', globalThis, ['fetch']],
  ['node:http', http, ['request', 'get']],
  ['node:https', https, ['request', 'get']],
  ['node:net', net, ['connect', 'createConnection']],
  ['node:fs', fs, ['readFile', 'readFileSync', 'open', 'openSync', 'createReadStream']],
  ['node:child_process', childProcess, ['exec', 'execSync', 'execFile', 'spawn', 'spawnSync']],
]

/**
 * Replaces the doors to the outside by spies that refuse and take notes, until `restore()`.
 *
 * @returns {{ calls: string[], restore: () => void }}
 */
export function watchTheOutside() {
  /** @type {string[]} */
  const calls = []
  /** @type {(() => void)[]} */
  const undo = []
  for (const [room, owner, names] of watched) {
    for (const name of names) {
      const real = owner[name]
      owner[name] = () => {
        calls.push(`${room} ${name}`)
        throw new Error(`${room} ${name} was called while a token was being verified`)
      }
      undo.push(() => (owner[name] = real))
    }
  }
  syncBuiltinESMExports()
  const restore = () => {
    for (const step of undo) step()
    syncBuiltinESMExports()
  }
  return { calls, restore }
}

/** The names that `Object.prototype` should have, to see pollution by comparison. */
const cleanPrototype = Object.getOwnPropertyNames(Object.prototype).join()

/** Whether `Object.prototype` has exactly the members it had at the start. */
export function prototypeIsClean() {
  return Object.getOwnPropertyNames(Object.prototype).join() === cleanPrototype
}
