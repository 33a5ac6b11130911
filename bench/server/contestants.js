// @ts-check
/** The servers, each in a process and a folder of its own, with connections and sessions to ask it with. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeConnection } from './client.js'

/** @typedef {import('./client.js').Client} Client */
/** @typedef {import('./client.js').Session} Session */
/** @typedef {Awaited<ReturnType<typeof startContestant>>} Contestant */

export const connectionCount = 32
const userCount = 4

/**
 * @param {string} name as the file in `servers/`; on PostgreSQL with that behind it
 * @param {{ url?: string | undefined, profile?: string | undefined }} [how] `url` of a database of its own there; `profile`: a folder for its CPU profile
 */
export async function startContestant(name, { url, profile } = {}) {
  const [file = ''] = name.split(' on ')
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'))
  const program = fileURLToPath(new URL('server-process.js', import.meta.url))
  /** @type {{ client: Client, preloaded?: string[] }} */
  const { client, preloaded = [] } = await import(`./servers/${file}.js`)
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const execArgv = [...preloaded.flatMap((path) => ['--require', path]), ...profiling]
  const child = fork(program, [file, folder, ...(url === undefined ? [] : [url])], { silent: true, execArgv })
  child.once('exit', (code) => {
    if (code !== null && code !== 0) throw new Error(`the server ${name} ended with ${code}`)
  })
  const [{ port, apiPort = port }] = await once(child, 'message')
  const connections = open(port, connectionCount)
  const apiConnections = apiPort === port ? connections : open(apiPort, connectionCount)
  const users = Array.from({ length: userCount }, (_, index) => ({
    username: `user-${index}`,
    password: `correct horse battery staple ${index}`,
  }))
  for (const [index, user] of users.entries()) await client.signUp?.(calls(connections, index), user)
  return {
    name,
    client,
    port,
    apiPort,
    calls: connections.map(({ call }) => call),
    apiCalls: apiConnections.map(({ call }) => call),
    users,
    /** @type {Session[]} */
    sessions: [],
    /** What the process used so far. @returns {Promise<{ cpuNs: number, rssBytes: number }>} */
    usage: async () => {
      child.send('usage')
      return (await once(child, 'message'))[0]
    },
    stop: async () => {
      for (const connection of [...connections, ...apiConnections]) connection.close()
      child.kill()
      await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

/** @param {number} port @param {number} count */
const open = (port, count) => Array.from({ length: count }, () => makeConnection(port))

/** @param {{ call: import('./client.js').Call }[]} connections @param {number} index */
function calls(connections, index) {
  const connection = connections[index]
  if (connection === undefined) throw new Error(`expected a connection ${index}`)
  return connection.call
}
