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

function startTimer(done: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(done, ms)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}
