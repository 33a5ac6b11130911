/** Leaky buckets, charged and refunded by whole sets. */

/** A leaky bucket: `capacity` attempts at once, one more every `refillMs`. */
export interface Bucket {
  readonly key: string
  readonly capacity: number
  readonly refillMs: number
}

/** The room of one drop, to be given back in every bucket that it was taken from. */
export interface Refund {
  readonly buckets: readonly Bucket[]
  readonly nowMs: number
}

export interface ThrottleStore {
  /** Takes one drop's room in every bucket, or in none. Returns 0, or the milliseconds until there is room. */
  charge(buckets: readonly Bucket[], nowMs: number): Promise<number>
  /** Gives the room of one drop back. */
  refund(buckets: readonly Bucket[], nowMs: number): Promise<void>
}
