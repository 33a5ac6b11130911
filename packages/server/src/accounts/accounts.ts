/**
 * Who somebody is: sign-up, the check of a password, its change. An unknown name and a wrong password take the same
 * work and get the same verdict; what was read before the slow hash is checked again when it is acted on (P2).
 */
import { randomBytes } from 'node:crypto'
import type { AuthenticateHook } from '../config/server-config.ts'
import type { User, UserStore } from '../store/store.ts'
import type { BreachedPasswords } from './breached-passwords.ts'
import type { Decoys } from './decoys.ts'
import { findAccount } from './find-account.ts'
import type { HashTurn } from './hash-pool.ts'
import { HasherBusy } from './hash-pool.ts'
import type { Hasher } from './hasher.ts'
import type { DeviceOwner, KnownDevices } from './known-devices.ts'
import { breachedFault, isOverlongPassword, normalisePassword, passwordFault } from './passwords.ts'
import type { Attempt, Throttle } from './throttle.ts'
import { normaliseUsername, parseUsername } from './username.ts'
import type {
  ConfirmVerdict,
  Credentials,
  HashedPassword,
  NewPasswordVerdict,
  PasswordChangeInput,
  SignedIn,
  SignInVerdict,
  SignUpVerdict,
  Throttled,
  TypedPassword,
} from './verdicts.ts'

export interface Accounts {
  signUp(credentials: Credentials): Promise<SignUpVerdict>
  /** @throws {HasherBusy} when too many passwords are being hashed */
  signIn(credentials: Credentials): Promise<SignInVerdict>
  /** Checks the password of somebody who is signed in. */
  confirm(user: User, typed: TypedPassword): Promise<ConfirmVerdict>
  /** Judges a new password and hashes it. @throws {HasherBusy} */
  hashNewPassword(next: {
    readonly password: string
    readonly username: string
    readonly addressPrefix: string
  }): Promise<HashedPassword>
  /** Checks the current password and hashes the new one; the caller writes it, with the sessions it ends. */
  prepareNewPassword(user: User, change: PasswordChangeInput): Promise<NewPasswordVerdict>
}

export interface AccountsOptions {
  readonly users: UserStore
  readonly hasher: Hasher
  readonly decoys: Decoys
  readonly breached: BreachedPasswords
  readonly throttle: Throttle
  readonly devices: KnownDevices
  /** Of the issuer. */
  readonly host: string
  /** The application's own directory, in the place of our passwords. */
  readonly authenticate: AuthenticateHook | undefined
  readonly nowMs: () => number
}

export function createAccounts(options: AccountsOptions): Accounts {
  return {
    signUp: (credentials) => signUp(options, credentials),
    signIn: (credentials) => signIn(options, credentials),
    confirm: async (user, typed) => {
      const who = visitorOf(user, typed)
      return limited(options, who, async () => {
        const isRight = await verifyPassword(options, { user, ...who }, typed.password)
        return isRight ? { ok: true } : wrongCredentials
      })
    },
    hashNewPassword: ({ password, username, addressPrefix }) =>
      hashNewPassword(options, { password, username }, { share: addressPrefix }),
    prepareNewPassword: (user, change) => {
      const who = visitorOf(user, change)
      return limited(options, who, () => prepareNewPassword(options, { user, ...who }, change))
    },
  }
}

/** Who makes an attempt: what it is counted by, and whose turn it takes. */
interface Attempting {
  readonly username: string
  readonly addressPrefix: string
  /** Of a device that signed in before. */
  readonly deviceId: string | undefined
}

function visitorOf({ usernameNormalised: username }: User, { sessionId, addressPrefix }: TypedPassword) {
  return { username, addressPrefix, deviceId: `session ${sessionId}` }
}

function turnOf({ addressPrefix, deviceId }: Attempting): HashTurn {
  return { share: addressPrefix, isKnown: deviceId !== undefined }
}

const wrongCredentials = { ok: false, code: 'credentials_invalid' } as const

/** Verdicts that tell something about an account. Every other end of an attempt is refunded, an overload too. */
const guesses: readonly unknown[] = ['credentials_invalid', 'username_taken']

interface Ended {
  readonly ok: boolean
  readonly code?: unknown
  /** For whoever gets the verdict to refund. */
  readonly attempt?: Attempt
}

async function limited<Verdict extends Ended>(
  { throttle, hasher }: AccountsOptions,
  who: Attempting,
  act: (attempt: Attempt) => Promise<Verdict>,
): Promise<Verdict | Throttled> {
  // What there is no room for costs no transaction.
  hasher.expectRoom(turnOf(who))
  const { username, addressPrefix, deviceId } = who
  const charge = await throttle.charge(username, addressPrefix, deviceId)
  if (!charge.ok) return { ok: false, code: 'throttled', retryAfterSeconds: charge.retryAfterSeconds }
  let isOver = true
  try {
    const verdict = await act(charge.attempt)
    isOver = !guesses.includes(verdict.code) && verdict.attempt === undefined
    return verdict
  } finally {
    if (isOver) await charge.attempt.refund()
  }
}

async function signUp(options: AccountsOptions, credentials: Credentials): Promise<SignUpVerdict> {
  const name = parseUsername(credentials.username)
  if (!name.ok) return { ok: false, code: 'body_invalid', why: `username: ${name.why}` }
  const fault = passwordFault(credentials.password, name.username, options.host)
  if (fault !== undefined) return { ok: false, code: 'password_rejected', why: fault }
  const { username, addressPrefix } = credentials
  const stranger = { username, addressPrefix, deviceId: undefined }
  return limited(options, stranger, async (attempt) => {
    const verdict = await addUser(options, name, credentials)
    return verdict.ok ? { ...verdict, attempt } : verdict
  })
}

