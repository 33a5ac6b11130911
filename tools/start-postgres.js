// @ts-check
/** A PostgreSQL of our own for tests: its data in a new folder, its port on the loopback address, gone afterwards. */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder of `initdb` and `postgres`: `POSTGRES_BIN`, or the newest that Debian installed. @returns {string} */
function binaries() {
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

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/**
 * Starts a server. `settings` go to it as `-c name=value`; `fsync` is off, for a test's data need not outlive the machine.
 *
 * @param {Readonly<Record<string, string>>} [settings]
 * @returns {Promise<{ url: string, pid: number, stop(signal?: NodeJS.Signals): Promise<void> }>}
 */
export async function startPostgres(settings = {}) {
  const bin = binaries()
  const user = owner()
  const folder = mkdtempSync(join(tmpdir(), 'tessera-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid)
  const data = join(folder, 'data')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...user,
      cwd: folder,
      encoding: 'utf8',
    },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
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
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...user, cwd: folder, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGINT') => {
    child.kill(signal)
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => child.kill('SIGKILL'))
  await answers(bin, port).catch(async (error) => {
    await stop()
    throw error
  })
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, pid: child.pid ?? 0, stop }
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
