/** Between rows of the tables and values of the store's face. */
import type { Insertable, Selectable } from 'kysely'
import type {
  AuditEvent,
  NewRevocation,
  Revocation,
  Session,
  SessionProof,
  SessionWithUser,
  SigningKeyRow,
  User,
} from './store.ts'
import type { AuditTable, RevocationsTable, SessionsTable, SigningKeysTable, UsersTable } from './tables.ts'

export type UserRow = Selectable<UsersTable>
export type SessionRow = Selectable<SessionsTable>

/** A row of `sessions` joined with the columns of its user. */
export interface JoinedRow extends SessionRow {
  user_roles: string
  user_credential_version: number
  user_disabled_at: number | null
}

export type RevocationRow = Selectable<RevocationsTable>

/** Without the id, which the database gives. */
export type AuditRow = Omit<Selectable<AuditTable>, 'id'>

export type ProofRow = Pick<
  SessionRow,
  'sid' | 'user_id' | 'client_id' | 'mac_nonce' | 'mac_kid' | 'mac_from_generation'
>

/** Read before each transaction of a group: few columns, because reading one costs as much as a MAC. */
export const proofColumns: readonly (keyof ProofRow)[] = [
  'sid',
  'user_id',
  'client_id',
  'mac_nonce',
  'mac_kid',
  'mac_from_generation',
]

export const auditColumns: readonly (keyof AuditRow)[] = [
  'at_ms',
  'event',
  'user_id',
  'sid',
  'address_prefix',
  'detail',
]

/** What a change can touch of a session's row. */
export type ChangedColumns = Pick<
  SessionRow,
  | 'sid'
  | 'generation'
  | 'epoch'
  | 'mac_kid'
  | 'mac_from_generation'
  | 'rotated_at_ms'
  | 'retry_key_hash'
  | 'retry_replays'
  | 'retry_replayed_at_ms'
  | 'clashed'
  | 'clashed_in_a_row'
  | 'last_used_at'
  | 'idle_expires_at'
  | 'ended_at'
  | 'end_reason'
>

const noRoles: readonly string[] = []

export function toRoles(json: string): readonly string[] {
  return json === '[]' ? noRoles : (JSON.parse(json) as string[])
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    usernameNormalised: row.username_normalised,
    passwordHash: row.password_hash,
    credentialVersion: row.credential_version,
    roles: toRoles(row.roles),
    scope: row.scope,
    email: row.email,
    emailVerifiedAt: row.email_verified_at,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  }
}

export function fromUser(user: User): Insertable<UsersTable> {
  return {
    id: user.id,
    username: user.username,
    username_normalised: user.usernameNormalised,
    password_hash: user.passwordHash,
    password_changed_at: user.passwordHash === null ? null : user.createdAt,
    credential_version: user.credentialVersion,
    roles: JSON.stringify(user.roles),
    scope: user.scope,
    email: user.email,
    email_verified_at: user.emailVerifiedAt,
    created_at: user.createdAt,
    disabled_at: user.disabledAt,
  }
}

export function toSessionProof(row: ProofRow): SessionProof {
  return {
    sid: row.sid,
    userId: row.user_id,
    clientId: row.client_id,
    macNonce: row.mac_nonce,
    macKid: row.mac_kid,
    macFromGeneration: row.mac_from_generation,
  }
}

export function toSession(row: SessionRow): Session {
  return {
    sid: row.sid,
    userId: row.user_id,
    clientId: row.client_id,
    scope: row.scope,
    transport: row.transport,
    macNonce: row.mac_nonce,
    macKid: row.mac_kid,
    macFromGeneration: row.mac_from_generation,
    generation: row.generation,
    rotatedAtMs: row.rotated_at_ms,
    retryKeyHash: row.retry_key_hash,
    retryReplays: row.retry_replays,
    retryReplayedAtMs: row.retry_replayed_at_ms,
    clashed: row.clashed === 1,
    clashedInARow: row.clashed_in_a_row,
    sessionVersion: row.session_version,
    credentialVersion: row.credential_version,
    epoch: row.epoch,
    authTime: row.auth_time,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    idleExpiresAt: row.idle_expires_at,
    absoluteExpiresAt: row.absolute_expires_at,
    label: row.label,
    addressPrefix: row.address_prefix,
    endedAt: row.ended_at,
    endReason: row.end_reason,
  }
}

