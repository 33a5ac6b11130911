/** What whoever runs the server does with clients: add, look, revoke. A running server follows within a second. */
import { randomBytes } from 'node:crypto'
import { createLocalJwkSet, isJoseError } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import type { Client } from '../store/client-store.ts'
import type { Revocation, Store } from '../store/store.ts'
import { hashClientSecret, makeClientSecret } from './client-secret.ts'

export interface NewClient {
  /** 1 to 255 visible ASCII characters. It is the `sub` and the `client_id` of the client's tokens. */
  readonly clientId: string
  /** For people. Default the id. */
  readonly name?: string
  /** What it may ask for: scopes, separated by spaces. Default none. */
  readonly scope?: string
  /** The resources that it may ask tokens for. Default the audience of the server. */
  readonly audiences?: readonly string[]
  readonly roles?: readonly string[]
  /** Public keys that verify its assertions (`private_key_jwt`), in the place of a secret. */
  readonly jwkSet?: JwkSet
}

export type AddClientResult =
  /** `secret` is told once: the store keeps a digest of it. */
  | { readonly status: 'added'; readonly client: Client; readonly secret: string | undefined }
  | { readonly status: 'taken' }
  | { readonly status: 'invalid'; readonly why: string }

/** A client as people who administer see it: no digest of a secret and no key is in it. */
export interface ShownClient {
  readonly client_id: string
  readonly name: string
  readonly authentication: 'client_secret' | 'private_key_jwt'
  readonly scope: string
  readonly audiences: readonly string[]
  readonly roles: readonly string[]
  /** NumericDates. */
  readonly created_at: number
  readonly revoked_at: number | null
}

export interface ClientAdministration {
  add(client: NewClient): Promise<AddClientResult>
  /** A page of clients by id. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly Client[]>
  show(client: Client): ShownClient
  /** Makes a new secret in the place of the old one, told once. Undefined: no such live client, or one that has keys. */
  rotateSecret(clientId: string): Promise<string | undefined>
  /** Revokes a client and all its tokens. Undefined: there is no such client, or it was revoked before. */
  revoke(clientId: string): Promise<readonly Revocation[] | undefined>
}

export interface ClientAdministrationOptions {
  readonly store: Pick<Store, 'clients' | 'users'>
  readonly defaultAudience: string
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export function createClientAdministration(options: ClientAdministrationOptions): ClientAdministration {
  const { store, keepSeconds, nowMs } = options
  return {
    add: (client) => add(options, client),
    list: ({ after, limit = 100 } = {}) =>
      store.clients.list({ ...(after !== undefined && { after }), limit }),
    show,
    rotateSecret: async (clientId) => {
      const secret = makeClientSecret()
      const event = { atMs: nowMs(), event: 'client.secret_rotated' as const, detail: { clientId } }
      const change = { clientId, secretHash: hashClientSecret(secret), event }
      return (await store.clients.replaceSecret(change)) ? secret : undefined
    },
    revoke: (clientId) => store.clients.revoke(clientId, { atMs: nowMs(), keepSeconds }),
  }
}

function show(client: Client): ShownClient {
  return {
    client_id: client.clientId,
    name: client.name,
    authentication: client.jwkSet === null ? 'client_secret' : 'private_key_jwt',
    scope: client.scope,
    audiences: client.audiences,
    roles: client.roles,
    created_at: client.createdAt,
    revoked_at: client.revokedAt,
  }
}

async function add(
  { store, defaultAudience, nowMs }: ClientAdministrationOptions,
  wanted: NewClient,
): Promise<AddClientResult> {
  const why = faultOf(wanted)
  if (why !== undefined) return { status: 'invalid', why }
  const { clientId, name = clientId, scope = '', audiences = [defaultAudience], roles = [], jwkSet } = wanted
  // A client that has the name of a person would pass for that person where only `sub` is read (RFC 9068 §5).
  if ((await store.users.findById(clientId)) !== undefined) return { status: 'taken' }
  const secret = jwkSet === undefined ? makeClientSecret() : undefined
  const client: Client = {
    clientId,
    name,
    secretHash: secret === undefined ? null : hashClientSecret(secret),
    jwkSet: jwkSet === undefined ? null : JSON.stringify(jwkSet),
    scope: [...new Set(scope.split(' ').filter((part) => part !== ''))].join(' '),
    audiences: [...new Set(audiences)],
    roles: [...new Set(roles)],
    tokenSid: randomBytes(16).toString('base64url'),
    createdAt: Math.floor(nowMs() / 1000),
    revokedAt: null,
  }
  const event = { atMs: nowMs(), event: 'client.created' as const, detail: { clientId } }
  const status = await store.clients.insert(client, event)
  return status === 'taken' ? { status } : { status: 'added', client, secret }
}

/** The scopes of people: a token of a client must never pass for one of theirs (P10). */
const personal: readonly string[] = ['account', 'admin']

/** scope-token of RFC 6749 §3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

function faultOf({
  clientId,
  name,
  scope = '',
  audiences,
  roles = [],
  jwkSet,
}: NewClient): string | undefined {
  if (!/^[\x21-\x7e]{1,255}$/.test(clientId)) {
    return 'client_id: expected 1 to 255 visible ASCII characters without spaces'
  }
  if (clientId === 'tessera') return 'client_id: expected a name of its own, got the one of our own log-ins'
  if (name !== undefined && (name.trim() === '' || name.length > 255)) {
    return 'name: expected 1 to 255 characters'
  }
  const scopes = scope.split(' ').filter((part) => part !== '')
  if (!scopes.every((part) => scopeToken.test(part))) {
    return 'scope: expected visible ASCII without quotes and backslashes'
  }
  const own = scopes.find((part) => personal.includes(part))
  if (own !== undefined) return `scope: expected scopes of your APIs, got "${own}", which people alone have`
  if (audiences?.length === 0 || audiences?.some((audience) => audience.trim() === '') === true) {
    return 'audience: expected the name of an API, got an empty one'
  }
  if (roles.some((role) => role.trim() === '')) return 'role: expected text, got an empty one'
  return jwkSet === undefined ? undefined : keyFault(jwkSet)
}

function keyFault(jwkSet: JwkSet): string | undefined {
  try {
    if (JSON.stringify(jwkSet).length > 32_768) return 'keys: expected at most 32 KiB, got more'
    const isPrivate = jwkSet.keys.some((key) => 'd' in key || 'k' in key)
    if (isPrivate) return 'keys: expected public keys, got a private or secret one'
    createLocalJwkSet(jwkSet)
    return undefined
  } catch (error) {
    if (isJoseError(error)) return `keys: ${error.message}`
    throw error
  }
}
