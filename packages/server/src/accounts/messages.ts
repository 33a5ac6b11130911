/**
 * One-time tokens that reach a person by a message: to reset a password, to prove an address (P30). The server makes the
 * token and hands it to the application, which knows how to deliver it. What the store keeps is a digest.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Log, MessageHook } from '../config/server-config.ts'
import type { OneTimeTokenKind } from '../store/one-time-token-store.ts'
import type { Store, User } from '../store/store.ts'
import { normaliseUsername } from './username.ts'

export interface Messages {
  /** Whether anything can be delivered. */
  readonly isOffered: boolean
  /** Sends a token to whoever has this name, if anybody has. Returns at once, in either case. */
  sendPasswordReset(username: string): void
  /** Sends a token to the address of a new account. Returns at once. */
  sendEmailVerification(user: User): void
  /** Resolves when everything that was begun has been handed over. */
  settled(): Promise<void>
}

/** How long a token is good, in seconds. */
const lifeSeconds: Readonly<Record<OneTimeTokenKind, number>> = {
  password_reset: 30 * 60,
  email_verification: 24 * 3600,
}

export interface MessagesOptions {
  readonly store: Pick<Store, 'users' | 'oneTimeTokens'>
  readonly send: MessageHook | undefined
  readonly nowMs: () => number
  readonly log: Log
}

export function createMessages(options: MessagesOptions): Messages {
  const { store, send, log } = options
  const pending = new Set<Promise<void>>()
  // Nobody waits for it: the time of an answer must not tell whether there was anybody to send to.
  const begin = (work: () => Promise<void>): void => {
    const running = work()
      .catch((error: unknown) => log.error({ err: String(error) }, 'a message could not be handed over'))
      .finally(() => pending.delete(running))
    pending.add(running)
  }
  return {
    isOffered: send !== undefined,
    sendPasswordReset: (username) =>
      begin(async () => {
        const user = await store.users.findByName(normaliseUsername(username))
        const isPossible = user?.disabledAt === null && user.passwordHash !== null
        if (isPossible) await deliver(options, user, 'password_reset')
      }),
    sendEmailVerification: (user) => begin(() => deliver(options, user, 'email_verification')),
    settled: async () => void (await Promise.all(pending)),
  }
}

async function deliver(
  { store, send, nowMs }: MessagesOptions,
  user: User,
  kind: OneTimeTokenKind,
): Promise<void> {
  if (send === undefined) return
  const token = `ot_${randomBytes(32).toString('base64url')}`
  const expiresAt = Math.floor(nowMs() / 1000) + lifeSeconds[kind]
  const { id: userId, username, email, credentialVersion } = user
  await store.oneTimeTokens.insert({
    id: oneTimeTokenId(token),
    kind,
    userId,
    credentialVersion,
    email,
    expiresAt,
  })
  await send({ kind, userId, username, email, token, expiresAt })
}

/** Under what the store keeps a token. */
export function oneTimeTokenId(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
