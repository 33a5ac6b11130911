/** One decision about one session, and how several are judged in the order in which they came. */
import type { SessionChange, SessionProof, SessionWithUser } from '../store/session-store.ts'

/** What a decision comes to, and what it changes. */
export interface Judgement<Outcome> {
  readonly outcome: Outcome
  readonly change?: SessionChange
}

/** One decision about one session. Both functions are pure and may be called more than once. */
export interface SessionDecision<Outcome> {
  readonly sid: string
  /**
   * Looks at the session before anything is written. An outcome is final, and nothing is: what does not prove that it may
   * speak for the session never takes part in a group (P5).
   */
  admit(session: SessionProof | undefined): Outcome | undefined
  /** Judges the session as it is. @param clockMs the database's clock, where it has one of its own */
  judge(session: SessionWithUser, clockMs: number | undefined): Judgement<Outcome>
}

/** Somebody who waits for a decision. */
export interface Waiting {
  readonly decision: SessionDecision<unknown>
  readonly resolve: (outcome: unknown) => void
  readonly reject: (error: unknown) => void
}

export interface Judged {
  readonly waiting: Waiting
  /** Tells the one who asked; called once what it changes has been committed. */
  readonly answer: () => void
  readonly change?: SessionChange | undefined
}

/** Judges in the order of arrival; each sees what the earlier ones did. */
export function judgeInOrder(
  found: ReadonlyMap<string, SessionWithUser>,
  group: readonly Waiting[],
  clockMs: number | undefined,
): readonly Judged[] {
  const current = new Map(found)
  return group.map((waiting) => {
    const { decision, resolve, reject } = waiting
    try {
      const session = current.get(decision.sid)
      // Sessions are removed only long after they ended: one that was admitted a moment ago is still there.
      if (session === undefined) return { waiting, answer: () => resolve(decision.admit(undefined)) }
      const { outcome, change } = decision.judge(session, clockMs)
      if (change?.session !== undefined) {
        current.set(decision.sid, { ...change.session, user: session.user })
      }
      return { waiting, answer: () => resolve(outcome), change }
    } catch (error) {
      // A fault of ours in one decision must not undo the others.
      return { waiting, answer: () => reject(error) }
    }
  })
}

/** Those who are admitted; the others have their answer. */
export function admitAll(
  found: ReadonlyMap<string, SessionProof>,
  group: readonly Waiting[],
): readonly Waiting[] {
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

/** Each id once: a token that comes twice in a group is read once and written once (P22). */
export function idsOf(group: readonly Waiting[]): readonly string[] {
  return [...new Set(group.map(({ decision }) => decision.sid))]
}
