/**
 * Group commit (P14): decisions about sessions that arrive together share one transaction, so
 * that one sync to the disk serves them all. They are judged in the order of arrival, each seeing what the earlier
 * ones did. Verdicts are values: a refusal is committed like everything else. Only a storage error undoes the group,
 * and then each decision is tried alone, so that one bad row harms nobody else.
 *
 * Nobody is answered before COMMIT has returned.
 */
import type {
  Revocation,
  SessionChange,
  SessionProof,
  SessionStore,
  SessionWithUser,
} from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import type { LiveRevocations } from './live-revocations.ts'

/** What a decision comes to, and what it changes. */
export interface Judgement<Outcome> {
  readonly outcome: Outcome
  readonly change?: SessionChange
}

/** One decision about one session. Both functions are pure and may be called more than once. */
export interface SessionDecision<Outcome> {
  readonly sid: string
  /**
   * Looks at the session before any transaction is opened. An outcome is final, and nothing is written: what does not
   * prove that it may speak for the session never takes part in a group (P5).
   */
  admit(session: SessionProof | undefined): Outcome | undefined
  /** Judges inside the transaction. @param clockMs the database's clock, where it has one of its own */
  judge(session: SessionWithUser, clockMs: number | undefined): Judgement<Outcome>
}

export interface SessionGroup {
  /** @throws {StoreError} when the database could not do it; then nothing was changed for this decision */
  decide<Outcome>(decision: SessionDecision<Outcome>): Promise<Outcome>
  /** Resolves when everything that was asked has been decided. */
  drain(): Promise<void>
}

interface Waiting {
  readonly decision: SessionDecision<unknown>
  readonly resolve: (outcome: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Bounds how long one group holds the write lock. */
const largestGroup = 256

/** More than a database does in the seconds for which somebody waits: whoever comes then is told so at once. */
const mostWaiting = 8192

/** Too many decisions wait already. */
export class SessionGroupBusy extends Error {
  override readonly name = 'SessionGroupBusy'
}

export function createSessionGroup(
  sessions: SessionStore,
  revocations: Pick<LiveRevocations, 'add'>,
): SessionGroup {
  let waiting: Waiting[] = []
  let working: Promise<void> | undefined

  const work = async (): Promise<void> => {
    await quiet(() => waiting.length)
    while (waiting.length > 0) {
      const group = waiting.slice(0, largestGroup)
      waiting = waiting.slice(largestGroup)
      const outage = await decideGroup(sessions, revocations, group)
      // A database that is away is away for all: nobody waits for it twice.
      if (outage !== undefined) for (const { reject } of waiting.splice(0)) reject(outage)
    }
    working = undefined
  }
  return {
    decide: <Outcome>(decision: SessionDecision<Outcome>) =>
      new Promise<Outcome>((resolve, reject) => {
        if (waiting.length >= mostWaiting) throw new SessionGroupBusy('too many refreshes wait already')
        waiting.push({ decision, resolve: resolve as Waiting['resolve'], reject })
        working ??= work()
      }),
    drain: async () => {
      while (working !== undefined) await working
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

/** @returns why the database could not even be asked, where that is so */
async function decideGroup(
  sessions: SessionStore,
  revocations: Pick<LiveRevocations, 'add'>,
  group: readonly Waiting[],
): Promise<StoreError | undefined> {
  let admitted: readonly Waiting[]
  try {
    admitted = await admitAll(sessions, group)
  } catch (error) {
    for (const { reject } of group) reject(error)
    return outageOf(error)
  }
  if (admitted.length === 0) return undefined
  try {
    await commitTogether(sessions, revocations, admitted)
  } catch (error) {
    const isAlone = admitted.length === 1
    if (isAlone || !(error instanceof StoreError) || error.phase !== 'statement') {
      for (const { reject } of admitted) reject(error)
      return outageOf(error)
    }
    for (const item of admitted) {
      await commitTogether(sessions, revocations, [item]).catch(item.reject)
    }
  }
  return undefined
}

function outageOf(error: unknown): StoreError | undefined {
  return error instanceof StoreError && error.isOutage ? error : undefined
}

async function admitAll(sessions: SessionStore, group: readonly Waiting[]): Promise<readonly Waiting[]> {
  const found = await sessions.findProofs(idsOf(group))
  return group.filter(({ decision, resolve, reject }) => {
    try {
      const outcome = decision.admit(found.get(decision.sid))
      if (outcome === undefined) return true
      resolve(outcome)
    } catch (error) {
      reject(error)
    }
    return false
  })
}

async function commitTogether(
  sessions: SessionStore,
  revocations: Pick<LiveRevocations, 'add'>,
  group: readonly Waiting[],
): Promise<void> {
  let answers: readonly (() => void)[] = []
  const entries: readonly Revocation[] = await sessions.change(idsOf(group), (found, clockMs) => {
    const judged = judgeInOrder(found, group, clockMs)
    answers = judged.map(({ answer }) => answer)
    return judged.flatMap(({ change }) => (change === undefined ? [] : [change]))
  })
  revocations.add(entries)
  for (const answer of answers) answer()
}

interface Judged {
  /** Tells the one who asked; called after COMMIT. */
  readonly answer: () => void
  readonly change?: SessionChange | undefined
}

function judgeInOrder(
  found: ReadonlyMap<string, SessionWithUser>,
  group: readonly Waiting[],
  clockMs: number | undefined,
): readonly Judged[] {
  const current = new Map(found)
  return group.map(({ decision, resolve, reject }) => {
    try {
      const session = current.get(decision.sid)
      // Sessions are removed only long after they ended: one that was admitted a moment ago is still there.
      if (session === undefined) return { answer: () => resolve(decision.admit(undefined)) }
      const { outcome, change } = decision.judge(session, clockMs)
      if (change?.session !== undefined) {
        current.set(decision.sid, { ...change.session, user: session.user })
      }
      return { answer: () => resolve(outcome), change }
    } catch (error) {
      // A fault of ours in one decision must not undo the others.
      return { answer: () => reject(error) }
    }
  })
}

/** Each id once: a token that comes twice in a group is read once and written once (P22). */
function idsOf(group: readonly Waiting[]): readonly string[] {
  return [...new Set(group.map(({ decision }) => decision.sid))]
}
