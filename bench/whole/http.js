// @ts-check
/**
 * A guard's share of a server's time: requests to a bare `node:http` server, guarded in several ways and unguarded. Compared
 * is the processor time of the server for a request, whose inverse is what it lets through when it has a core for itself;
 * by the clock, a client and neighbours on the same cores are measured with it. All servers get the same requests and give
 * the same answer; Node makes the object of the header fields before any handler runs, so that an unguarded server pays for
 * the token's header too, and one that takes the token out of it and does nothing else shows what is left.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { makeKeys, makeTokens, standardClaims } from '../tokens.js'
import { openConnections } from './http-load.js'

/** @typedef {import('../measure.js').Row} Row */

const title = 'node:http, processor time of a request'
const names = [
  'unguarded',
  'unguarded, takes the token out',
  'tessera',
  '@tessera/guard',
  'authenticate() of @tessera/guard',
  '@tessera/guard, cache: true',
  'fast-jwt',
  'jsonwebtoken, KeyObject',
  'jose',
]
const connections = 32

/**
 * A slice of the effort is divided into so many: a machine shared with others has slow and fast spells of seconds, and what
 * is compared must come from one of them.
 */
const shares = 5
/** How long a server is warmed up: what its requests take falls for a second, which is no guard's share. */
const warmUpMs = 1500

export const http = { title, run }

/** @param {{ rounds: number, sliceMs: number }} effort @returns {Promise<import('../measure.js').Table>} */
async function run({ rounds, sliceMs }) {
  const keys = await makeKeys('HS256')
  const tokens = makeTokens(keys, standardClaims)
  const servers = []
  try {
    for (const name of names) {
      const server = await startServer(name, keys.signing.text, tokens)
      servers.push(server)
      // At once: Bun ends a connection that asks for nothing in its first ten seconds.
      await server.slice(warmUpMs)
    }
    for (let round = 0; round < rounds * shares; round += 1) {
      for (const [turn] of servers.entries()) {
        const server = servers[(turn + round) % servers.length]
        const figures = await server?.slice(sliceMs / shares)
        server?.row.samples.push(figures?.cpuNs ?? Number.NaN)
        server?.row.cpu.push(figures?.ns ?? Number.NaN)
      }
    }
    const rows = servers.map(({ row }) => row)
    return { title, reference: 'unguarded', unit: 'ns', cpuOf: 'by the clock', rows }
  } finally {
    for (const { stop } of servers) stop()
  }
}

/** @param {string} name @param {string} secret @param {string[]} tokens */
async function startServer(name, secret, tokens) {
  const child = fork(fileURLToPath(new URL('http-server.js', import.meta.url)))
  child.send({ guard: name, secret })
  const [{ port }] = await once(child, 'message')
  const load = await openConnections({ port, tokens, connections })
  const cpu = async () => {
    child.send('cpu')
    return (await once(child, 'message'))[0].cpuNs
  }
  return {
    row: { name, samples: /** @type {number[]} */ ([]), cpu: /** @type {number[]} */ ([]) },
    /** What a request takes, and how much of that the server works. @param {number} ms */
    slice: async (ms) => {
      const before = await cpu()
      const { requests, elapsedNs } = await load.run(ms)
      return { ns: elapsedNs / requests, cpuNs: ((await cpu()) - before) / requests }
    },
    stop: () => {
      load.close()
      child.kill()
    },
  }
}
