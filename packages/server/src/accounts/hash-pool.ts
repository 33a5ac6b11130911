/**
 * A bounded pool for work that takes a core for milliseconds (P15): as much runs at once as there are cores, some waits a
 * short while, and the rest is told to come back. What has waited too long is dropped before it begins, because nobody is
 * waiting for it any more.
 *
 * Devices that signed in before have a slot and a queue that strangers cannot take. Of either queue one network holds a
 * quarter at most, and of the slots more than a quarter only while nobody else waits: a flood from one place delays
 * others by one hash.
 */
import { availableParallelism } from 'node:os'

/** Whose work it is. */
export interface HashTurn {
  /** The network that it came from. Absent: work of the operator, which shares with nobody. */
  readonly share?: string
  /** A device that signed in before. Default false. */
  readonly isKnown?: boolean
}

export interface HashPool {
  /** @throws {HasherBusy} */
  run<Result>(work: () => Promise<Result>, turn?: HashTurn): Promise<Result>
  /** Says no before anything else has been spent on the attempt. @throws {HasherBusy} when `run` would, now */
  expectRoom(turn: HashTurn): void
}

/** Too many passwords are being hashed. Nothing was done. */
export class HasherBusy extends Error {
  override readonly name = 'HasherBusy'
}

export interface HashPoolOptions {
  /** Hashes at once. Default one a core. A quarter as many again, one at least, are for known devices. */
  readonly concurrency?: number
  /** How many may wait. Default 128 a core, which it hashes in about the time; and a quarter as many known devices. */
  readonly queueLimit?: number
  /** How long one may wait, in milliseconds. Default 4000. */
  readonly queueMs?: number
  /** Whether networks have shares. Default true; false for load tests, which come from one place. */
  readonly sharesFairly?: boolean
}

interface Waiting {
  readonly share: string | undefined
  readonly start: () => void
}

interface Lane {
  readonly waiting: Waiting[]
  readonly queueLimit: number
  readonly runningOf: Map<string | undefined, number>
  running: number
}

/** The part of slots and queues that one network may have. */
const largestShare = 4

const quarter = (count: number): number => Math.max(1, Math.floor(count / largestShare))

export function createHashPool({
  concurrency = availableParallelism(),
  queueLimit = 128 * availableParallelism(),
  queueMs = 4000,
  sharesFairly = true,
}: HashPoolOptions): HashPool {
  const reserved = concurrency === 0 ? 0 : Math.max(1, Math.ceil(concurrency / largestShare))
  const strangers = createLane(queueLimit)
  const known = createLane(Math.ceil(queueLimit / largestShare))

  /** Known devices take their own slot first: strangers lose one only to those beyond it. */
  const isFree = (lane: Lane): boolean =>
    lane === known
      ? strangers.running + known.running < concurrency + reserved
      : strangers.running + Math.max(0, known.running - reserved) < concurrency

  const startWaiting = (): void => {
    for (const lane of [known, strangers]) {
      while (lane.waiting.length > 0 && isFree(lane)) takeFairly(lane, quarter(concurrency)).start()
    }
  }
  const placeOf = ({ share, isKnown = false }: HashTurn) =>
    ({ lane: isKnown ? known : strangers, share: sharesFairly ? share : undefined }) as const
  return {
    expectRoom: (turn) => {
      const { lane, share } = placeOf(turn)
      const fault = isFree(lane) ? undefined : queueFault(lane, share)
      if (fault !== undefined) throw fault
    },
    run: async (work, turn = {}) => {
      const { lane, share } = placeOf(turn)
      // Counted before anything is awaited: calls of one tick must see each other.
      if (isFree(lane)) count(lane, share, 1)
      else await waitIn(lane, share, queueMs)
      try {
        return await work()
      } finally {
        count(lane, share, -1)
        startWaiting()
      }
    },
  }
}

function createLane(queueLimit: number): Lane {
  return { waiting: [], queueLimit, runningOf: new Map(), running: 0 }
}

function count(lane: Lane, share: string | undefined, change: number): void {
  lane.running += change
  const running = (lane.runningOf.get(share) ?? 0) + change
  if (running === 0) lane.runningOf.delete(share)
  else lane.runningOf.set(share, running)
}

/** Why nobody of a network can wait any more. */
function queueFault({ waiting, queueLimit }: Lane, share: string | undefined): HasherBusy | undefined {
  if (waiting.length >= queueLimit) return new HasherBusy('the queue of passwords is full')
  const held = share === undefined ? 0 : waiting.filter((one) => one.share === share).length
  if (held < quarter(queueLimit)) return undefined
  return new HasherBusy('the queue of passwords is full for this network')
}

/** Resolves when the work may begin, and is counted by then. */
function waitIn(lane: Lane, share: string | undefined, queueMs: number): Promise<void> {
  const { waiting } = lane
  const fault = queueFault(lane, share)
  if (fault !== undefined) return Promise.reject(fault)
  return new Promise((resolve, reject) => {
    const one: Waiting = {
      share,
      start: () => {
        clearTimeout(deadline)
        count(lane, share, 1)
        resolve()
      },
    }
    const deadline = setTimeout(() => {
      waiting.splice(waiting.indexOf(one), 1)
      reject(new HasherBusy('the password waited too long for its turn'))
    }, queueMs)
    waiting.push(one)
  })
}

/** The first of a network that has less than its share of the slots, or the first of all. */
function takeFairly({ waiting, runningOf }: Lane, slots: number): Waiting {
  const fair = waiting.findIndex(({ share }) => share === undefined || (runningOf.get(share) ?? 0) < slots)
  return waiting.splice(Math.max(0, fair), 1)[0]!
}
