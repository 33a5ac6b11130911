// @ts-check
/**
 * A guard's share of a server's time: requests to a bare `node:http` server, guarded in several ways and unguarded. Compared
 * is the processor time of the server for a request, whose inverse is what it lets through when it has a core for itself;
 * by the clock, a client and neighbours on the same cores are measured with it.
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
  'tessera',
  '@tessera/guard',
  'authenticate() of @tessera/guard',
  'fast-jwt',
  'jsonwebtoken, KeyObject',
  'jose',
]
const connections = 32

export const http = { title, run }

/** @param {{ rounds: number, sliceMs: number }} effort @returns {Promise<import('../measure.js').Table>} */
async function run({ rounds, sliceMs }) {
  const keys = await makeKeys('HS256')
  const tokens = makeTokens(keys, standardClaims)
  const servers = []
  try {
    for (const name of names) servers.push(await startServer(name, keys.signing.text, tokens))
    for (const { slice } of servers) await slice(sliceMs * 2)
    for (let round = 0; round < rounds; round += 1) {
      for (const [turn] of servers.entries()) {
        const server = servers[(turn + round) % servers.length]
        const figures = await server?.slice(sliceMs)
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