export function toSessionWithUser(row: JoinedRow): SessionWithUser {
  return {
    ...toSession(row),
    user: {
      roles: toRoles(row.user_roles),
      credentialVersion: row.user_credential_version,
      disabledAt: row.user_disabled_at,
    },
  }
}

export function fromSession(session: Session): SessionRow {
  return {
    sid: session.sid,
    user_id: session.userId,
    client_id: session.clientId,
    scope: session.scope,
    transport: session.transport,
    mac_nonce: session.macNonce,
    mac_kid: session.macKid,
    mac_from_generation: session.macFromGeneration,
    generation: session.generation,
    rotated_at_ms: session.rotatedAtMs,
    retry_key_hash: session.retryKeyHash,
    retry_replays: session.retryReplays,
    retry_replayed_at_ms: session.retryReplayedAtMs,
    clashed: session.clashed ? 1 : 0,
    clashed_in_a_row: session.clashedInARow,
    session_version: session.sessionVersion,
    credential_version: session.credentialVersion,
    epoch: session.epoch,
    auth_time: session.authTime,
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    idle_expires_at: session.idleExpiresAt,
    absolute_expires_at: session.absoluteExpiresAt,
    label: session.label,
    address_prefix: session.addressPrefix,
    ended_at: session.endedAt,
    end_reason: session.endReason,
  }
}

export function changedColumns(session: Session): ChangedColumns {
  return {
    sid: session.sid,
    generation: session.generation,
    epoch: session.epoch,
    mac_kid: session.macKid,
    mac_from_generation: session.macFromGeneration,
    rotated_at_ms: session.rotatedAtMs,
    retry_key_hash: session.retryKeyHash,
    retry_replays: session.retryReplays,
    retry_replayed_at_ms: session.retryReplayedAtMs,
    clashed: session.clashed ? 1 : 0,
    clashed_in_a_row: session.clashedInARow,
    last_used_at: session.lastUsedAt,
    idle_expires_at: session.idleExpiresAt,
    ended_at: session.endedAt,
    end_reason: session.endReason,
  }
}

export function fromRevocation(entry: NewRevocation, epoch: string): Insertable<RevocationsTable> {
  return {
    epoch,
    kind: entry.kind,
    sid: entry.sid ?? null,
    session_version: entry.sessionVersion ?? null,
    jti: entry.jti ?? null,
    kid: entry.kid ?? null,
    created_at: entry.createdAt,
    expires_at: entry.expiresAt,
  }
}

export function toRevocation(row: RevocationRow): Revocation {
  return {
    position: row.position,
    epoch: row.epoch,
    kind: row.kind,
    ...(row.sid !== null && { sid: row.sid }),
    ...(row.session_version !== null && { sessionVersion: row.session_version }),
    ...(row.jti !== null && { jti: row.jti }),
    ...(row.kid !== null && { kid: row.kid }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

export function fromAuditEvent(event: AuditEvent): AuditRow {
  return {
    at_ms: event.atMs,
    event: event.event,
    user_id: event.userId ?? null,
    sid: event.sid ?? null,
    address_prefix: event.addressPrefix ?? null,
    detail: event.detail === undefined ? null : JSON.stringify(event.detail),
  }
}

export function toSigningKey(row: Selectable<SigningKeysTable>): SigningKeyRow {
  return {
    kid: row.kid,
    issuer: row.issuer,
    algorithm: row.algorithm,
    purpose: row.purpose,
    state: row.state,
    sealedKey: row.sealed_key,
    kekKid: row.kek_kid,
    publicJwk: row.public_jwk,
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    retiredAt: row.retired_at,
    goneAt: row.gone_at,
    revokedAt: row.revoked_at,
  }
}
