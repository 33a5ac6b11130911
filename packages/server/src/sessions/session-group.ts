/**
 * Group commit (P14): decisions about sessions that arrive together share one transaction, so
 * that one sync to the disk serves them all. They are judged in the order of arrival, each seeing what the earlier
 * ones did. Verdicts are values: a refusal is committed like everything else. Only a storage error undoes the group,
 * and then each decision is tried alone, so that one bad row harms nobody else.
 *
 * Nobody is answered before COMMIT has returned.
 */
import type { StoreError } from '../store/store-error.ts'
import type { GroupParts } from './decide-group.ts'
import { decideGroup } from './decide-group.ts'
import type { LiveRevocations } from './live-revocations.ts'
import type { SessionDecision, Waiting } from './session-decision.ts'

export interface SessionGroup {
  /** @throws {StoreError} when the database could not do it; then nothing was changed for this decision */
  decide<Outcome>(decision: SessionDecision<Outcome>): Promise<Outcome>
  /** Resolves when everything that was asked has been decided. */
  drain(): Promise<void>
}

/** Bounds how long one group holds the write lock. */
const largestGroup = 256

/** More than a database does in the seconds for which somebody waits: whoever comes then is told so at once. */
const mostWaiting = 8192

/** Where groups do not wait for one another: one is judged and answered while the other is on its way. */
const mostAtOnce = 2

/** Too many decisions wait already. */
export class SessionGroupBusy extends Error {
  override readonly name = 'SessionGroupBusy'
}

export function createSessionGroup(
  sessions: GroupParts['sessions'],
  revocations: Pick<LiveRevocations, 'add'>,
): SessionGroup {
  const parts = { sessions, revocations }
  let free = sessions.compareAndSet === undefined ? 1 : mostAtOnce
  const queue = createQueue()
  const working = new Set<Promise<void>>()

  const work = async (): Promise<void> => {
    await quiet(queue.size)
    for (let group = queue.take(); group.length > 0; group = queue.take()) {
      const outage = await decideGroup(parts, group)
      queue.release(group)
      // A database that is away is away for all: nobody waits for it twice.
      if (outage !== undefined) queue.rejectAll(outage)
    }
    // In the same turn as the last look: whoever comes after it starts another.
    free += 1
  }
  const start = (): void => {
    free -= 1
    const worker = work().finally(() => working.delete(worker))
    working.add(worker)
  }
  return {
    decide: <Outcome>(decision: SessionDecision<Outcome>) =>
      new Promise<Outcome>((resolve, reject) => {
        queue.add({ decision, resolve: resolve as Waiting['resolve'], reject })
        if (free > 0) start()
      }),
    drain: async () => {
      while (working.size > 0) await Promise.all(working)
    },
  }
}

/** A group that waits longer saves nothing that the wait does not cost. */
const mostTurns = 8

/**
 * Resolves when a turn of the event loop brought no more decisions: in one turn the loop reads every socket that was ready, and
 * what is sent meanwhile comes in the next. Under load groups become larger by that, and a commit serves more of them; alone
 * it costs an empty turn.
 */
async function quiet(count: () => number): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns += 1) {
    const before = count()
    await new Promise((resolve) => setImmediate(resolve))
    if (count() === before || before >= largestGroup) return
  }
}

/** Who waits, in the order of arrival. What concerns one session is never in two groups at once. */
function createQueue() {
  let waiting: Waiting[] = []
  const busy = new Set<string>()
  return {
    size: (): number => waiting.length,
    add: (one: Waiting): void => {
      if (waiting.length >= mostWaiting) throw new SessionGroupBusy('too many refreshes wait already')
      waiting.push(one)
    },
    take: (): readonly Waiting[] => {
      const group: Waiting[] = []
      const later: Waiting[] = []
      for (const one of waiting) {
        const isNow = group.length < largestGroup && !busy.has(one.decision.sid)
        ;(isNow ? group : later).push(one)
      }
      waiting = later
      for (const { decision } of group) busy.add(decision.sid)
      return group
    },
    release: (group: readonly Waiting[]): void => {
      for (const { decision } of group) busy.delete(decision.sid)
    },
    rejectAll: (error: StoreError): void => {
      const all = waiting
      waiting = []
      for (const { reject } of all) reject(error)
    },
  }
}
