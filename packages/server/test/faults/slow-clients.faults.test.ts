/** Clients that send slowly, and clients that send too much: others are served meanwhile, and neither is kept for long. */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { password } from '../create-test-server.ts'
import { environmentOf, postgres, sqlite } from './databases.ts'
import { createFlood, peakMemoryMib, percentile, tally, watchHealth } from './flood-client.ts'
import { createServerProcess } from './server-process.ts'

/** What an answer may take at most, but for the time in which the machine had no core for it. */
const healthBoundMs = 250
const head = 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

async function start({ open }: typeof sqlite) {
  const database = await open()
  const server = await createServerProcess(environmentOf(database))
  onTestFinished(async () => {
    await server.remove()
    await database.drop()
  })
  await server.start()
  return { url: server.url, pid: server.pid, port: Number(new URL(server.url).port) }
}

interface Connection {
  readonly socket: Socket
  /** The status line of the first answer, and when the connection closed. */
  readonly closed: Promise<{ readonly status: number; readonly ms: number }>
}

function connectTo(port: number): Connection {
  const socket = connect(port, '127.0.0.1')
  const beganMs = performance.now()
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    closed: new Promise((resolve) => {
      socket.once('close', () => {
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
        resolve({ status, ms: performance.now() - beganMs })
      })
    }),
  }
}

/** Sends a text by one octet a second, for as long as the other side listens. */
function drip({ socket }: Connection, text: string): void {
  let sent = 0
  const timer = setInterval(() => {
    if (!socket.writable || sent >= text.length) clearInterval(timer)
    else socket.write(text.charAt(sent++))
  }, 1000)
  socket.once('close', () => clearInterval(timer))
}

describe.each([sqlite, postgres])('P15: what clients send, on $name', (database) => {
  test(
    '200 slow clients, half in their headers and half in their body: others are served, and each is closed with 408 in time',
    { retry: 2, timeout: 120_000 },
    async () => {
      const { url, pid, port } = await start(database)
      const { signup, login } = createFlood(url, 4)
      await signup('ada', password, '')
      const beforeMib = peakMemoryMib(pid)
      const stop = await watchHealth(url, pid)
      const slow = Array.from({ length: 200 }, (_, index) => {
        const connection = connectTo(port)
        if (index % 2 === 0) drip(connection, `${head}X-Slow: ${'x'.repeat(100)}`)
        else {
          connection.socket.write(`${head}Content-Length: 1000\r\n\r\n`)
          drip(connection, '{"username":"'.padEnd(1000, 'a'))
        }
        return connection
      })
      const logins = []
      for (let round = 0; round < 20; round++)
        logins.push(await login({ username: 'ada', password, from: '' }))
      const ends = await Promise.all(slow.map(({ closed }) => closed))
      const health = await stop()
      const growthMib = peakMemoryMib(pid) - beforeMib
      console.log(
        `${database.name}, 200 slow clients: ${JSON.stringify(tally(ends))}, closed after at most ${percentile(
          ends.map(({ ms }) => ms),
          1,
        )} ms; log-ins ${JSON.stringify(tally(logins))}; ${health.text}; ${growthMib} MiB more`,
      )
      expect(tally(ends)).toEqual({ 408: 200 })
      expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(35_000)
      expect(tally(logins)).toEqual({ 200: 20 })
      expect(health.worstOwnMs).toBeLessThan(healthBoundMs)
      expect(growthMib).toBeLessThan(128)
    },
  )

  test(
    '100 bodies of 10 MB, with their length and in chunks: 413 each, and none of them is held',
    { retry: 2, timeout: 120_000 },
    async () => {
      const { url, pid, port } = await start(database)
      const beforeMib = peakMemoryMib(pid)
      const stop = await watchHealth(url, pid)
      const megabyte = Buffer.alloc(2 ** 20, 'x')
      const ends = await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const connection = connectTo(port)
          const { socket, closed } = connection
          const isChunked = index % 2 === 0
          socket.write(
            `${head}${isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${10 * 2 ** 20}`}\r\n\r\n`,
          )
          for (let sent = 0; sent < 10 && socket.writable; sent++) {
            if (isChunked) socket.write(`${megabyte.byteLength.toString(16)}\r\n`)
            const isTaken = socket.write(megabyte)
            if (isChunked) socket.write('\r\n')
            if (!isTaken) await Promise.race([closed, new Promise((go) => socket.once('drain', go))])
          }
          socket.end(isChunked ? '0\r\n\r\n' : '')
          return closed
        }),
      )
      const health = await stop()
      const growthMib = peakMemoryMib(pid) - beforeMib
      console.log(
        `${database.name}, 100 bodies of 10 MB: ${JSON.stringify(tally(ends))}; ${health.text}; ${growthMib} MiB more`,
      )
      // A client that goes on sending may lose the answer with the connection, and nothing else.
      expect(ends.filter(({ status }) => status !== 413 && status !== 0)).toEqual([])
      expect(ends.some(({ status }) => status === 413)).toBe(true)
      expect(health.worstOwnMs).toBeLessThan(healthBoundMs)
      expect(growthMib).toBeLessThan(160)
    },
  )
})
