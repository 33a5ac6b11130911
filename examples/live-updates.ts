/**
 * A live feed for pages, over server-sent events and over WebSocket. Neither can carry a token in a header, so that the page
 * gets a one-use ticket first; the connection ends with the token, or when its session does.
 *
 *     npm start                                          # the token server, on port 4480
 *     npx tessera clients add live --audience http://127.0.0.1:4480
 *     LIVE_SECRET=cs_… node tools/run-example.js live-updates
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createTicketGuard, followRevocations, upgradeRefusal } from '@tessera/guard'
import type { TicketConnection, TicketGuard } from '@tessera/guard'

/** Sends a line now and then, until the connection must end or the other side has gone. */
function sendTicks({ claims, signal }: TicketConnection, send: (line: string) => void): () => void {
  const tick = (): void => send(`hello ${claims.sub}, it is ${new Date().toISOString()}`)
  tick()
  const timer = setInterval(tick, 1000)
  const stop = (): void => clearInterval(timer)
  signal.addEventListener('abort', stop)
  return stop
}

/** Server-sent events: `new EventSource('/live?ticket=tk_…')`. */
async function answerEvents(
  tickets: TicketGuard,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request
  const result = await tickets.redeem({ method, url, headers })
  if (!result.ok) {
    response.writeHead(result.status, result.headers).end(JSON.stringify(result.body))
    return
  }
  const { connection } = result
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const stop = sendTicks(connection, (line) => response.write(`data: ${line}\n\n`))
  connection.signal.addEventListener('abort', () => {
    response.end(`event: end\ndata: ${connection.signal.reason}\n\n`)
  })
  response.on('close', () => {
    stop()
    connection.release()
  })
}

/** WebSocket: `new WebSocket('ws://…/live?ticket=tk_…')`. */
async function answerUpgrade(tickets: TicketGuard, request: IncomingMessage, socket: Duplex): Promise<void> {
  const { method = 'GET', url = '/', headers } = request
  const result = await tickets.redeem({ method, url, headers })
  if (!result.ok) {
    socket.end(upgradeRefusal(result))
    return
  }
  const { connection } = result
  acceptWebSocket(headers['sec-websocket-key'] ?? '', socket)
  const stop = sendTicks(connection, (line) => socket.write(frame(1, Buffer.from(line))))
  connection.signal.addEventListener('abort', () => {
    // 4401: the application's own number for "the token is over"; get another ticket and connect again.
    const code = Buffer.from([4401 >> 8, 4401 & 255])
    socket.end(frame(8, Buffer.concat([code, Buffer.from(String(connection.signal.reason))])))
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    stop()
    connection.release()
  })
}

/** As much of RFC 6455 as a feed that only sends needs; a library such as `ws` does it all: `wss.handleUpgrade(…)`. */
function acceptWebSocket(key: string, socket: Duplex): void {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade']
  socket.write([...lines, `sec-websocket-accept: ${accept}`, '', ''].join('\r\n'))
}

/** One unmasked frame of less than 126 octets (RFC 6455 §5.2). */
function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload])
}

/** The API: both ways at one path. */
export function createLiveApi(tickets: TicketGuard): Server {
  const server = createServer((request, response) => {
    answerEvents(tickets, request, response).catch(() => response.destroy())
  })
  server.on('upgrade', (request, socket) => {
    answerUpgrade(tickets, request, socket).catch(() => socket.destroy())
  })
  return server
}

function main(): void {
  const issuer = 'http://127.0.0.1:4480'
  const tickets = createTicketGuard({
    issuer,
    audience: issuer,
    client: { id: 'live', secret: process.env['LIVE_SECRET'] ?? '' },
    origins: [issuer],
    revocations: followRevocations({ issuer }),
  })
  createLiveApi(tickets).listen(4490, '127.0.0.1', () => {
    console.log(
      [
        `login='{"username":"ada","password":"correct horse battery staple"}'`,
        `token=$(curl -s ${issuer}/signup -H 'content-type: application/json' -d "$login" | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')`,
        `ticket=$(curl -s ${issuer}/ticket -H "Authorization: Bearer $token" -H 'content-type: application/json' -d '{"path":"/live"}' | sed 's/.*"ticket":"\\([^"]*\\).*/\\1/')`,
        `curl -N "http://127.0.0.1:4490/live?ticket=$ticket" -H 'Origin: ${issuer}'`,
        `# and from another window: curl -X POST ${issuer}/logout -H "Authorization: Bearer $token"`,
      ].join('\n'),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
