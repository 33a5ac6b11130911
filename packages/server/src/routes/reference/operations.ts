/** What every route takes and answers, in one table: the reference of the server, as a document and as a page. */
import type { z } from 'zod'
import { newClientBody } from '../admin/clients.ts'
import { newUserBody } from '../admin/users.ts'
import { deleteBody } from '../delete-account.ts'
import { loginBody } from '../login.ts'
import { forgotBody, resetBody, verifyBody } from '../one-time.ts'
import { passwordBody } from '../password.ts'
import { signUpBody } from '../signup.ts'
import { ticketBody } from '../ticket.ts'
import type { AnswerName } from './schemas.ts'
import { logoutBody, oneTokenForm, redeemForm, tokenForm } from './schemas.ts'

/** Who may call: anybody, a person's token, a client that proves itself, an administrator's token. */
export type Caller = 'anybody' | 'person' | 'client' | 'admin'

export interface Operation {
  readonly summary: string
  readonly caller: Caller
  /** The schema that the body is checked with. */
  readonly json?: z.ZodType
  readonly form?: z.ZodType
  /** Parameters of the query. */
  readonly query?: readonly string[]
  /** The answer to a good request: its status, and its schema or its media type. */
  readonly answer: readonly [status: number, body?: AnswerName | `${string}/${string}`]
  /** Further statuses, all of them with a code. */
  readonly errors?: readonly number[]
}

type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Operation>>>

const pages = ['after', 'limit'] as const