async function addUser(
  { users, hasher, breached, devices, nowMs }: AccountsOptions,
  name: { readonly username: string; readonly normalised: string },
  { password, email, addressPrefix }: Credentials,
): Promise<Omit<SignedIn, 'attempt'> | Exclude<SignUpVerdict, SignedIn>> {
  if (await breached.has(normalisePassword(password))) {
    return { ok: false, code: 'password_rejected', why: breachedFault }
  }
  // Hashed before the name is looked up, so that the time does not tell more than the answer does (P30).
  const passwordHash = await hasher.hash(normalisePassword(password), { share: addressPrefix })
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
  const event = { atMs, event: 'user.created' as const, userId: user.id, addressPrefix }
  if ((await users.insert(user, event)) === 'inserted') {
    return { ok: true, user, deviceSecret: devices.issue(ownerOf(user)) }
  }
  return { ok: false, code: 'username_taken', why: 'the user name is taken: choose another one' }
}

async function signIn(options: AccountsOptions, credentials: Credentials): Promise<SignInVerdict> {
  const { devices } = options
  const { username, password, addressPrefix, deviceSecret } = credentials
  const owner = deviceSecret === undefined ? undefined : await claimedOwner(options, username)
  const deviceId = owner && devices.recognise(deviceSecret ?? '', owner)
  const who = { username, addressPrefix, deviceId }
  return limited(options, who, async (attempt) => {
    const user = await authenticate(options, who, password)
    if (user === undefined) return wrongCredentials
    const proven = options.authenticate === undefined ? ownerOf(user) : externalOwner(username)
    return { ok: true, user, deviceSecret: devices.issue(proven, deviceId), attempt }
  })
}

/** Whose a device would have to be that types this name. Nobody has devices, and is compared with all the same (P29). */
async function claimedOwner(options: AccountsOptions, username: string): Promise<DeviceOwner> {
  if (options.authenticate !== undefined) return externalOwner(username)
  const user = await findAccount(options, username)
  return user === undefined ? nobody : ownerOf(user)
}

/** Credentials of accounts begin with version 1. */
const nobody: DeviceOwner = { account: 'nobody', credentialVersion: 0 }

function ownerOf({ id, credentialVersion }: Pick<User, 'id' | 'credentialVersion'>): DeviceOwner {
  return { account: id, credentialVersion }
}

/** Another directory tells an id only to whoever knows the password, and no version of it. */
function externalOwner(username: string): DeviceOwner {
  return { account: `external:${normaliseUsername(username)}`, credentialVersion: 0 }
}

async function authenticate(
  options: AccountsOptions,
  who: Attempting,
  password: string,
): Promise<User | undefined> {
  const { username } = who
  if (options.authenticate !== undefined) return authenticateExternally(options, { username, password })
  const user = await findAccount(options, username)
  const isRight = await verifyPassword(options, { user, ...who }, password)
  if (!isRight || user === undefined || user.disabledAt !== null) return undefined
  await renewHash(options, { user, ...who }, password)
  return user
}

/** One hash, whatever the case: unknown name, no password, overlong password, disabled user. */
function verifyPassword(
  { hasher, decoys }: AccountsOptions,
  { user, ...who }: Attempting & { readonly user: User | undefined },
  typed: string,
): Promise<boolean> {
  const phc = user?.passwordHash ?? null
  // Drawn in either case: whether it was must not show in the time.
  const drawn = decoys.pick(normaliseUsername(who.username))
  const decoy = phc ?? drawn
  const turn = turnOf(who)
  if (isOverlongPassword(typed)) return hasher.verifyNothing('', decoy, turn)
  const password = normalisePassword(typed)
  return phc === null ? hasher.verifyNothing(password, decoy, turn) : hasher.verify(phc, password, turn)
}

/** Puts a hash of today's parameters in the place of an older one, unless the password was changed meanwhile (P2). */
async function renewHash(
  { users, hasher }: AccountsOptions,
  { user, ...who }: Attempting & { readonly user: User },
  password: string,
): Promise<void> {
  const verifiedHash = user.passwordHash
  if (verifiedHash === null || !hasher.isOutdated(verifiedHash)) return
  try {
    const passwordHash = await hasher.hash(normalisePassword(password), turnOf(who))
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
  // A directory that tells no roles takes none away: somebody else may have given them.
  const known = external.roles === undefined ? await users.findById(external.id) : undefined
  const user = await users.upsertExternal({
    id: external.id,
    username: external.username,
    // Names of another directory follow its rules: the id alone says who is who.
    usernameNormalised: `external:${external.id}`,
    passwordHash: null,
    credentialVersion: 1,
    roles: external.roles ?? known?.roles ?? [],
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
  { user, ...who }: Attempting & { readonly user: User },
  { password: current, newPassword: password }: PasswordChangeInput,
): Promise<NewPasswordVerdict> {
  if (!(await verifyPassword(options, { user, ...who }, current))) return wrongCredentials
  const { username, id, credentialVersion } = user
  const hashed = await hashNewPassword(options, { password, username }, turnOf(who))
  if (!hashed.ok) return hashed
  const next = ownerOf({ id, credentialVersion: credentialVersion + 1 })
  return { ...hashed, deviceSecret: options.devices.issue(next) }
}

async function hashNewPassword(
  { hasher, breached, host }: AccountsOptions,
  { password, username }: { readonly password: string; readonly username: string },
  turn: HashTurn,
): Promise<HashedPassword> {
  const fault =
    passwordFault(password, username, host) ??
    ((await breached.has(normalisePassword(password))) ? breachedFault : undefined)
  if (fault !== undefined) return { ok: false, code: 'password_rejected', why: fault }
  return { ok: true, passwordHash: await hasher.hash(normalisePassword(password), turn) }
}
