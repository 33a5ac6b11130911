/** One at a time, also across the tabs of a browser (Web Locks). */

/** The part of `navigator.locks` that the client uses. */
export interface Locks {
  request<Result>(name: string, task: () => Promise<Result>): Promise<Result>
}

/** Runs a task when no other task of this name runs in any tab. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * A lock of this name. Without Web Locks (Node, a page over plain http) the tasks of this client still take turns.
 */
export function createLock(name: string, locks: Locks | null): Lock {
  if (locks !== null) return (task) => locks.request(name, task)
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const turn = last.then(task)
    last = turn.catch(() => {})
    return turn
  }
}
