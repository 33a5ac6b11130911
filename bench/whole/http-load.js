// @ts-check
/** A client that asks as fast as it is answered: raw sockets, because a client must cost less than the server it measures. */
import { once } from 'node:events'
import { connect } from 'node:net'

/** @param {{ port: number, tokens: string[], connections: number }} target */
export async function openConnections({ port, tokens, connections }) {
  const requests = tokens.map((token) =>
    Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`),
  )
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const [socket, request] = [sockets[0], requests[0]]
  if (socket === undefined || request === undefined) throw new Error('expected a connection and a token')
  const answerLength = await lengthOfAnswer(socket, request)
  let running = false
  let answered = 0

  /** @type {(() => void)[]} */
  let idle = []
  for (const [index, socket] of sockets.entries()) {
    let missing = answerLength
    let next = index
    socket.on('data', ({ length }) => {
      missing -= length
      if (missing > 0) return
      missing = answerLength
      answered += 1
      if (running) ask()
      else idle.pop()?.()
    })
    const ask = () => socket.write(requests[(next += 1) % requests.length] ?? '')
    socket.on('start', ask)
  }

  return {
    /** @param {number} ms */
    run: async (ms) => {
      running = true
      answered = 0
      const start = process.hrtime.bigint()
      const stopped = Promise.all(
        sockets.map(() => new Promise((/** @type {any} */ done) => idle.push(done))),
      )
      for (const socket of sockets) socket.emit('start')
      setTimeout(() => (running = false), ms)
      await stopped
      idle = []
      return { requests: answered, elapsedNs: Number(process.hrtime.bigint() - start) }
    },
    // Bun tells of the end of a connection that was ended here, too.
    close: () => sockets.forEach((socket) => socket.removeAllListeners('end').destroy()),
  }
}

/** @param {number} port */
async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  socket.on('end', () => {
    throw new Error('expected an answer, got the end of the connection')
  })
  return socket
}

/** Every answer is as long as the first, which lets the request in. @param {import('node:net').Socket} socket @param {Uint8Array} request */
async function lengthOfAnswer(socket, request) {
  socket.write(request)
  const [answer] = await once(socket, 'data')
  if (!String(answer).startsWith('HTTP/1.1 200')) throw new Error('expected the request to be let in')
  return answer.length
}
