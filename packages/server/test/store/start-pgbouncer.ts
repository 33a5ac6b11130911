/** A PgBouncer in transaction mode before the PostgreSQL of the tests: few connections, and a client's next one is another. */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../../tools/free-port.js'

const program = '/usr/sbin/pgbouncer'

export const hasPgBouncer: boolean = spawnSync(program, ['--version']).status === 0

/** It refuses to run as root. */
const nobody = 65_534

export interface PgBouncer {
  /** The address of a database behind it. */
  urlOf(database: string): string
  stop(): Promise<void>
}

/** @param settings lines of its file beside those that every test needs */
export async function startPgBouncer(serverUrl: string, settings: readonly string[]): Promise<PgBouncer> {
  const { hostname, port, username } = new URL(serverUrl)
  const folder = mkdtempSync(join(tmpdir(), 'tessera-pgbouncer-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, nobody, nobody)
  const file = join(folder, 'pgbouncer.ini')
  const listenPort = await freePort()
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${port} user=${username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${listenPort}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 3',
    ...settings,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn(program, ['-q', file], { cwd: folder, stdio: 'ignore', ...(isRoot && { uid: nobody }) })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await answers(listenPort)
  return {
    urlOf: (database) => `postgres://${username}@127.0.0.1:${listenPort}/${database}`,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)))
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error('PgBouncer did not answer within five seconds of its start')
}
