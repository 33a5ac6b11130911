/** The tables as Kysely sees them. Units stand in the first migration. */
import type { Generated } from 'kysely'
import type { OneTimeTokenKind } from './one-time-token-store.ts'
import type { EndReason, RevocationKind, SigningKeyState, Transport } from './store.ts'

export interface MetaTable {
  name: string
  value: string
}

export interface UsersTable {
  id: string
  username: string
  username_normalised: string
  password_hash: string | null
  password_changed_at: number | null
  credential_version: Generated<number>
  roles: string
  email: string | null
  email_verified_at: number | null
  created_at: number
  disabled_at: number | null
  scope: Generated<string>
}

export interface SessionsTable {
  sid: string
  user_id: string
  client_id: string
  scope: string
  transport: Transport
  mac_nonce: string
  mac_kid: string
  mac_from_generation: number
  generation: number
  rotated_at_ms: number
  retry_key_hash: string | null
  retry_replays: number
  retry_replayed_at_ms: number | null
  clashed: Generated<number>
  clashed_in_a_row: Generated<number>
  session_version: number
  credential_version: number
  epoch: string
  auth_time: number
  created_at: number
  last_used_at: number
  idle_expires_at: number
  absolute_expires_at: number
  label: string
  address_prefix: string
  ended_at: number | null
  end_reason: EndReason | null
}

export interface RevocationsTable {
  position: Generated<number>
  epoch: string
  kind: RevocationKind
  sid: string | null
  session_version: number | null
  jti: string | null
  kid: string | null
  created_at: number
  expires_at: number
}

export interface SigningKeysTable {
  kid: string
  issuer: string
  algorithm: string
  purpose: string
  state: SigningKeyState
  sealed_key: string | null
  kek_kid: string
  public_jwk: string
  created_at: number
  activated_at: number | null
  retired_at: number | null
  gone_at: number | null
  revoked_at: number | null
}

export interface SecretsTable {
  kid: string
  check_value: string
  state: 'live' | 'dropped'
  created_at: number
  dropped_at: number | null
  turn: Generated<number>
}

export interface ProcessesTable {
  id: string
  kids: string
  seen_at_ms: number
}

export interface ThrottleBucketsTable {
  bucket: string
  full_until_ms: number
}

export interface AuditTable {
  id: Generated<number>
  at_ms: number
  event: string
  user_id: string | null
  sid: string | null
  address_prefix: string | null
  detail: string | null
}

export interface ClientsTable {
  client_id: string
  name: string
  secret_hash: string | null
  jwk_set: string | null
  scope: string
  audiences: string
  roles: string
  token_sid: string
  created_at: number
  revoked_at: number | null
}

export interface UsedAssertionsTable {
  id: string
  expires_at: number
}

export interface OneTimeTokensTable {
  id: string
  kind: OneTimeTokenKind
  user_id: string
  credential_version: number
  email: string | null
  expires_at: number
}

export interface TicketsTable {
  id: string
  claims: string
  scope: string
  audience: string
  path: string
  expires_at: number
}

export interface Tables {
  meta: MetaTable
  users: UsersTable
  sessions: SessionsTable
  revocations: RevocationsTable
  signing_keys: SigningKeysTable
  secrets: SecretsTable
  processes: ProcessesTable
  throttle_buckets: ThrottleBucketsTable
  audit: AuditTable
  clients: ClientsTable
  used_assertions: UsedAssertionsTable
  one_time_tokens: OneTimeTokensTable
  tickets: TicketsTable
}
