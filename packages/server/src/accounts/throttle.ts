/**
 * Limits guesses at passwords: per name and address, per name, per address, and over all. Charged before anything is
 * hashed and refunded when the password was right, so that an honest person is never counted. Kept in the store, so
 * that a restart forgives nothing. A device that signed in before pays for itself alone (P15).
 */
import { createHmac } from 'node:crypto'
import { StoreError } from '../store/store-error.ts'
import type { Bucket, Refund, ThrottleStore } from '../store/store.ts'
import { normaliseUsername } from './username.ts'

/** One attempt that was let through. */
export interface Attempt {
  /** The password was right: the attempt does not count. */
  refund(): Promise<void>
  /** The same, in a transaction that is written anyway. */
  refundWith<Result>(write: (refund: Refund) => Promise<Result>): Promise<Result>
}

export type ThrottleVerdict =
  | { readonly ok: true; readonly attempt: Attempt }
  | { readonly ok: false; readonly retryAfterSeconds: number }

export interface Throttle {
  /**
   * Charges one attempt at the password of a name, which may or may not exist, from an address prefix.
   *
   * @param deviceId What a known device of this account is called: no other count then stands against it.
   */
  charge(username: string, addressPrefix: string, deviceId?: string): Promise<ThrottleVerdict>
  /** Charges a message to whoever has this name, which may or may not exist. It is never refunded. */
  chargeMessage(username: string, addressPrefix: string): Promise<ThrottleVerdict>
}

interface Limit {
  readonly capacity: number
  readonly refillMs: number
}

/**
 * No wait that a limit causes is longer than its own refill: no account is kept from its owner for more than 15 minutes
 * after the last guess. What can be guessed of one account from everywhere is a hundred at once (NIST SP 800-63B-4
 * §3.2.2), then four an hour; from one place it is fewer than that, so that one place alone never closes an account to
 * the others.
 */
const limits = {
  nameAndAddress: { capacity: 10, refillMs: 30_000 },
  nameAndAddressLong: { capacity: 30, refillMs: 900_000 },
  name: { capacity: 100, refillMs: 900_000 },
  address: { capacity: 300, refillMs: 1000 },
  all: { capacity: 1000, refillMs: 50 },
  device: { capacity: 10, refillMs: 30_000 },
  deviceLong: { capacity: 100, refillMs: 900_000 },
  message: { capacity: 3, refillMs: 1_200_000 },
} satisfies Record<string, Limit>

export interface ThrottleOptions {
  readonly store: ThrottleStore
  /** Names appear in the store under this key only. */
  readonly key: Buffer
  readonly nowMs: () => number
}

export function createThrottle({ store, key, nowMs }: ThrottleOptions): Throttle {
  const digest = (...parts: readonly string[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
  const bucket = (limit: keyof typeof limits, of: string): Bucket => ({
    key: `${limit}:${of}`,
    ...limits[limit],
  })
  const everybody = bucket('all', digest())
  const attemptAt = (buckets: readonly Bucket[]): Attempt => {
    const refund = (): Promise<void> => store.refund(buckets, nowMs())
    return {
      refund,
      refundWith: async (write) => {
        try {
          return await write({ buckets, nowMs: nowMs() })
        } catch (error) {
          // What the database could not write, it could not write alone either.
          if (!(error instanceof StoreError)) await refund()
          throw error
        }
      },
    }
  }
  const charge = async (buckets: readonly Bucket[]): Promise<ThrottleVerdict> => {
    const waitMs = await store.charge(buckets, nowMs())
    if (waitMs > 0) return { ok: false, retryAfterSeconds: Math.ceil(waitMs / 1000) }
    return { ok: true, attempt: attemptAt(buckets) }
  }
  return {
    charge: (username, addressPrefix, deviceId) => {
      if (deviceId !== undefined) {
        const device = digest(deviceId)
        return charge([bucket('device', device), bucket('deviceLong', device)])
      }
      const name = normaliseUsername(username)
      const nameAndAddress = digest(name, addressPrefix)
      return charge([
        bucket('nameAndAddress', nameAndAddress),
        bucket('nameAndAddressLong', nameAndAddress),
        bucket('name', digest(name)),
        bucket('address', digest(addressPrefix)),
        everybody,
      ])
    },
    chargeMessage: (username, addressPrefix) =>
      charge([
        bucket('message', digest(normaliseUsername(username))),
        bucket('address', digest(addressPrefix)),
        everybody,
      ]),
  }
}

/** The throttle of a server under a load test. */
export const noThrottle: Throttle = {
  charge: async () => ({ ok: true, attempt: freeAttempt }),
  chargeMessage: async () => ({ ok: true, attempt: freeAttempt }),
}

const freeAttempt: Attempt = {
  refund: async () => undefined,
  refundWith: (write) => write({ buckets: [], nowMs: 0 }),
}
