/** What whoever runs the server does with accounts: add, look, disable, import, export. */
import { randomBytes } from 'node:crypto'
import type { Revocation, Store, User } from '../store/store.ts'
import type { BreachedPasswords } from './breached-passwords.ts'
import { noBreachedPasswords } from './breached-passwords.ts'
import type { Hasher } from './hasher.ts'
import type { BadLine, ImportProgress } from './import-users.ts'
import { importUsers } from './import-users.ts'
import { breachedFault, normalisePassword, passwordFault } from './passwords.ts'
import { normaliseUsername, parseUsername } from './username.ts'

export interface NewUser {
  readonly username: string
  readonly password: string
  readonly roles?: readonly string[]
  /** Scopes beside `account` that this person's log-ins may ask for, such as `admin`. */
  readonly scope?: string
}

export type AddUserResult =
  | { readonly status: 'added'; readonly user: User }
  | { readonly status: 'taken' }
  | { readonly status: 'invalid'; readonly why: string }

/** What is absent stays as it is. */
export interface UserClaims {
  readonly roles?: readonly string[]
  /** Scopes beside `account` that log-ins may ask for. Sessions keep of theirs those that are among them. */
  readonly scope?: string
}

export type ChangeClaimsResult =
  /** With the entries that the revocation feed tells; none when nothing was other than asked for. */
  | { readonly status: 'changed'; readonly revocations: readonly Revocation[] }
  | { readonly status: 'unknown' }
  | { readonly status: 'invalid'; readonly why: string }

/** An account as people who administer see it, in `/admin` and on the command line: no hash is in it. */
export interface ShownUser {
  readonly id: string
  readonly username: string
  readonly roles: readonly string[]
  readonly scope: string
  readonly email: string | null
  readonly email_verified: boolean
  /** NumericDates. */
  readonly created_at: number
  readonly disabled_at: number | null
}

export interface UserAdministration {
  add(user: NewUser): Promise<AddUserResult>
  /** A page of users by name; `search` leaves those whose name has it in it. */
  list(page?: {
    readonly after?: string
    readonly search?: string
    readonly limit?: number
  }): Promise<readonly User[]>
  findByName(username: string): Promise<User | undefined>
  /** Disables an account and ends its sessions. Undefined: there is none, or it is disabled already. */
  disable(userId: string): Promise<readonly Revocation[] | undefined>
  /** Lets a disabled account sign in again. False: there is none, or it is not disabled. */
  enable(userId: string): Promise<boolean>
  /** What its tokens say from now on; those that say something else are refused (P11). */
  changeClaims(userId: string, claims: UserClaims): Promise<ChangeClaimsResult>
  /** Deletes an account and ends its sessions. Undefined: there is none. */
  remove(userId: string): Promise<readonly Revocation[] | undefined>
  show(user: User): ShownUser
  /** @see importUsers */
  import(
    lines: AsyncIterable<string>,
    told: {
      readonly onBadLine: (bad: BadLine) => void
      readonly onProgress?: (progress: ImportProgress) => void
    },
  ): Promise<ImportProgress>
}

