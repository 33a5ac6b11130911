/** What answers look like, and the forms of the OAuth endpoints, which are read parameter by parameter. */
import { z } from 'zod'

const text = z.string()
const numericDate = z.number().int().meta({ description: 'Seconds since 1970.' })
const page = { next: text.optional().meta({ description: 'The `after` of the next page.' }) }

const session = z.object({
  session_id: text,
  created_at: numericDate,
  last_used_at: numericDate,
  label: text,
  address_prefix: text,
})

const userSession = session.extend({ transport: text, scope: text })

const user = z.object({
  id: text,
  username: text,
  roles: z.array(text),
  scope: text,
  email: text.nullable(),
  email_verified: z.boolean(),
  created_at: numericDate,
  disabled_at: numericDate.nullable(),
})

const client = z.object({
  client_id: text,
  name: text,
  authentication: z.enum(['client_secret', 'private_key_jwt']),
  scope: text,
  audiences: z.array(text),
  roles: z.array(text),
  created_at: numericDate,
  revoked_at: numericDate.nullable(),
})

/** By the name under which the document refers to them. */
export const answerSchemas: Readonly<Record<AnswerName, z.ZodType>> = {
  Tokens: z.object({
    access_token: text,
    token_type: z.literal('Bearer'),
    expires_in: z.number().int(),
    refresh_token: text.optional(),
    refresh_expires_in: z.number().int().optional(),
    scope: text.optional(),
    session_id: text.optional(),
    device_secret: text.optional().meta({ description: 'To be shown at the next log-in of this device.' }),
  }),
  Problem: z.object({
    type: text,
    title: text,
    status: z.number().int(),
    detail: text,
    code: text,
  }),
  OAuthError: z.object({ error: text, error_description: text, code: text }),
  Me: z.object({ sub: text, username: text, roles: z.array(text), scope: text, session_id: text }),
  Sessions: z.object({ sessions: z.array(session.extend({ current: z.boolean() })) }),
  Introspection: z.object({ active: z.boolean() }).catchall(z.unknown()),
  Ticket: z.object({ ticket: text, expires_in: z.number().int() }),
  Status: z.object({ status: text }),
  JwkSet: z.object({ keys: z.array(z.record(text, z.unknown())) }),
  Metadata: z.object({ issuer: text, token_endpoint: text, jwks_uri: text }).catchall(z.unknown()),
  User: user,
  Users: z.object({ users: z.array(user), ...page }),
  UserSessions: z.object({ sessions: z.array(userSession) }),
  AllSessions: z.object({
    sessions: z.array(userSession.extend({ user_id: text, username: text })),
    ...page,
  }),
  Client: client,
  NewClient: client.extend({ client_secret: text.optional() }),
  Clients: z.object({ clients: z.array(client), ...page }),
  Keys: z.object({
    keys: z.array(
      z.object({
        kid: text,
        algorithm: text,
        purpose: text,
        state: z.enum(['next', 'active', 'retired', 'gone']),
        created_at: numericDate,
        activated_at: numericDate.nullable(),
        retired_at: numericDate.nullable(),
        revoked_at: numericDate.nullable(),
      }),
    ),
  }),
  Rotation: z.object({ active: text, retired: text, next: text }),
  Audit: z.object({
    events: z.array(
      z.object({
        id: z.number().int(),
        at: z.number(),
        event: text,
        user_id: text.nullable(),
        session_id: text.nullable(),
        address_prefix: text.nullable(),
        detail: z.record(text, z.unknown()),
      }),
    ),
    ...page,
  }),
}

export type AnswerName =
  | 'Tokens'
  | 'Problem'
  | 'OAuthError'
  | 'Me'
  | 'Sessions'
  | 'Introspection'
  | 'Ticket'
  | 'Status'
  | 'JwkSet'
  | 'Metadata'
  | 'User'
  | 'Users'
  | 'UserSessions'
  | 'AllSessions'
  | 'Client'
  | 'NewClient'
  | 'Clients'
  | 'Keys'
  | 'Rotation'
  | 'Audit'

/** Credentials of a client in the body, in the place of the `Authorization` header. */
const clientParts = {
  client_id: text.optional(),
  client_secret: text.optional(),
  client_assertion: text.optional(),
  client_assertion_type: text.optional(),
}

export const tokenForm: z.ZodType = z.object({
  grant_type: z.enum(['refresh_token', 'client_credentials']),
  refresh_token: text.optional(),
  scope: text.optional(),
  resource: text.optional(),
  ...clientParts,
})

/** Of `/revoke` and `/introspect`. */
export const oneTokenForm: z.ZodType = z.object({
  token: text,
  token_type_hint: text.optional(),
  ...clientParts,
})

export const redeemForm: z.ZodType = z.object({ ticket: text, path: text, ...clientParts })

export const logoutBody: z.ZodType = z.object({ refresh_token: text.optional() })
