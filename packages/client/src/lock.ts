/** One at a time, also across the tabs of a browser (Web Locks). */

/** The part of `navigator.locks` that the client uses. */
export interface Locks {
  /** Runs a task when no other task of this name runs; at once and with `null` where `ifAvailable` asked and one does. */
  request<Result>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    task: (lock: unknown) => Promise<Result>,
  ): Promise<Result>
}

/**
 * Runs a task when no other task of this name runs in any tab.
 *
 * @param task told whether another one had its turn between the call and this
 */
export type Lock = <Result>(task: (hasWaited: boolean) => Promise<Result>) => Promise<Result>

/**
 * A lock of this name. Without Web Locks (Node, a page over plain http) the tasks of this client still take turns.
 */
export function createLock(name: string, locks: Locks | null): Lock {
  if (locks !== null) return (task) => takeTurn(name, locks, task)
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const turn = last.then(() => task(false))
    last = turn.catch(() => {})
    return turn
  }
}

const taken = Symbol('taken')

async function takeTurn<Result>(
  name: string,
  locks: Locks,
  task: (hasWaited: boolean) => Promise<Result>,
): Promise<Result> {
  const attempt = (lock: unknown): Promise<Result | typeof taken> =>
    lock === null ? Promise.resolve(taken) : task(false)
  const result = await locks.request(name, { ifAvailable: true }, attempt)
  return result === taken ? locks.request(name, {}, () => task(true)) : result
}