export interface UserAdministrationOptions {
  readonly store: Pick<Store, 'users'>
  readonly hasher: Pick<Hasher, 'hash'>
  /** Default: nobody is asked. */
  readonly breached?: Pick<BreachedPasswords, 'has'>
  /** Of the issuer. Default none. */
  readonly host?: string
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export function createUserAdministration(options: UserAdministrationOptions): UserAdministration {
  const { store, keepSeconds, nowMs } = options
  const { users } = store
  return {
    add: (user) => add(options, user),
    list: ({ after, search, limit = 100 } = {}) =>
      users.list({
        ...(after !== undefined && { after }),
        ...(search !== undefined && { part: normaliseUsername(search) }),
        limit,
      }),
    findByName: (username) => users.findByName(normaliseUsername(username)),
    disable: (userId) => users.disable(userId, { atMs: nowMs(), reason: 'user_disabled', keepSeconds }),
    enable: (userId) => users.enable(userId, { atMs: nowMs(), event: 'user.enabled', userId }),
    changeClaims: (userId, claims) => changeClaims(options, userId, claims),
    remove: (userId) => remove(options, userId),
    show,
    import: (lines, told) => importUsers(lines, { users, nowMs, ...told }),
  }
}

function show(user: User): ShownUser {
  return {
    id: user.id,
    username: user.username,
    roles: user.roles,
    scope: user.scope,
    email: user.email,
    email_verified: user.emailVerifiedAt !== null,
    created_at: user.createdAt,
    disabled_at: user.disabledAt,
  }
}

async function changeClaims(
  { store: { users }, keepSeconds, nowMs }: UserAdministrationOptions,
  userId: string,
  claims: UserClaims,
): Promise<ChangeClaimsResult> {
  const why = claimsFault(claims)
  if (why !== undefined) return { status: 'invalid', why }
  const next = {
    ...(claims.roles !== undefined && { roles: [...new Set(claims.roles)] }),
    ...(claims.scope !== undefined && { scope: heldScope(claims.scope) }),
  }
  const event = { atMs: nowMs(), event: 'user.claims_changed' as const, userId, detail: next }
  const revocations = await users.changeClaims({ userId, ...next, keepSeconds, event })
  return revocations === undefined ? { status: 'unknown' } : { status: 'changed', revocations }
}

function scopesOf(scope: string): readonly string[] {
  return scope.split(' ').filter((part) => part !== '')
}

/** Scopes with `account`, which every account has, each once. */
export function heldScope(scope: string): string {
  return [...new Set(['account', ...scopesOf(scope)])].join(' ')
}

export function claimsFault({ roles = [], scope = '' }: UserClaims): string | undefined {
  if (roles.some((role) => role.trim() === '')) return 'role: expected text, got an empty one'
  const isToken = scopesOf(scope).every((part) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(part))
  return isToken ? undefined : 'scope: expected visible ASCII without quotes and backslashes'
}

async function remove(
  { store: { users }, keepSeconds, nowMs }: UserAdministrationOptions,
  userId: string,
): Promise<readonly Revocation[] | undefined> {
  for (;;) {
    const user = await users.findById(userId)
    if (user === undefined) return undefined
    const ending = { atMs: nowMs(), reason: 'user_deleted', keepSeconds } as const
    // A password that is changed meanwhile does not save the account: with its new version once more.
    const ended = await users.remove(userId, user.credentialVersion, ending)
    if (ended !== undefined) return ended
  }
}

async function add(
  { store, hasher, breached = noBreachedPasswords, host, nowMs }: UserAdministrationOptions,
  { username, password, roles = [], scope = '' }: NewUser,
): Promise<AddUserResult> {
  const name = parseUsername(username)
  if (!name.ok) return { status: 'invalid', why: `username: ${name.why}` }
  const fault = passwordFault(password, name.username, host)
  if (fault !== undefined) return { status: 'invalid', why: `password: ${fault}` }
  const why = claimsFault({ roles, scope })
  if (why !== undefined) return { status: 'invalid', why }
  if (await breached.has(normalisePassword(password))) {
    return { status: 'invalid', why: `password: ${breachedFault}` }
  }
  const atMs = nowMs()
  const user: User = {
    id: randomBytes(16).toString('base64url'),
    username: name.username,
    usernameNormalised: name.normalised,
    passwordHash: await hasher.hash(normalisePassword(password)),
    credentialVersion: 1,
    roles: [...new Set(roles)],
    scope: heldScope(scope),
    email: null,
    emailVerifiedAt: null,
    createdAt: Math.floor(atMs / 1000),
    disabledAt: null,
  }
  const detail = { by: 'command', scope: user.scope } as const
  const event = { atMs, event: 'user.created' as const, userId: user.id, detail }
  const status = await store.users.insert(user, event)
  return status === 'taken' ? { status } : { status: 'added', user }
}
