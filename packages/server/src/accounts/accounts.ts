/**
 * Who somebody is: sign-up, the check of a password, its change. An unknown name and a wrong password take the same
 * work and get the same verdict; what was read before the slow hash is checked again when it is acted on (P2).
 */
import { randomBytes } from 'node:crypto'
import type { AuthenticateHook } from '../config/server-config.ts'
import type { User, UserStore } from '../store/store.ts'
import type { Hasher } from './hasher.ts'
import type { Decoys } from './decoys.ts'
import { HasherBusy } from './hasher.ts'
import { isOverlongPassword, normalisePassword, passwordFault } from './passwords.ts'
import type { Throttle } from './throttle.ts'
import { normaliseUsername, parseUsername } from './username.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Of a new account; not proven yet. */
  readonly email?: string | undefined
  /** Where they came from, for the throttle and the audit trail. */
  readonly addressPrefix: string
}

export type SignUpVerdict =
  | { readonly ok: true; readonly user: User }
  | {
      readonly ok: false
      readonly code: 'body_invalid' | 'password_rejected' | 'username_taken'
      readonly why: string
    }
  | Throttled

export type SignInVerdict =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly code: 'credentials_invalid' }
  | Throttled

export type NewPasswordVerdict =
  | { readonly ok: true; readonly user: User; readonly passwordHash: string }
  | { readonly ok: false; readonly code: 'credentials_invalid' }
  | { readonly ok: false; readonly code: 'password_rejected'; readonly why: string }
  | Throttled

export type HashedPassword =
  | { readonly ok: true; readonly passwordHash: string }
  | { readonly ok: false; readonly code: 'password_rejected'; readonly why: string }

interface Throttled {
  readonly ok: false
  readonly code: 'throttled'
  readonly retryAfterSeconds: number
}

export interface Accounts {
  signUp(credentials: Credentials): Promise<SignUpVerdict>
  /** @throws {HasherBusy} when too many passwords are being hashed */
  signIn(credentials: Credentials): Promise<SignInVerdict>
  /** Checks the password of somebody who is signed in. */
  confirm(
    user: User,
    typed: { readonly password: string; readonly addressPrefix: string },
  ): Promise<SignInVerdict>
  /** Judges a new password and hashes it. @throws {HasherBusy} */
  hashNewPassword(password: string, username: string): Promise<HashedPassword>
  /** Checks the current password and hashes the new one; the caller writes it, with the sessions it ends. */
  prepareNewPassword(user: User, change: PasswordChangeInput): Promise<NewPasswordVerdict>
}

export interface PasswordChangeInput {
  readonly currentPassword: string
  readonly newPassword: string
  readonly addressPrefix: string
}

export interface AccountsOptions {
  readonly users: UserStore
  readonly hasher: Hasher
  readonly decoys: Decoys
  readonly throttle: Throttle
  /** The application's own directory, in the place of our passwords. */
  readonly authenticate: AuthenticateHook | undefined
  readonly nowMs: () => number
}

export function createAccounts(options: AccountsOptions): Accounts {
  return {
    signUp: (credentials) => signUp(options, credentials),
    signIn: (credentials) =>
      limited(options.throttle, credentials, async () => {
        const user = await authenticate(options, credentials)
        return user === undefined ? wrongCredentials : { ok: true, user }
      }),
    confirm: (user, { password, addressPrefix }) => {
      const who = { username: user.usernameNormalised, addressPrefix }
      return limited(options.throttle, who, async () => {
        const isRight = await verifyPassword(options, { user, normalised: who.username }, password)
        return isRight ? { ok: true, user } : wrongCredentials
      })
    },
    hashNewPassword: (password, username) => hashNewPassword(options, password, username),
    prepareNewPassword: (user, change) => {
      const who = { username: user.usernameNormalised, addressPrefix: change.addressPrefix }
      return limited(options.throttle, who, () => prepareNewPassword(options, user, change))
    },
  }
}

const wrongCredentials = { ok: false, code: 'credentials_invalid' } as const

/** Verdicts that tell something about an account. Every other end of an attempt is refunded, an overload too. */
const guesses: readonly unknown[] = ['credentials_invalid', 'username_taken']

async function limited<Verdict extends { readonly ok: boolean; readonly code?: unknown }>(
  throttle: Throttle,
  who: { readonly username: string; readonly addressPrefix: string },
  attempt: () => Promise<Verdict>,
): Promise<Verdict | Throttled> {
  const charge = await throttle.charge(who.username, who.addressPrefix)
  if (!charge.ok) return { ok: false, code: 'throttled', retryAfterSeconds: charge.retryAfterSeconds }
  let isGuess = false
  try {
    const verdict = await attempt()
    isGuess = guesses.includes(verdict.code)
    return verdict
  } finally {
    if (!isGuess) await charge.attempt.refund()
  }
}

