/** `nodeListener`: an embedded server behind `node:http`, or a framework that stands on it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamingTokenServer, TokenServer } from '../token-server.ts'
import { listenerOf } from './start-server.ts'

/**
 * Makes a listener of `createServer` of a token server; Express and Fastify take it too. It reads bodies itself, within the
 * server's bounds: nothing may have read them before.
 *
 * @param server as `createTokenServer` made it
 */
export function nodeListener(
  server: TokenServer,
): (request: IncomingMessage, response: ServerResponse) => void {
  // Every token server has it; only its type is no promise to anybody outside.
  return listenerOf(server as StreamingTokenServer)
}
