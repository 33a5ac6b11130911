/** Waiting that keeps no process alive and ends at once when nobody follows any more. */

/** Resolves after a time, or when the signal is aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

export const pause: Pause = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = startTimer(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })

/** Ends a request when nothing was heard for a time, or nobody follows any more. */
export interface Silence {
  readonly signal: AbortSignal
  /** Something was heard. */
  heard(): void
  close(): void
}

export function createSilence(ms: number, stopping: AbortSignal): Silence {
  const controller = new AbortController()
  const abort = (): void => controller.abort(new Error('revocation feed: nothing was heard for too long'))
  let timer = startTimer(abort, ms)
  stopping.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer)
      timer = startTimer(abort, ms)
    },
    close: () => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', abort)
    },
  }
}

/**
 * What comes of some work, unless the signal is aborted before. A request that was given the signal may never notice: where
 * nobody else holds the signal, Node forgets by its next collection of garbage whom it has to tell.
 *
 * @throws the reason of the signal
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function startTimer(done: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(done, ms)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
