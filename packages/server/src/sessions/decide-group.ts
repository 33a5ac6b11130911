/**
 * How one group of decisions is made: where the store can compare and set, without waiting for anybody; what somebody else
 * is changing, and what has to be told in the same transaction, under locks (P14, P22).
 */
import type { Revocation, Session, SessionStore } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import type { LiveRevocations } from './live-revocations.ts'
import type { Judged, Waiting } from './session-decision.ts'
import { admitAll, idsOf, judgeInOrder } from './session-decision.ts'

export interface GroupParts {
  readonly sessions: Pick<SessionStore, 'findProofs' | 'change' | 'compareAndSet'>
  readonly revocations: Pick<LiveRevocations, 'add'>
}

/** @returns why the database could not even be asked, where that is so */
export async function decideGroup(
  parts: GroupParts,
  group: readonly Waiting[],
): Promise<StoreError | undefined> {
  let left = group
  try {
    left = await decideUnlocked(parts, group)
    const admitted = left.length === 0 ? [] : admitAll(await parts.sessions.findProofs(idsOf(left)), left)
    return await decideLocked(parts, admitted)
  } catch (error) {
    for (const { reject } of left) reject(error)
    return outageOf(error)
  }
}

/**
 * Judges sessions as they were read and writes those that still are. The rest comes back: sessions that somebody else is
 * changing, and those whose changes tell something, in the order in which they came.
 */
async function decideUnlocked(
  { sessions: { compareAndSet } }: GroupParts,
  group: readonly Waiting[],
): Promise<readonly Waiting[]> {
  if (compareAndSet === undefined) return group
  let judged: readonly Judged[] = []
  let open: ReadonlySet<string> = new Set()
  try {
    const written = await compareAndSet(idsOf(group), (found, clockMs) => {
      judged = judgeInOrder(found, admitAll(found, group), clockMs)
      const { told, changed } = sortChanges(judged)
      open = new Set([...told, ...changed.keys()])
      return [...changed.values()]
    })
    open = new Set([...open].filter((sid) => !written.has(sid)))
  } catch (error) {
    // What one row cannot take is found out under locks, where it harms nobody else.
    if (!(error instanceof StoreError) || error.phase !== 'statement') throw error
    return judged.length === 0 ? group : judged.map(({ waiting }) => waiting)
  }
  const isOpen = ({ waiting }: Judged): boolean => open.has(waiting.decision.sid)
  for (const one of judged) if (!isOpen(one)) one.answer()
  return judged.filter(isOpen).map(({ waiting }) => waiting)
}

/** The sessions about which something is told, and the last state of each of the others that changes. */
function sortChanges(judged: readonly Judged[]) {
  const told = new Set<string>()
  const changed = new Map<string, Session>()
  for (const { waiting, change } of judged) {
    if (change === undefined) continue
    const { sid } = waiting.decision
    if (change.revocation !== undefined || change.event !== undefined) told.add(sid)
    if (change.session !== undefined) changed.set(sid, change.session)
  }
  for (const sid of told) changed.delete(sid)
  return { told, changed }
}

async function decideLocked(
  parts: GroupParts,
  admitted: readonly Waiting[],
): Promise<StoreError | undefined> {
  if (admitted.length === 0) return undefined
  try {
    await commitTogether(parts, admitted)
  } catch (error) {
    const isAlone = admitted.length === 1
    if (isAlone || !(error instanceof StoreError) || error.phase !== 'statement') throw error
    for (const item of admitted) await commitTogether(parts, [item]).catch(item.reject)
  }
  return undefined
}

async function commitTogether(
  { sessions, revocations }: GroupParts,
  group: readonly Waiting[],
): Promise<void> {
  let judged: readonly Judged[] = []
  const entries: readonly Revocation[] = await sessions.change(idsOf(group), (found, clockMs) => {
    judged = judgeInOrder(found, group, clockMs)
    return judged.flatMap(({ change }) => (change === undefined ? [] : [change]))
  })
  revocations.add(entries)
  for (const { answer } of judged) answer()
}

function outageOf(error: unknown): StoreError | undefined {
  return error instanceof StoreError && error.isOutage ? error : undefined
}
