/** `@tessera/guard/fastify`: the guard as a hook for Fastify 5. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { authenticateOf, guardFrom } from './guard.ts'
import type { Auth, Guard } from './guard.ts'
import { headersOf } from './node-request.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on a request that it let in. */
    auth?: Auth
  }
}

/**
 * Makes a hook that lets requests with a good token through and sets `request.auth`: for every route below with
 * `app.addHook('onRequest', guard({ … }))`, for one with `app.get(path, { onRequest: guard({ … }) }, route)`. Before
 * the body is read, which is why it is `onRequest`. Takes a guard made by `createGuard` too, to share its keys.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`
 */
export function guard(
  guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const authenticate = authenticateOf(guardFrom(guardOrOptions))
  return async (request, reply) => {
    const result = await authenticate({
      method: request.method,
      url: request.url,
      headers: headersOf(requestOf(request)),
    })
    if (result.ok) {
      request.auth = result.auth
      return undefined
    }
    reply.code(result.status)
    for (const [name, value] of Object.entries(result.headers)) {
      // What the application exposes to other origins is its own choice.
      if (name !== 'access-control-expose-headers' || !reply.hasHeader(name)) reply.header(name, value)
    }
    // Bytes: to text Fastify would add a charset that JSON does not have.
    return reply.send(new TextEncoder().encode(JSON.stringify(result.body)))
  }
}

/** Fastify's view of the headers, which a hook may have changed, with the raw list beneath. */
function requestOf(request: FastifyRequest): { headers: FastifyRequest['headers']; rawHeaders: string[] } {
  return { headers: request.headers, rawHeaders: request.raw.rawHeaders }
}
