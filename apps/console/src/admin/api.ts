/** The calls of the administration, typed as `/openapi.json` describes them. */
import { ClientError } from '@tessera/client'
import type { Page } from '../show/use-list.ts'
import type { AdminSession, Call } from './session.ts'

export interface User {
  readonly id: string
  readonly username: string
  readonly roles: readonly string[]
  readonly scope: string
  readonly email: string | null
  readonly email_verified: boolean
  readonly created_at: number
  readonly disabled_at: number | null
}

export interface UserSession {
  readonly session_id: string
  readonly created_at: number
  readonly last_used_at: number
  readonly label: string
  readonly address_prefix: string
  readonly transport: string
  readonly scope: string
}

export interface SessionOfUser extends UserSession {
  readonly user_id: string
  readonly username: string
}

export interface Client {
  readonly client_id: string
  readonly name: string
  readonly authentication: 'client_secret' | 'private_key_jwt'
  readonly scope: string
  readonly audiences: readonly string[]
  readonly roles: readonly string[]
  readonly created_at: number
  readonly revoked_at: number | null
  /** In the answers that make it alone. */
  readonly client_secret?: string
}

export interface Key {
  readonly kid: string
  readonly algorithm: string
  readonly purpose: string
  readonly state: 'next' | 'active' | 'retired' | 'gone'
  readonly created_at: number
  readonly activated_at: number | null
  readonly retired_at: number | null
  readonly revoked_at: number | null
}

export interface AuditEvent {
  readonly id: number
  readonly at: number
  readonly event: string
  readonly user_id: string | null
  readonly session_id: string | null
  readonly address_prefix: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export interface NewUser {
  readonly username: string
  readonly password: string
  readonly roles: readonly string[]
}

export interface NewClient {
  readonly client_id: string
  readonly name?: string
  readonly scope?: string
  readonly audiences?: readonly string[]
  readonly roles?: readonly string[]
  readonly jwks?: unknown
}

export interface AdminApi {
  listUsers(query: { readonly search?: string; readonly after?: string }): Promise<Page<User>>
  findUser(id: string): Promise<User>
  addUser(user: NewUser): Promise<User>
  disableUser(id: string): Promise<void>
  enableUser(id: string): Promise<void>
  changeRoles(id: string, roles: readonly string[]): Promise<User>
  removeUser(id: string): Promise<void>
  listSessions(userId: string): Promise<readonly UserSession[]>
  /** Those of everybody, newest first. */
  listAllSessions(query: { readonly after?: string }): Promise<Page<SessionOfUser>>
  endSession(id: string): Promise<void>
  endSessions(userId: string): Promise<void>
  listClients(query: { readonly after?: string }): Promise<Page<Client>>
  addClient(client: NewClient): Promise<Client>
  revokeClient(id: string): Promise<void>
  /** @returns the client with its new secret */
  rotateSecret(id: string): Promise<Client>
  listKeys(): Promise<readonly Key[]>
  rotateKeys(): Promise<void>
  revokeKey(kid: string): Promise<void>
  listAudit(query: { readonly userId?: string; readonly after?: string }): Promise<Page<AuditEvent>>
}

/** Rows of one page. */
const limit = '50'

/** Every function throws what `AdminSession.call` throws. */
export function createAdminApi({ call }: Pick<AdminSession, 'call'>): AdminApi {
  const get = (path: string) => call({ method: 'GET', path })
  const act = async (method: Call['method'], path: string): Promise<void> =>
    void (await call({ method, path }))
  const page = async <Row>(path: string, name: string, query: Query): Promise<Page<Row>> => {
    const body = await get(`${path}?${search({ ...query, limit })}`)
    const next = body['next']
    return { rows: rowsOf<Row>(body, name), ...(typeof next === 'string' && { next }) }
  }
  return {
    listUsers: (query) => page('/users', 'users', query),
    findUser: async (id) => (await get(`/users/${part(id)}`)) as unknown as User,
    addUser: async (json) => (await call({ method: 'POST', path: '/users', json })) as unknown as User,
    disableUser: (id) => act('POST', `/users/${part(id)}/disable`),
    enableUser: (id) => act('POST', `/users/${part(id)}/enable`),
    changeRoles: async (id, roles) =>
      (await call({ method: 'POST', path: `/users/${part(id)}/roles`, json: { roles } })) as unknown as User,
    removeUser: (id) => act('DELETE', `/users/${part(id)}`),
    listSessions: async (id) => rowsOf(await get(`/users/${part(id)}/sessions`), 'sessions'),
    listAllSessions: (query) => page('/sessions', 'sessions', query),
    endSession: (id) => act('DELETE', `/sessions/${part(id)}`),
    endSessions: (id) => act('DELETE', `/users/${part(id)}/sessions`),
    listClients: (query) => page('/clients', 'clients', query),
    addClient: async (json) => (await call({ method: 'POST', path: '/clients', json })) as unknown as Client,
    revokeClient: (id) => act('DELETE', `/clients/${part(id)}`),
    rotateSecret: async (id) =>
      (await call({ method: 'POST', path: `/clients/${part(id)}/rotate-secret` })) as unknown as Client,
    listKeys: async () => rowsOf(await get('/keys'), 'keys'),
    rotateKeys: () => act('POST', '/keys/rotate'),
    revokeKey: (kid) => act('DELETE', `/keys/${part(kid)}`),
    listAudit: ({ userId = '', after = '' }) => page('/audit', 'events', { user_id: userId, after }),
  }
}

type Query = Readonly<Record<string, string | undefined>>

const part = encodeURIComponent

function search(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return String(new URLSearchParams(given))
}

function rowsOf<Row>(body: Readonly<Record<string, unknown>>, name: string): readonly Row[] {
  const rows = body[name]
  if (!Array.isArray(rows)) throw new ClientError('unavailable', '')
  return rows as readonly Row[]
}
