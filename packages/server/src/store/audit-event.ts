/** The lines of the audit trail, each kind with what it tells. None ever holds a token, a password or a key. */
import type { EndReason } from './ending.ts'

/** Nothing beside whom it is about. */
type None = { readonly [name: string]: never }

interface KeyDetail {
  readonly kid: string
  readonly algorithm: string
  /** Absent: the server did it by its schedule. */
  readonly by?: 'command'
}

interface ClientDetail {
  readonly clientId: string
}

/** What is told of each kind of event, beside whom it is about. */
export interface AuditDetails {
  readonly 'user.created': { readonly by?: 'command'; readonly scope?: string }
  readonly 'users.imported': { readonly added?: number }
  /** What is absent stayed as it was. */
  readonly 'user.claims_changed': { readonly roles?: readonly string[]; readonly scope?: string }
  readonly 'user.disabled': None
  readonly 'user.enabled': None
  readonly 'user.deleted': None
  readonly 'password.changed': None
  readonly 'password.reset': None
  readonly 'email.verified': None
  readonly 'session.begun': None
  /** With the generations, where a refresh token ended it: what was presented, and what was in force. */
  readonly 'session.ended': {
    readonly reason: EndReason
    readonly presented?: number
    readonly current?: number
  }
  /** The successor of this generation was given once more (P13). */
  readonly 'refresh.replayed': { readonly generation: number; readonly clashed: boolean }
  readonly 'token.revoked': { readonly jti: string }
  readonly 'client.created': ClientDetail
  readonly 'client.secret_rotated': ClientDetail
  readonly 'client.revoked': ClientDetail
  readonly 'key.next': KeyDetail
  readonly 'key.active': KeyDetail
  readonly 'key.retired': KeyDetail
  readonly 'key.gone': KeyDetail
  readonly 'key.revoked': KeyDetail
  readonly 'secret.in_use': { readonly kid: string; readonly before?: string | undefined }
  readonly 'secret.dropped': { readonly kid: string; readonly sessions: number; readonly keys: number }
  /** `bundle` is the id of what was moved (P9). */
  readonly 'data.handed_over': { readonly bundle: string }
  readonly 'data.reopened': { readonly sessions: number }
  readonly 'data.taken_in': { readonly bundle: string; readonly [counted: string]: string | number }
  readonly 'data.recovered': { readonly [counted: string]: string | number | boolean }
  /** Written before it is done; beside `action` the parts of the path. */
  readonly 'admin.action': { readonly action: string; readonly [part: string]: string }
}

export type AuditEventName = keyof AuditDetails

/** A line of one kind. */
export interface AuditEventOf<Name extends AuditEventName> {
  readonly atMs: number
  readonly event: Name
  readonly userId?: string
  readonly sid?: string
  readonly addressPrefix?: string
  readonly detail?: AuditDetails[Name]
}

/** A line of any kind: `event` tells which. */
export type AuditEvent = { readonly [Name in AuditEventName]: AuditEventOf<Name> }[AuditEventName]

/** A line as the trail keeps it. */
export type StoredAuditEvent = AuditEvent & { readonly id: number }
