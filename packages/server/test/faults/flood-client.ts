/** What a flood is made of, and what is measured while it lasts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface LoginAttempt {
  readonly username: string
  readonly password: string
  readonly deviceSecret?: string | undefined
  /** The address that the proxy in front says it comes from. */
  readonly from: string
}

export interface LoginAnswer {
  readonly status: number
  readonly ms: number
  readonly retryAfterSeconds: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Connections that are kept, so that a flood is of requests and not of handshakes. */
export function createFlood(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  onTestFinished(() => agent.destroy())
  const post = (path: string, json: object, from: string): Promise<LoginAnswer> => {
    const beganMs = performance.now()
    const text = JSON.stringify(json)
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-forwarded-for': from,
    }
    return new Promise((resolve, reject) => {
      const outgoing = request(`${url}${path}`, { method: 'POST', agent, headers }, (incoming) => {
        let answer = ''
        incoming.on('data', (chunk) => (answer += String(chunk)))
        incoming.once('error', reject)
        incoming.once('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            ms: performance.now() - beganMs,
            retryAfterSeconds: Number(incoming.headers['retry-after'] ?? 0),
            body: JSON.parse(answer) as Record<string, unknown>,
          }),
        )
      })
      outgoing.once('error', reject)
      outgoing.end(text)
    })
  }
  return {
    signup: (username: string, password: string, from: string) =>
      post('/signup', { username, password }, from),
    login: ({ username, password, deviceSecret, from }: LoginAttempt) => {
      const known = deviceSecret === undefined ? {} : { device_secret: deviceSecret }
      return post('/login', { username, password, ...known }, from)
    },
  }
}

/** How long answers of `/healthz` took at most, in milliseconds. */
export interface Health {
  readonly worstMs: number
  /** Without the time for which a busy machine had no core for the event loop that was asked, or the one that asked. */
  readonly worstOwnMs: number
  /** The same of all answers but one in a hundred. */
  readonly p99OwnMs: number
  /** Both, for people. */
  readonly text: string
}

type Sample = readonly [tookMs: number, starvedMs: number]

/** Looks at the `/healthz` of a process from now on, from another one. */
export async function watchHealth(url: string, pid: number): Promise<() => Promise<Health>> {
  const program = fileURLToPath(new URL('health-probe.js', import.meta.url))
  const child = spawn(process.execPath, [program, url, String(pid)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return async () => {
    const told = once(child, 'message')
    child.send('stop')
    const [samples] = (await told) as [Sample[]]
    const took = samples.map(([tookMs]) => tookMs)
    const own = samples.map(([tookMs, starvedMs]) => tookMs - starvedMs)
    const [worstMs, worstOwnMs] = [percentile(took, 1), percentile(own, 1)]
    const text = `/healthz p99 ${percentile(took, 0.99)} ms, at most ${worstMs} ms (${worstOwnMs} ms without waiting for a core)`
    return { p99OwnMs: percentile(own, 0.99), worstMs, worstOwnMs, text }
  }
}

/** The memory that a process held at its peak, in MiB. */
export function peakMemoryMib(pid: number): number {
  const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}

/** A part of values in order: 0.99 is what one in a hundred exceeds. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN)
}

/** How often each status came. */
export function tally(answers: readonly { readonly status: number }[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
