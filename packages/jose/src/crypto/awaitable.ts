/**
 * A value now or later. Where the runtime has synchronous cryptography the whole engine runs synchronously, through
 * the same code that awaits elsewhere: one order of checks, written once.
 */
export type Awaitable<T> = T | Promise<T>

/** Goes on with a value: at once when it is there, after it when it is a promise. */
export function chain<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** A value that may be a promise of another realm or library, as a value or one of ours: `instanceof` knows ours alone. */
export function settle<T>(value: T | PromiseLike<T>): Awaitable<T> {
  if (value instanceof Promise) return value
  const isLater =
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  return isLater ? Promise.resolve(value) : (value as T)
}
