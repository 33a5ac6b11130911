/** Tokens: got, ended, looked at, and what verifies them. */
import { ticketBody } from '../ticket.ts'
import type { Operations } from './operation.ts'
import { anybody, client, person } from './operation.ts'
import { oneTokenForm, redeemForm, tokenForm } from './schemas.ts'

export const tokenOperations: Operations = {
  '/token': {
    POST: anybody('The token endpoint (RFC 6749 §3.2): refresh, and client_credentials.', {
      form: tokenForm,
      answer: [200, 'Tokens'],
      errors: [401, 403, 429],
    }),
  },
  '/revoke': {
    POST: anybody('Ends a token (RFC 7009).', { form: oneTokenForm, answer: [200], errors: [401, 429] }),
  },
  '/introspect': {
    POST: client('Tells whether a token is in force (RFC 7662).', {
      form: oneTokenForm,
      answer: [200, 'Introspection'],
    }),
  },
  '/revocations': {
    GET: anybody('The signed feed of what was revoked: by cursor, after a wait, or as a stream of events.', {
      query: ['since', 'wait'],
      answer: [200, 'application/jwt'],
      otherwise: [200, 'text/event-stream'],
      errors: [304, 400, 503],
    }),
  },
  '/revocations/jwks.json': {
    GET: anybody('The keys of the feed.', { answer: [200, 'JwkSet'], errors: [304, 503] }),
  },
  '/.well-known/jwks.json': {
    GET: anybody('The keys of access tokens (RFC 7517).', { answer: [200, 'JwkSet'], errors: [304, 503] }),
  },
  '/.well-known/oauth-authorization-server': {
    GET: anybody('The metadata (RFC 8414).', { answer: [200, 'Metadata'], errors: [304, 503] }),
  },
  '/ticket': {
    POST: person('A one-use ticket for WebSocket and server-sent events.', {
      json: ticketBody,
      answer: [201, 'Ticket'],
    }),
  },
  '/ticket/redeem': {
    POST: client('Takes a ticket in, for the API that the connection goes to.', {
      form: redeemForm,
      answer: [200, 'Introspection'],
    }),
  },
}

/** Endpoints whose errors are those of RFC 6749 §5.2. */
export const oauthPaths: ReadonlySet<string> = new Set(['/token', '/revoke', '/introspect', '/ticket/redeem'])
