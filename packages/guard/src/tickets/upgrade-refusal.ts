/** The answer to an upgrade that is refused, for servers that hand out a bare socket. */
import type { ProblemAnswer } from '../problem.ts'

/** The answer as it goes over the wire (RFC 9112 §4): `socket.end(upgradeRefusal(result))`. */
export function upgradeRefusal({ status, headers, body }: ProblemAnswer): string {
  const content = JSON.stringify(body)
  const length = new TextEncoder().encode(content).length
  const all = { ...headers, 'content-length': String(length), connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${body.title}\r\n${lines.join('')}\r\n${content}`
}
