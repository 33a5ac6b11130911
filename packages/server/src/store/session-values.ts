/** A session and its user as a list of values: what a database gives and JSON reads sooner than a row with names. */
import { toRoles } from './rows.ts'
import type { JoinedRow, SessionRow } from './rows.ts'
import type { SessionWithUser } from './store.ts'

const sessionNames = [
  'sid',
  'user_id',
  'client_id',
  'scope',
  'transport',
  'mac_nonce',
  'mac_kid',
  'mac_from_generation',
  'generation',
  'rotated_at_ms',
  'retry_key_hash',
  'retry_replays',
  'retry_replayed_at_ms',
  'clashed',
  'clashed_in_a_row',
  'session_version',
  'credential_version',
  'epoch',
  'auth_time',
  'created_at',
  'last_used_at',
  'idle_expires_at',
  'absolute_expires_at',
  'label',
  'address_prefix',
  'ended_at',
  'end_reason',
] as const satisfies readonly (keyof SessionRow)[]

/** Every column of a session. */
export const sessionColumns: readonly (keyof SessionRow)[] = sessionNames

const names = [
  ...sessionNames,
  'user_roles',
  'user_credential_version',
  'user_disabled_at',
] as const satisfies readonly (keyof JoinedRow)[]

type ValuesOf<Names extends readonly (keyof JoinedRow)[]> = { [At in keyof Names]: JoinedRow[Names[At]] }

/** Where each value comes from. */
export const joinedColumns: readonly string[] = names.map((name) =>
  name.startsWith('user_') && name !== 'user_id' ? name.replace('user_', 'users.') : `sessions.${name}`,
)

/** @param json an array of arrays of the values of `joinedColumns` */
export function sessionsOfJson(json: string): readonly SessionWithUser[] {
  return (JSON.parse(json) as ValuesOf<typeof names>[]).map(toSessionWithUser)
}

/** Written out: by a list of names it would take several times as long. */
function toSessionWithUser(values: ValuesOf<typeof names>): SessionWithUser {
  const [
    sid,
    userId,
    clientId,
    scope,
    transport,
    macNonce,
    macKid,
    macFromGeneration,
    generation,
    rotatedAtMs,
    retryKeyHash,
    retryReplays,
    retryReplayedAtMs,
    clashed,
    clashedInARow,
    sessionVersion,
    credentialVersion,
    epoch,
    authTime,
    createdAt,
    lastUsedAt,
    idleExpiresAt,
    absoluteExpiresAt,
    label,
    addressPrefix,
    endedAt,
    endReason,
    roles,
    userCredentialVersion,
    disabledAt,
  ] = values
  return {
    sid,
    userId,
    clientId,
    scope,
    transport,
    macNonce,
    macKid,
    macFromGeneration,
    generation,
    rotatedAtMs,
    retryKeyHash,
    retryReplays,
    retryReplayedAtMs,
    clashed: clashed === 1,
    clashedInARow,
    sessionVersion,
    credentialVersion,
    epoch,
    authTime,
    createdAt,
    lastUsedAt,
    idleExpiresAt,
    absoluteExpiresAt,
    label,
    addressPrefix,
    endedAt,
    endReason,
    user: { roles: toRoles(roles), credentialVersion: userCredentialVersion, disabledAt },
  }
}