async function signUp(options: AccountsOptions, credentials: Credentials): Promise<SignUpVerdict> {
  const name = parseUsername(credentials.username)
  if (!name.ok) return { ok: false, code: 'body_invalid', why: `username: ${name.why}` }
  const fault = passwordFault(credentials.password, name.username)
  if (fault !== undefined) return { ok: false, code: 'password_rejected', why: fault }
  return limited(options.throttle, credentials, () => addUser(options, name, credentials))
}

async function addUser(
  { users, hasher, nowMs }: AccountsOptions,
  name: { readonly username: string; readonly normalised: string },
  { password, email, addressPrefix }: Credentials,
): Promise<SignUpVerdict> {
  // Hashed before the name is looked up, so that the time does not tell more than the answer does (P30).
  const passwordHash = await hasher.hash(normalisePassword(password))
  const atMs = nowMs()
  const user: User = {
    id: randomBytes(16).toString('base64url'),
    username: name.username,
    usernameNormalised: name.normalised,
    passwordHash,
    credentialVersion: 1,
    roles: [],
    scope: 'account',
    email: email ?? null,
    emailVerifiedAt: null,
    createdAt: Math.floor(atMs / 1000),
    disabledAt: null,
  }
  const event = { atMs, event: 'user.created', userId: user.id, addressPrefix }
  if ((await users.insert(user, event)) === 'inserted') return { ok: true, user }
  return { ok: false, code: 'username_taken', why: 'the user name is taken: choose another one' }
}

async function authenticate(
  options: AccountsOptions,
  { username, password }: Credentials,
): Promise<User | undefined> {
  if (options.authenticate !== undefined) return authenticateExternally(options, { username, password })
  const { users } = options
  const normalised = normaliseUsername(username)
  const user = await users.findByName(normalised)
  const isRight = await verifyPassword(options, { user, normalised }, password)
  if (!isRight || user === undefined || user.disabledAt !== null) return undefined
  await renewHash(options, user, password)
  return user
}

/** One hash, whatever the case: unknown name, no password, overlong password, disabled user. */
function verifyPassword(
  { hasher, decoys }: AccountsOptions,
  { user, normalised }: { readonly user: User | undefined; readonly normalised: string },
  typed: string,
): Promise<boolean> {
  const phc = user?.passwordHash ?? null
  // Drawn in either case: whether it was must not show in the time.
  const drawn = decoys.pick(normalised)
  const decoy = phc ?? drawn
  if (isOverlongPassword(typed)) return hasher.verifyNothing('', decoy)
  const password = normalisePassword(typed)
  return phc === null ? hasher.verifyNothing(password, decoy) : hasher.verify(phc, password)
}

/** Puts a hash of today's parameters in the place of an older one, unless the password was changed meanwhile (P2). */
async function renewHash({ users, hasher }: AccountsOptions, user: User, password: string): Promise<void> {
  const verifiedHash = user.passwordHash
  if (verifiedHash === null || !hasher.isOutdated(verifiedHash)) return
  try {
    const passwordHash = await hasher.hash(normalisePassword(password))
    await users.replaceHash({ userId: user.id, verifiedHash, passwordHash })
  } catch (error) {
    // The old hash is still good: the next login tries again.
    if (!(error instanceof HasherBusy)) throw error
  }
}

async function authenticateExternally(
  { users, authenticate: ask, nowMs }: AccountsOptions,
  credentials: { username: string; password: string },
): Promise<User | undefined> {
  const external = await ask?.(credentials)
  if (external === null || external === undefined) return undefined
  const user = await users.upsertExternal({
    id: external.id,
    username: external.username,
    // Names of another directory follow its rules: the id alone says who is who.
    usernameNormalised: `external:${external.id}`,
    passwordHash: null,
    credentialVersion: 1,
    roles: external.roles ?? [],
    scope: 'account',
    email: null,
    emailVerifiedAt: null,
    createdAt: Math.floor(nowMs() / 1000),
    disabledAt: null,
  })
  return user.disabledAt === null ? user : undefined
}

async function prepareNewPassword(
  options: AccountsOptions,
  user: User,
  { currentPassword, newPassword }: PasswordChangeInput,
): Promise<NewPasswordVerdict> {
  const who = { user, normalised: user.usernameNormalised }
  if (!(await verifyPassword(options, who, currentPassword))) return wrongCredentials
  const hashed = await hashNewPassword(options, newPassword, user.username)
  return hashed.ok ? { ...hashed, user } : hashed
}

async function hashNewPassword(
  { hasher }: AccountsOptions,
  password: string,
  username: string,
): Promise<HashedPassword> {
  const fault = passwordFault(password, username)
  if (fault !== undefined) return { ok: false, code: 'password_rejected', why: fault }
  return { ok: true, passwordHash: await hasher.hash(normalisePassword(password)) }
}
