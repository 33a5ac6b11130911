/**
 * A bounded pool for work that takes a core for milliseconds (P15): as much runs at once as there are cores, some waits a
 * short while, and the rest is told to come back. What has waited too long is dropped before it begins, because nobody is
 * waiting for it any more.
 *
 * Devices that signed in before have a slot and a queue that strangers cannot take. Of either queue one network holds a
 * quarter at most, and the slots go round: the next is for the network of which the fewest are being hashed, and of equals
 * for the one whose turn was longest ago. A flood delays others by one hash for each network that it comes from.
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
  /** Of each network that has something here. */
  readonly networks: Map<string | undefined, Network>
  running: number
  /** How many have begun. */
  turns: number
}

interface Network {
  running: number
  /** The last turn that it had; 0: none since it came. */
  lastTurn: number
}

/** The part of a queue that one network may have. */
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
      while (lane.waiting.length > 0 && isFree(lane)) takeFairly(lane).start()
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
      if (isFree(lane)) begin(lane, share)
      else await waitIn(lane, share, queueMs)
      try {
        return await work()
      } finally {
        end(lane, share)
        startWaiting()
      }
    },
  }
}

function createLane(queueLimit: number): Lane {
  return { waiting: [], queueLimit, networks: new Map(), running: 0, turns: 0 }
}

function begin(lane: Lane, share: string | undefined): void {
  lane.running += 1
  lane.turns += 1
  const running = (lane.networks.get(share)?.running ?? 0) + 1
  lane.networks.set(share, { running, lastTurn: lane.turns })
}

function end(lane: Lane, share: string | undefined): void {
  lane.running -= 1
  const network = lane.networks.get(share)
  if (network === undefined) return
  network.running -= 1
  forgetIdle(lane, share)
}

/** Nothing is kept of a network that asks for nothing. */
function forgetIdle({ networks, waiting }: Lane, share: string | undefined): void {
  if (networks.get(share)?.running === 0 && waiting.every((one) => one.share !== share))
    networks.delete(share)
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
        begin(lane, share)
        resolve()
      },
    }
    const deadline = setTimeout(() => {
      waiting.splice(waiting.indexOf(one), 1)
      forgetIdle(lane, share)
      reject(new HasherBusy('the password waited too long for its turn'))
    }, queueMs)
    waiting.push(one)
  })
}

/** The first of the network whose turn it is. Work of the operator, which is of no network, comes before all. */
function takeFairly({ waiting, networks }: Lane): Waiting {
  const rankOf = ({ share }: Waiting): readonly [number, number] => {
    const network = share === undefined ? undefined : networks.get(share)
    return [network?.running ?? 0, network?.lastTurn ?? 0]
  }
  let [next, least] = [0, rankOf(waiting[0]!)]
  for (const [index, one] of waiting.entries()) {
    const rank = rankOf(one)
    if (rank[0] < least[0] || (rank[0] === least[0] && rank[1] < least[1])) [next, least] = [index, rank]
  }
  return waiting.splice(next, 1)[0]!
}
