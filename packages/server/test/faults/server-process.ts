/** The built stand-alone server as a process of its own, with fault points that this folder brings. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../../tools/free-port.js'

const command = fileURLToPath(new URL('../../../cli/bin/tessera.js', import.meta.url))
const faultPoints = new URL('fault-points.js', import.meta.url).href

/** Where a process can be told to die: around each step between a request that came in and an answer that is out. */
export const faultPointNames = [
  'received',
  'before begin',
  'after begin',
  'before write',
  'after write',
  'before commit',
  'after commit',
  'before reply',
  'half a reply',
  'after reply',
] as const
/** PostgreSQL alone: COMMIT is on its way, and nobody knows whether it arrives. */
export const commitSent = 'commit sent'
export type FaultPoint = (typeof faultPointNames)[number] | typeof commitSent

export interface ServerProcess {
  readonly url: string
  readonly directory: string
  /** Starts, and resolves when the server answers; rejects with what it said when it ended instead. */
  start(): Promise<void>
  /** The process kills itself at the point, the `count`th time that it comes by. */
  arm(point: FaultPoint, count: number): Promise<void>
  /** Moves the wall clock of the running process. */
  stepClock(ms: number): Promise<void>
  /** Of the running process. */
  readonly pid: number
  /** Resolves with the exit code and what was written to the error stream. */
  readonly ended: Promise<{ code: number | null; log: string }>
  kill(signal?: NodeJS.Signals): Promise<number | null>
  /** Kills what runs and removes the directory. */
  remove(): Promise<void>
}

export async function createServerProcess(
  environment: Readonly<Record<string, string>> = {},
  port?: number,
): Promise<ServerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-faults-'))
  const ownPort = port ?? (await freePort())
  const url = `http://127.0.0.1:${ownPort}`
  let child: ChildProcess | undefined
  let ended: ServerProcess['ended'] = Promise.resolve({ code: 0, log: '' })

  const tell = async (message: object): Promise<void> => {
    const running = child
    if (running?.connected !== true) return
    const done = Promise.race([once(running, 'message'), once(running, 'exit')])
    running.send(message, () => undefined)
    await done
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> => {
    child?.kill(signal)
    return (await ended).code
  }
  return {
    url,
    directory,
    start: async () => {
      child = spawn(process.execPath, ['--import', faultPoints, command, 'serve', '--json'], {
        cwd: directory,
        env: {
          PATH: process.env['PATH'],
          PORT: String(ownPort),
          TESSERA_ISSUER: url,
          TESSERA_THROTTLE: 'off',
          LOG_LEVEL: 'error',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      ended = endOf(child)
      const told = once(child.stdout!, 'data').then(([chunk]) => String(chunk))
      const first = await Promise.race([told, ended.then(({ log }) => log)])
      if (!first.includes('"url"')) throw new Error(`expected the server to start, it said: ${first}`)
    },
    arm: (point, count) => tell({ arm: { point, left: count } }),
    stepClock: (ms) => tell({ stepClockMs: ms }),
    get pid() {
      return child?.pid ?? 0
    },
    get ended() {
      return ended
    },
    kill,
    remove: async () => {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function endOf(child: ChildProcess): ServerProcess['ended'] {
  let log = ''
  child.stderr?.on('data', (chunk) => (log += String(chunk)))
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, log }))
  })
}