/** By path and method, as in the route table. */
export const operations: Readonly<Record<string, Methods>> = {
  '/signup': {
    POST: {
      summary: 'Makes an account and signs it in.',
      caller: 'anybody',
      json: signUpBody,
      answer: [201, 'Tokens'],
      errors: [400, 403, 409, 413, 415, 422, 429, 503],
    },
  },
  '/login': {
    POST: {
      summary: 'User name and password for a session.',
      caller: 'anybody',
      json: loginBody,
      answer: [200, 'Tokens'],
      errors: [400, 401, 403, 413, 415, 429, 503],
    },
  },
  '/token': {
    POST: {
      summary: 'The token endpoint (RFC 6749 §3.2): refresh, and client_credentials.',
      caller: 'anybody',
      form: tokenForm,
      answer: [200, 'Tokens'],
      errors: [400, 401, 403, 413, 415, 429, 503],
    },
  },
  '/revoke': {
    POST: {
      summary: 'Ends a token (RFC 7009).',
      caller: 'anybody',
      form: oneTokenForm,
      answer: [200],
      errors: [400, 401, 413, 415, 429, 503],
    },
  },
  '/introspect': {
    POST: {
      summary: 'Tells whether a token is in force (RFC 7662).',
      caller: 'client',
      form: oneTokenForm,
      answer: [200, 'Introspection'],
      errors: [400, 401, 413, 415, 429, 503],
    },
  },
  '/logout': {
    POST: {
      summary: 'Ends the session of a bearer token, a refresh token or the session cookie.',
      caller: 'person',
      json: logoutBody,
      answer: [204],
      errors: [400, 401, 403, 413, 415, 503],
    },
  },
  '/me': {
    GET: {
      summary: 'Who the bearer is.',
      caller: 'person',
      answer: [200, 'Me'],
      errors: [400, 401, 403, 503],
    },
    DELETE: {
      summary: 'Deletes the account.',
      caller: 'person',
      json: deleteBody,
      answer: [204],
      errors: [400, 401, 403, 404, 413, 415, 429, 503],
    },
  },
  '/password': {
    POST: {
      summary: 'Changes the password; every other session ends. 200 with tokens where `renew` asks for it.',
      caller: 'person',
      json: passwordBody,
      answer: [204],
      errors: [400, 401, 403, 404, 413, 415, 422, 429, 503],
    },
  },
  '/password/forgot': {
    POST: {
      summary: 'Has a one-time token sent, if there is such an account.',
      caller: 'anybody',
      json: forgotBody,
      answer: [204],
      errors: [400, 404, 413, 415, 429, 503],
    },
  },
  '/password/reset': {
    POST: {
      summary: 'Sets a new password with a one-time token; every session ends.',
      caller: 'anybody',
      json: resetBody,
      answer: [204],
      errors: [400, 401, 404, 413, 415, 422, 429, 503],
    },
  },
  '/email/verify': {
    POST: {
      summary: 'Proves an e-mail address with a one-time token.',
      caller: 'anybody',
      json: verifyBody,
      answer: [204],
      errors: [400, 401, 404, 413, 415, 429, 503],
    },
  },
  '/sessions': {
    GET: {
      summary: "One's sessions.",
      caller: 'person',
      answer: [200, 'Sessions'],
      errors: [400, 401, 403, 503],
    },
  },
  '/sessions/revoke-others': {
    POST: {
      summary: 'Ends every other session.',
      caller: 'person',
      answer: [204],
      errors: [400, 401, 403, 503],
    },
  },
  '/sessions/:id': {
    DELETE: {
      summary: 'Ends a session.',
      caller: 'person',
      answer: [204],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/revocations': {
    GET: {
      summary: 'The signed feed of what was revoked: by cursor, after a wait, or as a stream of events.',
      caller: 'anybody',
      query: ['since', 'wait'],
      answer: [200, 'application/jwt'],
      errors: [304, 400, 503],
    },
  },
  '/revocations/jwks.json': {
    GET: { summary: 'The keys of the feed.', caller: 'anybody', answer: [200, 'JwkSet'], errors: [503] },
  },
  '/.well-known/jwks.json': {
    GET: {
      summary: 'The keys of access tokens (RFC 7517).',
      caller: 'anybody',
      answer: [200, 'JwkSet'],
      errors: [503],
    },
  },
  '/.well-known/oauth-authorization-server': {
    GET: { summary: 'The metadata (RFC 8414).', caller: 'anybody', answer: [200, 'Metadata'], errors: [503] },
  },
  '/ticket': {
    POST: {
      summary: 'A one-use ticket for WebSocket and server-sent events.',
      caller: 'person',
      json: ticketBody,
      answer: [201, 'Ticket'],
      errors: [400, 401, 403, 413, 415, 503],
    },
  },
  '/ticket/redeem': {
    POST: {
      summary: 'Takes a ticket in, for the API that the connection goes to.',
      caller: 'client',
      form: redeemForm,
      answer: [200, 'Introspection'],
      errors: [400, 401, 413, 415, 429, 503],
    },
  },
  '/admin/users': {
    GET: { ...listed('Accounts, page by page.', 'Users') },
    POST: {
      summary: 'Makes an account.',
      caller: 'admin',
      json: newUserBody,
      answer: [201, 'User'],
      errors: [400, 401, 403, 409, 413, 415, 503],
    },
  },
  '/admin/users/:id': {
    GET: {
      summary: 'One account.',
      caller: 'admin',
      answer: [200, 'User'],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/users/:id/disable': {
    POST: {
      summary: 'Disables an account; its sessions end.',
      caller: 'admin',
      answer: [204],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/users/:id/sessions': {
    GET: {
      summary: 'Where an account is signed in.',
      caller: 'admin',
      answer: [200, 'UserSessions'],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/sessions/:id': {
    DELETE: {
      summary: 'Ends any session.',
      caller: 'admin',
      answer: [204],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/clients': {
    GET: { ...listed('Clients, page by page.', 'Clients') },
    POST: {
      summary: 'Registers a client; its secret is told once.',
      caller: 'admin',
      json: newClientBody,
      answer: [201, 'NewClient'],
      errors: [400, 401, 403, 409, 413, 415, 503],
    },
  },
  '/admin/clients/:id': {
    DELETE: {
      summary: 'Revokes a client.',
      caller: 'admin',
      answer: [204],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/keys': {
    GET: {
      summary: 'The signing keys.',
      caller: 'admin',
      answer: [200, 'Keys'],
      errors: [400, 401, 403, 503],
    },
  },
  '/admin/keys/rotate': {
    POST: {
      summary: 'Hands over to the next key, if every verifier can know it.',
      caller: 'admin',
      answer: [200, 'Rotation'],
      errors: [400, 401, 403, 409, 503],
    },
  },
  '/admin/keys/:kid': {
    DELETE: {
      summary: 'Calls a key back.',
      caller: 'admin',
      answer: [204],
      errors: [400, 401, 403, 404, 503],
    },
  },
  '/admin/audit': {
    GET: { ...listed('What was done, newest first.', 'Audit'), query: [...pages, 'user_id'] },
  },
  '/metrics': {
    GET: {
      summary: 'Figures for Prometheus; without a token for requests from this machine.',
      caller: 'admin',
      answer: [200, 'text/plain'],
      errors: [400, 401, 403, 503],
    },
  },
  '/healthz': {
    GET: { summary: 'Whether the process answers.', caller: 'anybody', answer: [200, 'Status'] },
  },
  '/readyz': {
    GET: {
      summary: 'Whether it can do its work.',
      caller: 'anybody',
      answer: [200, 'Status'],
      errors: [503],
    },
  },
  '/openapi.json': {
    GET: { summary: 'This reference, as OpenAPI 3.1.', caller: 'anybody', answer: [200, 'application/json'] },
  },
  '/docs': {
    GET: { summary: 'This reference, as a page.', caller: 'anybody', answer: [200, 'text/html'] },
  },
}

function listed(summary: string, name: AnswerName): Operation {
  return { summary, caller: 'admin', query: pages, answer: [200, name], errors: [400, 401, 403, 503] }
}

/** Endpoints whose errors are those of RFC 6749 §5.2. */
export const oauthPaths: ReadonlySet<string> = new Set(['/token', '/revoke', '/introspect', '/ticket/redeem'])
