/**
 * Which connections of a server are at work. Node itself counts one that has not sent a request yet as busy, and
 * browsers open such ones ahead: a server that is told to stop would wait for each of them.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Takes in a request, before it is answered. */
  note(message: IncomingMessage, response: ServerResponse): void
  /** Closes every connection that answers nothing now, and each other one when it has answered. */
  closeWhenIdle(): void
}

export function trackConnections(server: Server): Connections {
  /** What each connection was asked last. It answers in order: with that it has answered everything. */
  const lastAnswers = new Map<Socket, ServerResponse | undefined>()
  let isClosing = false

  const closeAfter = (socket: Socket, response: ServerResponse): void => {
    response.once('close', () => {
      if (lastAnswers.get(socket) === response) socket.destroySoon()
    })
  }
  server.on('connection', (socket: Socket) => {
    lastAnswers.set(socket, undefined)
    socket.once('close', () => lastAnswers.delete(socket))
  })
  return {
    note: ({ socket }, response) => {
      if (!lastAnswers.has(socket)) return
      lastAnswers.set(socket, response)
      if (isClosing) closeAfter(socket, response)
    },
    closeWhenIdle: () => {
      isClosing = true
      for (const [socket, response] of lastAnswers) {
        if (response === undefined || response.writableFinished) socket.destroySoon()
        else closeAfter(socket, response)
      }
    },
  }
}
