/** The stand-alone server: `node:http` in front of a token server, with bounds on time and size. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problem } from '@tessera/guard'
import type { ServerConfig } from '../config/server-config.ts'
import type { FinishedAnswer } from '../http/finish.ts'
import { unfinished } from '../http/finish.ts'
import { StartError } from '../start-error.ts'
import type { StreamingTokenServer } from '../token-server.ts'
import { createTokenServerWith } from '../token-server.ts'
import type { Connections } from './connections.ts'
import { answerClientError, largestHeaderBytes } from './client-error.ts'
import { trackConnections } from './connections.ts'
import { readConsoleFiles } from './console-files.ts'
import { fromNodeRequest } from './node-request.ts'
import { sendAnswer } from './send-answer.ts'

type Listener = (message: IncomingMessage, response: ServerResponse) => void

export interface StartServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 4480; 0 takes any free port. */
  readonly port?: number
  /** The console's built files, served at `/`. Default none. */
  readonly consoleDirectory?: string
}

export interface RunningServer {
  /** Where the server listens, such as `http://127.0.0.1:4480`. */
  readonly url: string
  readonly issuer: string
  /** Accepts nothing more, finishes what it accepted, and closes the store; within ten seconds. */
  close(): Promise<void>
}

/** A configuration whose issuer may follow the port. */
export type StartServerConfig = Omit<ServerConfig, 'issuer'> & { readonly issuer?: string }

const headersTimeoutMs = 10_000
const requestTimeoutMs = 25_000
const timeoutCheckMs = 2500
/** How long what was accepted may take to finish when the server is told to stop. */
const closePatienceMs = 8000

/**
 * Listens and serves.
 *
 * @throws {StartError} `address_unusable` when the address or port cannot be had; every other code of a start
 */
export async function startServer(
  config: StartServerConfig,
  { host = '127.0.0.1', port = 4480, consoleDirectory }: StartServerOptions = {},
): Promise<RunningServer> {
  let answer: Listener = notReady
  const server = createHttpServer((message, response) => {
    connections.note(message, response)
    answer(message, response)
  })
  const connections = trackConnections(server)
  // The port comes first: the issuer may follow it, and a second start must not touch the database of the first.
  const address = await listen(server, host, port)
  const issuer = config.issuer ?? `http://127.0.0.1:${address.port}`
  try {
    const fallback = readConsoleFiles(consoleDirectory, issuerForPolicy(issuer))
    const tokenServer = createTokenServerWith({ ...config, issuer }, { fallback })
    await tokenServer.ready
    answer = listenerOf(tokenServer)
    return { url: urlOf(host, address), issuer, close: () => close(server, connections, tokenServer) }
  } catch (error) {
    server.close()
    server.closeAllConnections()
    throw error
  }
}

/** A bad issuer is reported by the check of the configuration, not by this use of it. */
function issuerForPolicy(issuer: string): string {
  return URL.canParse(issuer) ? issuer : 'http://127.0.0.1'
}

const starting = unfinished(problem('unavailable', 'the server is starting'))

function notReady(message: IncomingMessage, response: ServerResponse): void {
  sendAnswer(message, response, starting)
}

export function createHttpServer(listener: Listener): Server {
  const server = createServer(
    {
      maxHeaderSize: largestHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    listener,
  )
  server.on('clientError', answerClientError)
  return server
}

export function listenerOf({ answer }: Pick<StreamingTokenServer, 'answer'>): Listener {
  return (message, response) => {
    const { remoteAddress } = message.socket
    const request = fromNodeRequest(message)
    const answered =
      request === undefined
        ? badTarget
        : answer(request, remoteAddress === undefined ? {} : { remoteAddress })
    if (answered instanceof Promise) void answered.then((settled) => sendAnswer(message, response, settled))
    else sendAnswer(message, response, answered)
  }
}

const badTarget: FinishedAnswer = unfinished(
  problem('request_invalid', 'expected a request target and a host, got something else'),
)

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = listenFaults[error.code ?? ''] ?? error.code ?? 'it cannot be listened on'
      reject(new StartError('address_unusable', `cannot listen on ${host}:${port}: ${why}`, error))
    })
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; choose another with PORT',
  EACCES: 'permission denied; ports below 1024 need it',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with HOST',
  ENOTFOUND: 'there is no such host; choose another with HOST',
}

function urlOf(host: string, { port, family }: AddressInfo): string {
  const isAnywhere = host === '0.0.0.0' || host === '::'
  const name = isAnywhere ? '127.0.0.1' : family === 'IPv6' && host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

async function close(
  server: Server,
  connections: Connections,
  tokenServer: StreamingTokenServer,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  connections.closeWhenIdle()
  tokenServer.endStreams()
  const impatience = setTimeout(() => server.closeAllConnections(), closePatienceMs)
  await closed
  clearTimeout(impatience)
  await tokenServer.close()
}
