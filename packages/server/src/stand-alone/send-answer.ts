/** Writes answers to connections of `node:http`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FinishedAnswer } from '../http/finish.ts'

/** How long a client may go on sending what nobody reads. */
const drainPatienceMs = 500

export function sendAnswer(
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: FinishedAnswer,
): void {
  if (body instanceof ReadableStream) {
    response.writeHead(status, [...headers])
    response.flushHeaders()
    void sendStream(response, body.getReader())
    return
  }
  const isEmpty = status === 204 || status === 304
  const length = lengthOf(body)
  response.writeHead(status, isEmpty ? [...headers] : headers.concat('content-length', String(length)))
  // A text of ASCII alone is the same octets in either encoding, and sooner written in this one.
  const isAscii = typeof body === 'string' && length === body.length
  if (body !== null) writeAtOnce(response, body, isAscii ? 'latin1' : 'utf8')
  response.end()
  if (!message.complete && hasBody(message)) drain(message)
}

/**
 * Head and body in one write to the socket. `end(body)` adds an empty one, and Node 20 takes two a seventh of a short answer to
 * put together. What `write` does not find corked it corks until the next turn.
 */
function writeAtOnce(response: ServerResponse, body: string | Uint8Array, encoding: BufferEncoding): void {
  const { socket } = response
  socket?.cork()
  response.write(body, encoding)
  socket?.uncork()
}

function lengthOf(body: string | Uint8Array | null): number {
  if (body === null) return 0
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}

/** Of a request without one Node tells that it is complete only after it was answered. */
function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'] ?? '0'
  return length !== '0' || headers['transfer-encoding'] !== undefined
}

/** Reads on to the end of a body that was refused: closed before, the client might never see why. */
function drain(message: IncomingMessage): void {
  const impatience = setTimeout(() => message.socket.destroy(), drainPatienceMs)
  message.once('close', () => clearTimeout(impatience))
  message.resume()
}

/** As fast as the client reads, and until it goes away. */
async function sendStream(
  response: ServerResponse,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<void> {
  const gone = new Promise<void>((resolve) => response.once('close', resolve))
  void gone.then(() => reader.cancel()).catch(() => undefined)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (response.write(value)) continue
      await Promise.race([gone, new Promise<void>((resolve) => response.once('drain', resolve))])
    }
    response.end()
  } catch {
    response.destroy()
  }
}
