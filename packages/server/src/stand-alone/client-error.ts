/** What the parser refuses never becomes a request: answered here, in the same form as everything else. */
import type { Socket } from 'node:net'
import { problem } from '@tessera/guard'
import type { ProblemAnswer } from '@tessera/guard'

/** Above the 16 KiB of the longest token, so that a longer one gets our answer and not the parser's. */
export const largestHeaderBytes: number = 32 * 1024

/** A listener for `clientError` of `node:http`. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // A connection that was opened ahead and never used asks nothing: an answer would be taken for that of a later request.
  const isUnused = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0
  if (error.code === 'ECONNRESET' || isUnused || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, headers, body } = parserProblem(error.code)
  const text = JSON.stringify(body)
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(text), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${body.title}\r\n${head}\r\n${text}`)
}

function parserProblem(code: string | undefined): ProblemAnswer {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return problem('too_large', `expected at most ${largestHeaderBytes} bytes of headers, got more`, {
      status: 431,
    })
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return problem('request_invalid', 'expected a whole request, got a part of one for too long', {
      status: 408,
    })
  }
  return problem('request_invalid', 'expected an HTTP request, got something else')
}
