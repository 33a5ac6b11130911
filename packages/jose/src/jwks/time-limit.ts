/** Waiting for somebody else, within bounds. */

/** What the work gives, unless it takes longer; then a `TimeoutError`, whether or not the work looks at its signal. */
export async function withinTime<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  const expired = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  // A function of its own, so that work which throws at once leaves nothing behind that nobody waits for.
  const done = (async () => work(signal))()
  return Promise.race([done, expired])
}
