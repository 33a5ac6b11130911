/**
 * Which connections of a server are at work. Node itself counts one that has not sent a request yet as busy, and
 * browsers open such ones ahead: a server that is told to stop would wait for each of them.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Closes every connection that answers nothing now, and each other one when it has answered. */
  closeWhenIdle(): void
}

export function trackConnections(server: Server): Connections {
  /** How many requests each connection is being answered. */
  const atWork = new Map<Socket, number>()
  let isClosing = false

  const count = (socket: Socket, change: number): void => {
    const requests = atWork.get(socket)
    if (requests === undefined) return
    atWork.set(socket, requests + change)
    if (isClosing && requests + change === 0) socket.destroySoon()
  }
  server.on('connection', (socket: Socket) => {
    atWork.set(socket, 0)
    socket.once('close', () => atWork.delete(socket))
  })
  server.prependListener('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  return {
    closeWhenIdle: () => {
      isClosing = true
      for (const [socket, requests] of atWork) if (requests === 0) socket.destroySoon()
    },
  }
}
