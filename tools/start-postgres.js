// @ts-check
/** A PostgreSQL of our own for tests: its data in a new folder, its port on the loopback address, gone afterwards. */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.js'

/** The folder of `initdb`, `postgres` and `pg_dump`: `POSTGRES_BIN`, or the newest that Debian installed. @returns {string} */
export function binaries() {
  const given = process.env['POSTGRES_BIN']
  if (given !== undefined && given !== '') return given
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map((name) => join(base, name, 'bin'))
    .find((path) => existsSync(join(path, 'initdb')))
  if (found !== undefined) return found
  throw new Error(
    'expected a PostgreSQL, found none: install it (apt-get install postgresql), set POSTGRES_BIN to the folder of its programs, or TESSERA_TEST_DATABASE to the address of one that runs',
  )
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. @returns {{ uid?: number, gid?: number }} */
function owner() {
  if (process.getuid?.() !== 0) return {}
  const id = (/** @type {string} */ flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim())
  const [uid, gid] = [id('-u'), id('-g')]
  if (Number.isInteger(uid) && uid > 0) return { uid, gid }
  throw new Error('expected a user "postgres" to run PostgreSQL as, because this is root')
}

/**
 * @typedef {object} PostgresServer
 * @property {string} url
 * @property {number} pid
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop ends it and removes its data
 * @property {() => Promise<void>} crash ends it at once, as a crash of its machine would; the data stay
 * @property {() => Promise<void>} start starts it again
 * @property {() => void} freeze it answers nobody any more, and closes no connection
 * @property {() => void} thaw
 */

/**
 * Starts a server. `settings` go to it as `-c name=value`; `fsync` is off, for a test's data need not outlive the machine.
 *
 * @param {Readonly<Record<string, string>>} [settings]
 * @returns {Promise<PostgresServer>}
 */
export async function startPostgres(settings = {}) {
  const bin = binaries()
  const { folder, data, user } = makeData(bin)
  const port = await freePort()
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    fsync: 'off',
    max_connections: '200',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const launch = () =>
    spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...user, cwd: folder, stdio: 'ignore' })
  let child = launch()
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await ended
  }
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGINT') => {
    await end(signal)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => child.kill('SIGKILL'))
  await answers(bin, port).catch(async (error) => {
    await stop()
    throw error
  })
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pid: child.pid ?? 0,
    stop,
    crash: () => end('SIGQUIT'),
    start: () => ((child = launch()), answers(bin, port)),
    freeze: () => signalAll(child.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalAll(child.pid ?? 0, 'SIGCONT'),
  }
}

/** The first process of a server alone accepts connections; each has a process of its own. @param {number} pid @param {NodeJS.Signals} signal */
function signalAll(pid, signal) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const id of [String(pid), ...children.split(' ').filter(Boolean)]) process.kill(Number(id), signal)
}

/** @param {string} bin */
function makeData(bin) {
  const user = owner()
  const folder = mkdtempSync(join(tmpdir(), 'tessera-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid)
  const data = join(folder, 'data')
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  const made = spawnSync(join(bin, 'initdb'), args, { ...user, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  return { folder, data, user }
}

/** @param {string} bin @param {number} port */
async function answers(bin, port) {
  for (let tries = 0; tries < 100; tries += 1) {
    const { status } = spawnSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
    if (status === 0) return
    await new Promise((go) => setTimeout(go, 100))
  }
  throw new Error('PostgreSQL did not answer within ten seconds of its start')
}
